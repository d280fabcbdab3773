package coco.node;

import coco.attestation.Sealing;
import coco.attestation.simulated.SimulatedPlatform;
import coco.core.GenesisBlock;
import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.governance.Genesis;
import coco.governance.GenesisLimits;
import coco.governance.Manifest;
import coco.governance.Member;
import coco.governance.NodeEntry;
import coco.governance.NodeList;
import coco.governance.Participant;
import coco.governance.Preset;
import coco.journal.FileStorage;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.ServiceId;
import coco.ledgers.api.FoundingContext;
import coco.ledgers.api.Ledger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes a network on the simulated platform: service identity, node identities, genesis document and genesis block, and
 * for every node its keys folder and its data folder with a journal that holds that block. Afterwards each node starts
 * by itself from its configuration. Private keys touch the disk only sealed; the service's key exists nowhere else.
 */
public final class Founding {
    /** A clock that runs behind by this much still takes the certificates. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

    private Founding() {}

    /**
     * One node's place in the new network.
     *
     * @param id in the constitution
     * @param host at which other nodes reach it
     * @param applicationPort of HTTPS
     * @param names DNS names and addresses in its certificate, for clients
     * @param sealingKeyFile made if missing
     */
    public record Seat(
            String id,
            String host,
            int raftPort,
            int administrativePort,
            int applicationPort,
            List<String> names,
            Path dataDirectory,
            Path keysDirectory,
            Path sealingKeyFile) {
        public Seat {
            names = List.copyOf(names);
        }
    }

    /**
     * What is to be founded.
     *
     * @param ledgers ledger id to genesis document (JSON)
     * @param certificateLife of the service's certificate and of the nodes'
     */
    public record Plan(
            String service,
            Preset preset,
            List<Member> members,
            List<Participant> participants,
            List<Seat> seats,
            GenesisLimits limits,
            SortedMap<String, String> ledgers,
            Duration certificateLife) {
        public Plan {
            members = List.copyOf(members);
            participants = List.copyOf(participants);
            seats = List.copyOf(seats);
            ledgers = new TreeMap<>(ledgers);
        }
    }

    private record Made(Seat seat, NodeKeys keys, NodeEntry entry) {}

    /**
     * Founds the network.
     *
     * @param genesisFile where the genesis document goes, indented
     * @param serviceCertificateFile where the service's certificate goes
     * @return the genesis document
     * @throws NodeException if a folder is in use or cannot be written
     */
    public static Genesis found(
            Plan plan, Path genesisFile, Path serviceCertificateFile, InstantSource clock, SecureRandom random) {
        Instant now = clock.instant();
        Instant from = now.minus(CLOCK_TOLERANCE);
        Instant until = now.plus(plan.certificateLife());
        KeyPair service = P256.generate(random);
        X509Certificate authority = Certificates.selfSigned(plan.service(), service, from, until, random);
        List<Made> nodes = new ArrayList<>();
        for (Seat seat : plan.seats()) {
            nodes.add(makeNode(seat, authority, service, from, until, random));
        }
        Genesis genesis = new Genesis(
                plan.service(),
                plan.preset(),
                plan.members(),
                plan.participants(),
                new NodeList(nodes.stream().map(Made::entry).toList()),
                new Manifest(List.of(Manifest.SIMULATED), List.of()),
                plan.limits(),
                plan.ledgers());
        JournalEntry first = genesisBlock(genesis, authority, service, clock, random);
        try {
            NodeFiles.write(genesisFile, genesis.prettyJson().getBytes(StandardCharsets.UTF_8));
            NodeFiles.write(
                    serviceCertificateFile, Certificates.toPem(authority).getBytes(StandardCharsets.US_ASCII));
            byte[] serviceId = ServiceId.of(genesis.bytes(), service.getPublic());
            for (Made node : nodes) {
                settle(node, service, serviceId, first, random);
            }
        } catch (IOException failed) {
            throw new NodeException("the network cannot be written to disk: " + failed.getMessage(), failed);
        }
        return genesis;
    }

    private static Made makeNode(
            Seat seat, X509Certificate authority, KeyPair service, Instant from, Instant until, SecureRandom random) {
        KeyPair signing = P256.generate(random);
        KeyPair wrapping = P256.generate(random);
        X509Certificate certificate = Certificates.issue(
                authority, service.getPrivate(), seat.id(), signing.getPublic(), seat.names(), from, until, random);
        NodeEntry entry = new NodeEntry(
                seat.id(),
                seat.host(),
                seat.raftPort(),
                seat.administrativePort(),
                seat.applicationPort(),
                certificate,
                wrapping.getPublic());
        return new Made(seat, new NodeKeys(certificate, signing.getPrivate(), wrapping.getPrivate()), entry);
    }

    private static JournalEntry genesisBlock(
            Genesis genesis, X509Certificate authority, KeyPair service, InstantSource clock, SecureRandom random) {
        Ledgers found = Ledgers.of(genesis);
        List<Ledger> ledgers = found.factories().stream()
                .map(factory -> factory.create(new FoundingContext(found.document(factory.id()), clock)))
                .toList();
        List<GenesisBlock.Node> nodes = genesis.nodes().nodes().stream()
                .map(node -> new GenesisBlock.Node(node.id(), node.certificate(), node.wrappingKey()))
                .toList();
        return GenesisBlock.make(
                new GenesisBlock.Ingredients(
                        genesis.bytes(), nodes, authority, service, ledgers, found.documents(), clock.millis()),
                random);
    }

    private static void settle(Made node, KeyPair service, byte[] serviceId, JournalEntry first, SecureRandom random)
            throws IOException {
        Seat seat = node.seat();
        NodeFolder folder = new NodeFolder(seat.dataDirectory());
        folder.create();
        Sealing sealing = SimulatedPlatform.open(seat.sealingKeyFile(), seat.dataDirectory(), new byte[32], random)
                .sealing();
        node.keys().store(seat.keysDirectory(), seat.id(), sealing, service.getPrivate());
        switch (Journal.open(new FileStorage(folder.journal()), serviceId, JournalLimits.DEFAULT)) {
            case Journal.Opening.Ready ready -> {
                try (Journal journal = ready.journal()) {
                    journal.append(first);
                    journal.force();
                }
            }
            case Journal.Opening.Refused refused -> throw new NodeException(refused.words());
        }
    }
}
