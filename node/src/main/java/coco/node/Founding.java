package coco.node;

import coco.attestation.Sealing;
import coco.attestation.simulated.ClassPathMeasurement;
import coco.attestation.simulated.SimulatedPlatform;
import coco.core.GenesisBlock;
import coco.core.Roster;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.governance.AccessDefaults;
import coco.governance.BlockLimits;
import coco.governance.CodeEntry;
import coco.governance.Constitution;
import coco.governance.EpochPolicy;
import coco.governance.Genesis;
import coco.governance.Member;
import coco.governance.NodeEntry;
import coco.governance.NodeList;
import coco.governance.Participant;
import coco.governance.PlatformEntry;
import coco.governance.Preset;
import coco.governance.ServiceStatus;
import coco.governance.document.DocumentException;
import coco.governance.ledger.GovernanceLedgerFactory;
import coco.governance.rules.Rule;
import coco.governance.rules.VotingRules;
import coco.journal.FileStorage;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.ServiceId;
import coco.ledgers.api.FoundingContext;
import coco.ledgers.api.Ledger;
import coco.node.config.Keys;
import coco.node.recovery.RecoveryMembers;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a network on the simulated platform: service identity, node identities, genesis document and genesis block, and
 * for every node its keys folder and its data folder with a journal that holds that block, and the history of another
 * network after it if there is to be one. Afterwards each node starts
 * by itself from its configuration. Private keys touch the disk only sealed; the service's key exists nowhere else.
 */
public final class Founding {
    /** A clock that runs behind by this much still takes the certificates. */
    static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

    /** As coco init has it where nothing else is said. */
    private static final Duration SERVICE_CERTIFICATE_LIFE = Duration.ofDays(365);

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
     * @param recoveryThreshold how many members with recovery keys recover together; 0 for none, in development
     * @param owners says whose each node is
     * @param access who may see and send what
     */
    public record Plan(
            String service,
            Preset preset,
            List<Member> members,
            List<Participant> participants,
            List<Seat> seats,
            BlockLimits limits,
            SortedMap<String, String> ledgers,
            Duration certificateLife,
            int recoveryThreshold,
            Owners owners,
            AccessDefaults access) {
        public Plan {
            members = List.copyOf(members);
            participants = List.copyOf(participants);
            seats = List.copyOf(seats);
            ledgers = new TreeMap<>(ledgers);
        }

        /** The same without recovery, with nodes that belong to nobody, and as open as the preset has it. */
        public Plan(
                String service,
                Preset preset,
                List<Member> members,
                List<Participant> participants,
                List<Seat> seats,
                BlockLimits limits,
                SortedMap<String, String> ledgers,
                Duration certificateLife) {
            this(
                    service,
                    preset,
                    members,
                    participants,
                    seats,
                    limits,
                    ledgers,
                    certificateLife,
                    0,
                    Owners.NOBODY,
                    AccessDefaults.of(preset));
        }
    }

    /** Gives nodes to actors, who sign for them: the keys of a node exist only once the network is being made. */
    @FunctionalInterface
    public interface Owners {
        /** Leaves nodes as they are. */
        Owners NOBODY = node -> node;

        /** The entry with its owner, and the owner's signature over {@link coco.governance.NodeTuple}. */
        NodeEntry claim(NodeEntry node);
    }

    /**
     * The history of another network, with which this one begins.
     *
     * @param ledger whose history it is
     * @param blocks how many blocks it has after the first one
     * @param stream opens it; read once, and closed
     * @param progress hears of each block that is made
     */
    public record History(String ledger, long blocks, Source stream, LongConsumer progress) {
        /** Opens the history. */
        @FunctionalInterface
        public interface Source {
            InputStream open() throws IOException;
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
        return found(plan, null, genesisFile, serviceCertificateFile, clock, random);
    }

    /**
     * The same for a network that begins with another one's history.
     *
     * @throws coco.ledgers.api.LedgerException if the history is not valid; the folders are then for nothing
     */
    public static Genesis found(
            Plan plan,
            @Nullable History history,
            Path genesisFile,
            Path serviceCertificateFile,
            InstantSource clock,
            SecureRandom random) {
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
                constitution(
                        plan,
                        nodes.stream()
                                .map(made -> plan.owners().claim(made.entry()))
                                .toList()),
                plan.ledgers());
        try {
            NodeFiles.write(genesisFile, genesis.prettyJson().getBytes(StandardCharsets.UTF_8));
            NodeFiles.write(
                    serviceCertificateFile, Certificates.toPem(authority).getBytes(StandardCharsets.US_ASCII));
            for (Made node : nodes) {
                settle(node, random);
            }
            List<Path> journals = nodes.stream()
                    .map(made -> new NodeFolder(made.seat().dataDirectory()).journal())
                    .toList();
            writeJournals(journals, genesis, new Service(authority, service), history, clock, random);
        } catch (IOException failed) {
            throw new NodeException("the network cannot be written to disk: " + failed.getMessage(), failed);
        }
        return genesis;
    }

    /**
     * Founds a network from within its first node on hardware, whose keys are in no file.
     *
     * @param draft a genesis document without nodes
     * @param self this node's entry, signed by its owner
     * @throws NodeException if the document is refused, or something cannot be written
     */
    static Genesis alone(
            Path draft,
            NodeEntry self,
            NodeFolder folder,
            Path genesisFile,
            Path serviceCertificateFile,
            Machine machine) {
        byte[] text = NodeFiles.read(draft, NodeLimits.GENESIS_FILE_BYTES_MAX, Keys.NODE_FOUNDING_FILE.name());
        Genesis genesis;
        try {
            genesis = Genesis.founded(text, self);
        } catch (DocumentException refused) {
            throw new NodeException(
                    Keys.NODE_FOUNDING_FILE.name() + ": " + draft + ": " + refused.getMessage(), refused);
        }
        Instant now = machine.clock().instant();
        KeyPair service = P256.generate(machine.random());
        X509Certificate authority = Certificates.selfSigned(
                genesis.service(),
                service,
                now.minus(CLOCK_TOLERANCE),
                now.plus(SERVICE_CERTIFICATE_LIFE),
                machine.random());
        try {
            writeJournals(
                    List.of(folder.journal()),
                    genesis,
                    new Service(authority, service),
                    null,
                    machine.clock(),
                    machine.random());
            NodeFiles.write(
                    serviceCertificateFile, Certificates.toPem(authority).getBytes(StandardCharsets.US_ASCII));
            // Last: while it is missing, nothing was founded.
            NodeFiles.write(genesisFile, genesis.prettyJson().getBytes(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new NodeException("the network cannot be written to disk: " + failed.getMessage(), failed);
        }
        return genesis;
    }

    private static Constitution constitution(Plan plan, List<NodeEntry> nodes) {
        return new Constitution(
                plan.service(),
                plan.preset(),
                plan.members(),
                plan.participants(),
                new NodeList(nodes),
                List.of(),
                List.of(new PlatformEntry(PlatformEntry.SIMULATED)),
                List.of(),
                code(plan.preset()),
                new VotingRules.ReadyMade(new Rule.Majority(), new TreeMap<>(), null),
                EpochPolicy.DEFAULT,
                plan.recoveryThreshold(),
                0,
                plan.limits(),
                plan.access(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                plan.preset() == Preset.CONSORTIUM ? ServiceStatus.OPENING : ServiceStatus.OPEN,
                0,
                0);
    }

    /**
     * What runs here is what a consortium begins with; a development network takes any code, as it changes all the
     * time.
     */
    private static List<CodeEntry> code(Preset preset) {
        if (preset != Preset.CONSORTIUM) {
            return List.of();
        }
        // As launchers pass it on to nodes: without the working folder, which an empty entry stands for.
        List<Path> classPath = ClassPathMeasurement.entries(System.getProperty("java.class.path", "")).stream()
                .filter(entry -> !entry.toString().isEmpty())
                .toList();
        byte[] measurement = ClassPathMeasurement.of(classPath);
        return List.of(new CodeEntry(PlatformEntry.SIMULATED, Hex.encode(measurement), Node.version(), null));
    }

    private static Made makeNode(
            Seat seat, X509Certificate authority, KeyPair service, Instant from, Instant until, SecureRandom random) {
        KeyPair signing = P256.generate(random);
        KeyPair wrapping = P256.generate(random);
        X509Certificate certificate = Certificates.issue(
                authority, service.getPrivate(), seat.id(), signing.getPublic(), seat.names(), from, until, random);
        NodeEntry entry = new NodeEntry(
                seat.id(),
                null,
                seat.host(),
                seat.raftPort(),
                seat.administrativePort(),
                seat.applicationPort(),
                certificate,
                wrapping.getPublic(),
                null);
        return new Made(seat, new NodeKeys(certificate, signing.getPrivate(), wrapping.getPrivate()), entry);
    }

    private record Service(X509Certificate certificate, KeyPair key) {}

    private static void settle(Made node, SecureRandom random) throws IOException {
        Seat seat = node.seat();
        new NodeFolder(seat.dataDirectory()).create();
        Sealing sealing = SimulatedPlatform.open(seat.sealingKeyFile(), seat.dataDirectory(), new byte[32], random)
                .sealing();
        node.keys().store(seat.keysDirectory(), seat.id(), sealing);
    }

    /** Writes every node's journal, block by block: a history may be larger than memory. */
    private static void writeJournals(
            List<Path> folders,
            Genesis genesis,
            Service service,
            @Nullable History history,
            InstantSource clock,
            SecureRandom random)
            throws IOException {
        byte[] serviceId = ServiceId.of(genesis.bytes(), service.key().getPublic());
        List<Journal> journals = new ArrayList<>();
        try {
            for (Path folder : folders) {
                switch (Journal.open(new FileStorage(folder), serviceId, JournalLimits.DEFAULT)) {
                    case Journal.Opening.Ready ready -> journals.add(ready.journal());
                    case Journal.Opening.Refused refused -> throw new NodeException(refused.words());
                }
            }
            makeBlocks(genesis, service, history, clock, random, entry -> {
                journals.forEach(journal -> journal.append(entry));
                if (history != null) {
                    history.progress().accept(entry.height());
                }
            });
            journals.forEach(Journal::force);
        } finally {
            journals.forEach(Journal::close);
        }
    }

    private static void makeBlocks(
            Genesis genesis,
            Service service,
            @Nullable History history,
            InstantSource clock,
            SecureRandom random,
            Consumer<JournalEntry> journal)
            throws IOException {
        Ledgers found = Ledgers.of(genesis).administeredBy(Governing.founding(genesis, service.key()));
        List<Ledger> ledgers = found.factories().stream()
                .map(factory -> factory.create(new FoundingContext(found.document(factory.id()), clock)))
                .toList();
        List<Roster.Node> nodes = NodeAdministration.nodes(genesis.constitution());
        GenesisBlock.Ingredients ingredients = new GenesisBlock.Ingredients(
                genesis.bytes(),
                nodes,
                service.certificate(),
                service.key(),
                ledgers,
                GovernanceLedgerFactory.ID,
                found.documents(),
                clock.millis(),
                RecoveryMembers.of(genesis.constitution()));
        if (history == null) {
            GenesisBlock.make(ingredients, null, random, journal);
            return;
        }
        Ledger ledger = ledgers.stream()
                .filter(each -> each.id().equals(history.ledger()))
                .findFirst()
                .orElseThrow(() -> new NodeException("the network has no ledger " + history.ledger()));
        try (InputStream stream = history.stream().open()) {
            GenesisBlock.make(
                    ingredients,
                    new GenesisBlock.History(ledger.id(), ledger.importer(stream), history.blocks()),
                    random,
                    journal);
        }
    }
}
