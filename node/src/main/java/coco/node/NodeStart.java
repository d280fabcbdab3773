package coco.node;

import coco.attestation.Platform;
import coco.core.CoreLimits;
import coco.core.GenesisBlock;
import coco.core.Handover;
import coco.core.Secrets;
import coco.core.ServiceMaps;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.governance.BlockLimits;
import coco.governance.Genesis;
import coco.governance.NodeEntry;
import coco.governance.PlatformEntry;
import coco.governance.Preset;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.MalformedException;
import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.ReadResult;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.ServiceId;
import coco.journal.StartReport;
import coco.journal.Storage;
import coco.kv.StoreLimits;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import coco.node.identity.SignInDesk;
import coco.node.join.OwnEntry;
import coco.node.repair.DiskGuard;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The steps of a start that only look and refuse: nothing is served, and nothing is written but what a crash had torn.
 */
final class NodeStart {
    private static final Logger LOG = LoggerFactory.getLogger(NodeStart.class);

    /** The ledger whose addresses sign in. */
    private static final String ETHEREUM = "ethereum";

    private NodeStart() {}

    /**
     * The constitution, and what of it concerns this node.
     *
     * @param self this node's entry
     */
    record Constitution(Genesis genesis, NodeEntry self, X509Certificate service, byte[] serviceId) {
        /** Whether the network began with this node. */
        boolean isFounder() {
            return self.equals(genesis.nodes().byId(self.id()));
        }
    }

    /** What {@code --check} does; on hardware the entry of this node exists only once it runs. */
    static void check(Configuration configuration) {
        if (!Machine.platformOf(configuration).isHardware()) {
            constitution(configuration);
        } else if (configuration.get(Keys.NODE_FOUNDING_FILE).equals(Keys.NO_PATH)
                || Files.exists(configuration.get(Keys.NODE_GENESIS_FILE))) {
            genesis(configuration);
            serviceCertificate(configuration);
        }
    }

    /** Reads and checks everything that lies outside the data folder. */
    static Constitution constitution(Configuration configuration) {
        Genesis genesis = genesis(configuration);
        String id = configuration.get(Keys.NODE_ID);
        NodeEntry founder = genesis.nodes().byId(id);
        NodeEntry self = founder == null ? newcomer(configuration, id) : founder;
        return constitution(configuration, genesis, self);
    }

    /** The same for a node whose entry is known otherwise. */
    static Constitution constitution(Configuration configuration, Genesis genesis, NodeEntry self) {
        Platform platform = Machine.platformOf(configuration);
        if (genesis.constitution().simulated() == platform.isHardware()) {
            throw new NodeException("attestation.platform: seen " + platform.label() + ", allowed by the constitution "
                    + genesis.constitution().platforms().stream()
                            .map(PlatformEntry::platform)
                            .toList()
                    + "; simulated never stands beside hardware");
        }
        X509Certificate service = serviceCertificate(configuration);
        checkPlainHttp(configuration, genesis);
        checkLimits(configuration, genesis.limits());
        Ledgers.of(genesis);
        return new Constitution(genesis, self, service, ServiceId.of(genesis.bytes(), service.getPublicKey()));
    }

    /** The document that the network was born with. */
    static Genesis genesis(Configuration configuration) {
        Path file = configuration.get(Keys.NODE_GENESIS_FILE);
        try {
            return Genesis.parse(
                    NodeFiles.read(file, NodeLimits.GENESIS_FILE_BYTES_MAX, Keys.NODE_GENESIS_FILE.name()));
        } catch (DocumentException refused) {
            throw new NodeException(Keys.NODE_GENESIS_FILE.name() + ": " + file + ": " + refused.getMessage(), refused);
        }
    }

    /** The entry of a node that joins, or joined, a network that runs: its own copy of what its owner signed. */
    private static NodeEntry newcomer(Configuration configuration, String id) {
        Path file = NodeKeys.entry(configuration.get(Keys.NODE_KEYS_DIRECTORY));
        if (!Files.exists(file)) {
            throw new NodeException("node.id: the constitution at birth has no node " + id
                    + ", and there is no entry of" + " a newcomer in " + file + "; coco node join makes one");
        }
        NodeEntry entry;
        try {
            entry = OwnEntry.read(NodeFiles.read(file, NodeLimits.SMALL_FILE_BYTES_MAX, "node.keysDirectory"));
        } catch (DocumentException malformed) {
            throw new NodeException("node.keysDirectory: " + file + ": " + malformed.getMessage(), malformed);
        }
        if (!entry.id().equals(id)) {
            throw new NodeException("node.id: " + file + " is the entry of " + entry.id() + ", not of " + id);
        }
        return entry;
    }

    private static X509Certificate serviceCertificate(Configuration configuration) {
        Path file = configuration.get(Keys.NODE_SERVICE_CERTIFICATE_FILE);
        String setting = Keys.NODE_SERVICE_CERTIFICATE_FILE.name();
        try {
            return Certificates.fromPem(new String(
                    NodeFiles.read(file, NodeLimits.SMALL_FILE_BYTES_MAX, setting), StandardCharsets.US_ASCII));
        } catch (CryptoException malformed) {
            throw new NodeException(setting + ": " + file + " is not one certificate in PEM", malformed);
        }
    }

    private static void checkPlainHttp(Configuration configuration, Genesis genesis) {
        if (!configuration.get(Keys.HTTP_ENABLED)) {
            return;
        }
        if (genesis.preset() != Preset.DEVELOPMENT) {
            throw new NodeException("http.enabled: plain HTTP is for networks of the development preset only");
        }
        String address = configuration.get(Keys.HTTP_ADDRESS);
        try {
            if (!InetAddress.getByName(address).isLoopbackAddress()) {
                throw new NodeException("http.address: plain HTTP is for loopback addresses only, not for " + address);
            }
        } catch (UnknownHostException unknown) {
            throw new NodeException("http.address: unknown host " + address, unknown);
        }
    }

    private static void checkLimits(Configuration configuration, BlockLimits limits) {
        atMost(
                Keys.BATCH_MAX_TRANSACTIONS.name(),
                configuration.get(Keys.BATCH_MAX_TRANSACTIONS),
                limits.batchMaxTransactions());
        atMost(Keys.BLOCK_MAX_BYTES.name(), configuration.get(Keys.BLOCK_MAX_BYTES), limits.blockMaxBytes());
        atMost(Keys.PIPELINE_WINDOW.name(), configuration.get(Keys.PIPELINE_WINDOW), limits.pipelineWindow());
        long interval = configuration.get(Keys.BATCH_MIN_INTERVAL).toMillis();
        if (interval < limits.batchMinIntervalMillis()) {
            throw new NodeException("batch.minInterval: " + interval + " ms is below the constitution's "
                    + limits.batchMinIntervalMillis() + " ms");
        }
    }

    private static void atMost(String key, long value, long limit) {
        if (value > limit) {
            throw new NodeException(key + ": " + value + " is above the constitution's " + limit);
        }
    }

    /** The bounds of blocks and old states as configured. */
    static CoreLimits coreLimits(Configuration configuration) {
        return new CoreLimits(
                configuration.get(Keys.BATCH_MIN_INTERVAL).toMillis(),
                configuration.get(Keys.BATCH_MAX_TRANSACTIONS),
                configuration.get(Keys.BATCH_MAX_EXECUTION).toMillis(),
                Math.toIntExact(configuration.get(Keys.BLOCK_MAX_BYTES)),
                configuration.get(Keys.PIPELINE_WINDOW),
                configuration.get(Keys.BLOCKS_HEARTBEAT).toMillis(),
                configuration.get(Keys.HISTORY_STATE_BLOCKS),
                configuration.get(Keys.HISTORY_STATE_BYTES));
    }

    /** The bounds of the journal as configured. */
    static JournalLimits journalLimits(Configuration configuration) {
        return JournalLimits.DEFAULT.withChunkBytes(Math.toIntExact(configuration.get(Keys.JOURNAL_CHUNK_BYTES)));
    }

    /**
     * The bounds of the state: half of a heap of this size. The rest is for blocks, caches, requests and what is
     * garbage.
     */
    static StoreLimits storeLimits(long heapBytes) {
        long least = 1L << 20;
        return StoreLimits.DEFAULT.withStoreBytes(
                Math.clamp(heapBytes / 2, least, StoreLimits.DEFAULT.maxStoreBytes()));
    }

    /** The command of a JVM like this one, without a main class: for rule modules. */
    static List<String> scriptJvm() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.addAll(JvmFlags.FIXED);
        command.add("-cp");
        command.add(System.getProperty("java.class.path", ""));
        return command;
    }

    /** This node's keys, which must be those of its entry. */
    static NodeKeys keys(
            Configuration configuration, Constitution constitution, NodePlatform platform, InstantSource clock) {
        NodeEntry self = constitution.self();
        NodeKeys keys = NodeKeys.load(configuration.get(Keys.NODE_KEYS_DIRECTORY), self.id(), platform.sealing());
        if (!keys.certificate().equals(self.certificate())) {
            throw new NodeException(
                    "node.keysDirectory: node.pem is not the certificate that the constitution has for " + self.id());
        }
        Duration warning = configuration.get(Keys.NODE_CERTIFICATE_WARNING);
        warnOfDates(keys.certificate(), clock.instant(), warning);
        warnOfService(constitution.service(), clock.instant(), warning);
        return keys;
    }

    /**
     * The node's identity is the key of this certificate, and its entry in the constitution lasts until members remove
     * it: others look at the dates of the certificates with evidence, which last for a lease. So these dates keep no
     * node out.
     */
    private static void warnOfDates(X509Certificate certificate, Instant now, Duration warning) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(until)) {
            LOG.warn(
                    "this node's identity certificate is valid from {} to {}, and now it is {}; is the clock right?",
                    from,
                    until,
                    now);
        } else if (now.plus(warning).isAfter(until)) {
            LOG.warn("this node's identity certificate ends at {}", until);
        }
    }

    /** The service's certificate is for clients: nodes know each other by their own, so this one goes on without it. */
    private static void warnOfService(X509Certificate service, Instant now, Duration warning) {
        Instant from = service.getNotBefore().toInstant();
        Instant until = service.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(until)) {
            LOG.warn("the service's certificate is valid from {} to {}: clients will refuse this node", from, until);
        } else if (now.plus(warning).isAfter(until)) {
            LOG.warn("the service's certificate ends at {}; renew it", until);
        }
    }

    /**
     * What {@code rejoin} demands: whoever took part before may have voted, and older files would not show it. Nothing
     * that its host brings back can pass for an identity that was never admitted.
     */
    static void requireNewIdentity(Configuration configuration, Constitution constitution, NodeFolder folder) {
        boolean tookPart = constitution.isFounder()
                || Files.exists(NodeKeys.voters(configuration.get(Keys.NODE_KEYS_DIRECTORY)))
                || Files.exists(folder.raft().resolve("initialised"));
        if (tookPart) {
            throw new NodeException("node.start: rejoin: " + constitution.self().id()
                    + " has taken part under this identity before; coco node rejoin --old "
                    + constitution.self().id()
                    + " makes a new one, and asks for the exchange; if all nodes have stopped,"
                    + " members bring the service back: coco recover");
        }
    }

    /** The journal, checked, with this network's genesis block. */
    static Journal journal(Storage storage, Constitution constitution, JournalLimits limits) {
        return switch (Journal.open(storage, constitution.serviceId(), limits)) {
            case Journal.Opening.Refused refused ->
                throw new NodeException("the journal is refused: " + refused.words());
            case Journal.Opening.Ready ready -> {
                StartReport report = ready.report();
                report.notes().forEach(note -> LOG.warn("journal: {}", note.words()));
                LOG.info(
                        "journal: {} chunks, heights {} to {}",
                        report.chunks(),
                        report.firstHeight(),
                        report.lastHeight());
                yield ready.journal();
            }
        };
    }

    /** Refuses to begin what would end at once for want of space. */
    static void requireSpace(NodeFolder folder, long reserveBytes) {
        for (DiskGuard.Space space : NodeSpace.of(folder)) {
            if (space.bytes() < DiskGuard.floor(reserveBytes)) {
                throw new NodeException("disk.reserve: " + space.bytes() + " bytes are left for " + space.folder()
                        + "; make room, or set a smaller reserve");
            }
        }
    }

    /** The genesis block, which must carry the very constitution that this node was given. */
    static SealedBlock genesisBlock(Journal journal, Constitution constitution) {
        return switch (journal.read(0)) {
            case ReadResult.Found(JournalEntry entry) -> {
                byte[] carried = facts(entry.block()).genesisDocument();
                if (carried == null
                        || !Arrays.equals(carried, constitution.genesis().bytes())) {
                    throw new NodeException(
                            "node.genesisFile: the journal's genesis block carries another constitution");
                }
                yield entry.block();
            }
            default ->
                throw new NodeException("the journal holds no genesis block; a node's data folder is made by coco up or"
                        + " coco init");
        };
    }

    /** Refuses a journal that lost some of the history that the network began with: no other node can replace it. */
    static void requireHistory(PublicFacts genesis, long lastHeight) {
        long founded = genesis.sealers().stream()
                .mapToLong(change -> change instanceof SealerChange.Removed removed ? removed.lastHeight() : 0)
                .max()
                .orElse(0);
        if (lastHeight < founded) {
            throw new NodeException("the journal ends at height " + lastHeight
                    + ", but the network was founded with blocks up to height " + founded
                    + "; copy the journal of another node of this network into this node's data folder");
        }
    }

    /** What the genesis block says in public. */
    static PublicFacts facts(SealedBlock genesis) {
        try {
            return new ServiceMaps().read(0, genesis.publicWrites());
        } catch (MalformedException malformed) {
            throw new NodeException("the genesis block is malformed", malformed);
        }
    }

    /** The secrets that the genesis block holds for this node, or that it was given when it joined. */
    static Secrets secrets(Configuration configuration, SealedBlock genesis, Constitution constitution, NodeKeys keys) {
        if (!constitution.isFounder()) {
            Path file = NodeKeys.handover(configuration.get(Keys.NODE_KEYS_DIRECTORY));
            byte[] sealed = NodeFiles.read(file, NodeLimits.HANDOVER_BYTES_MAX, "node.keysDirectory");
            return Handover.open(
                            sealed,
                            constitution.serviceId(),
                            constitution.self().id(),
                            keys.wrapping())
                    .orElseThrow(() -> new NodeException("node.keysDirectory: " + file
                            + " holds no secrets for this node's wrapping key; remove it, and the node asks again"));
        }
        try {
            Optional<Secrets> secrets = GenesisBlock.open(
                    genesis, constitution.serviceId(), constitution.self().id(), keys.wrapping());
            return secrets.orElseThrow(
                    () -> new NodeException("the genesis block holds no secrets for this node's wrapping key"));
        } catch (MalformedException malformed) {
            throw new NodeException("the genesis block is malformed", malformed);
        }
    }

    /**
     * What is signed in to, and for which domains: those of the origins whose pages may call, and this node's own names
     * with any port, for tools.
     */
    static SignInDesk.Service signIn(Configuration configuration, Constitution constitution) {
        Set<String> hosts = new HashSet<>(hosts(configuration, constitution.self()));
        hosts.remove("*");
        Set<String> origins = configuration.get(Keys.HTTP_ORIGINS).stream()
                .filter(origin -> !origin.endsWith("*"))
                .map(origin -> origin.substring(origin.indexOf("://") + 3))
                .collect(Collectors.toUnmodifiableSet());
        String genesis = constitution.genesis().ledgers().get(ETHEREUM);
        return new SignInDesk.Service(
                constitution.serviceId(),
                ETHEREUM,
                genesis == null ? null : chainId(genesis),
                domain -> origins.contains(domain) || hosts.contains(domain.replaceFirst(":[0-9]{1,5}$", "")));
    }

    /** A chain whose number cannot be read is one that nobody names. */
    private static Long chainId(String genesis) {
        JsonNode id = Documents.tree(genesis).path("config").path("chainId");
        return id.isIntegralNumber() && id.canConvertToLong() ? id.longValue() : -1L;
    }

    /** Names under which clients may call this node: the configured ones and its own. */
    static List<String> hosts(Configuration configuration, NodeEntry self) {
        List<String> hosts = new ArrayList<>(configuration.get(Keys.HTTP_HOSTS));
        hosts.add(self.host().indexOf(':') >= 0 ? "[" + self.host() + "]" : self.host());
        return hosts;
    }
}
