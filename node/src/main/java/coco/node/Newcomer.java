package coco.node;

import coco.attestation.simulated.SimulatedPlatform;
import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.governance.NodeEntry;
import coco.governance.NodeTuple;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.Signer;
import coco.node.admission.NodeCertificates;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import coco.node.join.JoinAnswer;
import coco.node.join.OwnEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prepares a node that is to join a running network: makes its keys, and its entry, which its owner signs. Afterwards
 * the node is started from its configuration like any other, and joins by itself. And asks, without starting it, what
 * the network would say.
 */
public final class Newcomer {
    private Newcomer() {}

    /**
     * Makes keys folder and data folder; keeps what is there already, so that it may be called again.
     *
     * @param owner id of the actor that runs the node
     * @param signer the owner's key
     * @param life of the node's identity certificate
     * @return the entry, signed
     * @throws NodeException if a folder is in use or cannot be written
     */
    public static NodeEntry prepare(
            Founding.Seat seat, String owner, Signer signer, Duration life, InstantSource clock, SecureRandom random) {
        Path file = NodeKeys.entry(seat.keysDirectory());
        if (Files.exists(file)) {
            return OwnEntry.read(NodeFiles.read(file, NodeLimits.SMALL_FILE_BYTES_MAX, "node.keysDirectory"));
        }
        KeyPair signing = P256.generate(random);
        KeyPair wrapping = P256.generate(random);
        Instant now = clock.instant();
        X509Certificate identity = Certificates.selfIssued(
                signing.getPrivate(),
                new Certificates.EndEntity(
                        seat.id(),
                        signing.getPublic(),
                        seat.names(),
                        now.minus(Founding.CLOCK_TOLERANCE),
                        now.plus(life),
                        Map.of()),
                random);
        NodeEntry unsigned = entry(seat, owner, identity, wrapping, null);
        byte[] tuple = NodeTuple.payload(unsigned, signer.certificate());
        NodeEntry entry = entry(
                seat,
                owner,
                identity,
                wrapping,
                CoseSign1.sign(signer, NodeTuple.externalAad(), NodeTuple.CONTENT, tuple)
                        .bytes());
        try {
            new NodeFolder(seat.dataDirectory()).create();
            SimulatedPlatform platform =
                    SimulatedPlatform.open(seat.sealingKeyFile(), seat.dataDirectory(), new byte[32], random);
            new NodeKeys(identity, signing.getPrivate(), wrapping.getPrivate())
                    .store(seat.keysDirectory(), seat.id(), platform.sealing());
            NodeFiles.write(file, OwnEntry.write(entry));
        } catch (IOException failed) {
            throw new NodeException("the node cannot be written to disk: " + failed.getMessage(), failed);
        }
        return entry;
    }

    private static NodeEntry entry(
            Founding.Seat seat,
            String owner,
            X509Certificate identity,
            KeyPair wrapping,
            byte @Nullable [] ownerSignature) {
        return new NodeEntry(
                seat.id(),
                owner,
                seat.host(),
                seat.raftPort(),
                seat.administrativePort(),
                seat.applicationPort(),
                identity,
                wrapping.getPublic(),
                ownerSignature);
    }

    /**
     * What the network would say to a prepared node, check by check. Nothing is recorded, and nothing is fetched.
     *
     * @throws NodeException or a {@link coco.node.join.JoinException} if nobody can be asked
     */
    public static JoinAnswer diagnose(Configuration configuration, InstantSource clock, SecureRandom random)
            throws InterruptedException {
        if (Machine.platformOf(configuration).isHardware()) {
            throw new NodeException("attestation.platform: the keys of a node on hardware exist in its process only; it"
                    + " says in its log what the network answers");
        }
        NodeStart.Constitution constitution = NodeStart.constitution(configuration);
        NodePlatform platform = Machine.here(clock, random).open(configuration);
        NodeKeys keys = NodeStart.keys(configuration, constitution, platform, clock);
        NodeFolder folder = new NodeFolder(configuration.get(Keys.NODE_DATA_DIRECTORY));
        return new Joining(new Joining.Parts(
                        configuration,
                        constitution,
                        keys,
                        NodeCertificates.Identity.drawIncarnation(random),
                        platform,
                        folder,
                        clock,
                        random))
                .diagnose();
    }
}
