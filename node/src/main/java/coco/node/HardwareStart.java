package coco.node;

import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.Genesis;
import coco.governance.NodeEntry;
import coco.node.config.Configuration;
import coco.node.config.Key;
import coco.node.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A start on hardware is always a rejoin: sealing gives no freshness, so what a node was before its process ended
 * cannot be continued. It makes new keys, which never touch a disk, and with them a new name and a new place in
 * consensus; its owner signs the entry, members admit it in the place of the old one, and it votes only after that. Of
 * its earlier life it keeps the journal, which is verified as if another had sent it, and nothing else.
 */
final class HardwareStart {
    private static final Logger LOG = LoggerFactory.getLogger(HardwareStart.class);

    /** Of the identity certificate, which names a key and proves nothing; evidence has the lease. */
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);

    /** Of the key, in hexadecimal, behind the configured id: enough that a name never comes twice. */
    private static final int NAME_DIGITS = 8;

    private static final int ID_CHARACTERS_MAX = 32;

    private final Configuration configuration;
    private final Machine machine;
    private final NodePlatform platform;
    private final NodeFolder folder;

    HardwareStart(Configuration configuration, Machine machine, NodePlatform platform, NodeFolder folder) {
        this.configuration = configuration;
        this.machine = machine;
        this.platform = platform;
        this.folder = folder;
    }

    /** Makes the folders where they are missing. */
    void prepare() {
        LOG.info(
                "platform {}, measurement {}",
                platform.kind().label(),
                Hex.encode(platform.attester().measurement()));
        try {
            Files.createDirectories(keysFolder());
            if (!folder.isMade()) {
                folder.create();
            }
        } catch (IOException failed) {
            throw new NodeException("the node's folders cannot be made: " + failed.getMessage(), failed);
        }
        folder.checkFormat();
    }

    /**
     * Begins a life: founds the network, or becomes one who will ask to join it.
     *
     * @throws NodeException if the configuration lacks what an entry needs, or the network is of another kind
     */
    NodeLife begin() {
        forgetEarlierLife();
        KeyPair signing = P256.generate(machine.random());
        KeyPair wrapping = P256.generate(machine.random());
        X509Certificate identity = identity(signing);
        NodeEntry self = signed(entry(identity, wrapping.getPublic()));
        Path genesisFile = configuration.get(Keys.NODE_GENESIS_FILE);
        Path draft = configuration.get(Keys.NODE_FOUNDING_FILE);
        Genesis genesis = Files.exists(genesisFile) || draft.equals(Keys.NO_PATH)
                ? NodeStart.genesis(configuration)
                : Founding.alone(
                        draft,
                        self,
                        folder,
                        genesisFile,
                        configuration.get(Keys.NODE_SERVICE_CERTIFICATE_FILE),
                        machine);
        return new NodeLife(
                platform,
                new NodeKeys(identity, signing.getPrivate(), wrapping.getPrivate()),
                NodeStart.constitution(configuration, genesis, self));
    }

    private X509Certificate identity(KeyPair signing) {
        String name = configuration.get(Keys.NODE_ID);
        String id = name + "-"
                + Hex.encode(Sha256.hash(signing.getPublic().getEncoded())).substring(0, NAME_DIGITS);
        if (id.length() > ID_CHARACTERS_MAX) {
            throw new NodeException("node.id: on hardware at most " + (ID_CHARACTERS_MAX - NAME_DIGITS - 1)
                    + " characters, since each start adds some of its key");
        }
        Instant now = machine.clock().instant();
        return Certificates.selfIssued(
                signing.getPrivate(),
                new Certificates.EndEntity(
                        id,
                        signing.getPublic(),
                        List.of(given(Keys.NODE_HOST)),
                        now.minus(Founding.CLOCK_TOLERANCE),
                        now.plus(CERTIFICATE_LIFE),
                        Map.of()),
                machine.random());
    }

    private NodeEntry entry(X509Certificate identity, PublicKey wrapping) {
        return new NodeEntry(
                Certificates.commonName(identity),
                given(Keys.NODE_OWNER),
                given(Keys.NODE_HOST),
                configuration.get(Keys.RAFT_PORT),
                configuration.get(Keys.ADMINISTRATIVE_PORT),
                configuration.get(Keys.HTTPS_PORT),
                identity,
                wrapping,
                null);
    }

    private String given(Key<String> key) {
        String value = configuration.get(key);
        if (value.isEmpty()) {
            throw new NodeException(key.name() + " is missing: " + key.meaning());
        }
        return value;
    }

    private NodeEntry signed(NodeEntry unsigned) {
        try {
            return machine.owner().sign(unsigned, keysFolder());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NodeException("the start was interrupted before the owner had signed", stopped);
        }
    }

    private void forgetEarlierLife() {
        Path keys = keysFolder();
        try {
            for (Path file : List.of(
                    NodeKeys.entry(keys),
                    NodeKeys.unsignedEntry(keys),
                    NodeKeys.handover(keys),
                    NodeKeys.voters(keys),
                    folder.fetched())) {
                Files.deleteIfExists(file);
            }
            folder.forgetAllButJournal();
        } catch (IOException failed) {
            throw new NodeException("what an earlier start left cannot be deleted: " + failed.getMessage(), failed);
        }
    }

    private Path keysFolder() {
        return configuration.get(Keys.NODE_KEYS_DIRECTORY);
    }
}
