package coco.node;

import coco.attestation.Platform;
import coco.attestation.simulated.SimulatedPlatform;
import coco.consensus.ConsensusLimits;
import coco.consensus.PeerId;
import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.consensus.ratis.RatisLog;
import coco.consensus.ratis.RatisSettings;
import coco.core.Core;
import coco.core.CoreThread;
import coco.core.HistoryLookup;
import coco.core.NodeChannel;
import coco.core.Replica;
import coco.core.Secrets;
import coco.crypto.Hex;
import coco.governance.NodeEntry;
import coco.journal.BlockSealer;
import coco.journal.FileStorage;
import coco.journal.HistoryIndex;
import coco.journal.Journal;
import coco.journal.JournalLimits;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.SealerDirectory;
import coco.journal.SealerIdentity;
import coco.ledgers.api.Offer;
import coco.ledgers.api.RpcSettings;
import coco.node.channel.ChannelClient;
import coco.node.channel.ChannelLimits;
import coco.node.channel.ChannelServer;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import coco.node.http.HttpListener;
import coco.node.tls.NodeIdentity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running node: everything opened in the order of the package's essay, and closed in the reverse one. */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    /** Where a node is in its life; the word is what {@code /node/health} shows. */
    private enum Condition {
        STARTING,
        READY,
        STOPPING,
        FAILED
    }

    private final Configuration configuration;
    private final NodeStart.Constitution constitution;
    private final InstantSource clock;
    private final NodeIdentity identity;
    private final NodeMetrics metrics;
    private final ComputePool compute;
    private final ExecutorService background;
    private final CoreThread coreThread;
    private final Journal journal;
    private final HistoryIndex index;
    private final ChannelClient channel;
    private final Core core;
    private final ReplicatedLog log;
    private final Thread journalThread;
    private final NodeFolder.Lock lock;
    private final List<HttpListener> listeners;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private volatile Condition condition = Condition.STARTING;
    private volatile boolean joined;

    /** What the parts are opened from. */
    private record Opening(
            Configuration configuration,
            NodeStart.Constitution constitution,
            NodeKeys keys,
            NodeFolder folder,
            InstantSource clock,
            SecureRandom random) {}

    private Node(Opening from, NodeFolder.Lock lock) {
        this.configuration = from.configuration();
        this.constitution = from.constitution();
        this.clock = from.clock();
        this.lock = lock;
        this.identity =
                new NodeIdentity(from.keys().signing(), List.of(from.keys().certificate()));
        this.metrics = new NodeMetrics(this::onFailed);
        this.compute = new ComputePool(
                configuration.get(Keys.RPC_ADMISSION_THREADS), configuration.get(Keys.RPC_ADMISSION_QUEUE));
        this.background = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("background").daemon().factory());
        JournalLimits journalLimits = NodeStart.journalLimits(configuration);
        this.journal = NodeStart.journal(
                new MeteredStorage(new FileStorage(from.folder().journal()), metrics::forced),
                constitution,
                journalLimits);
        SealedBlock genesis = NodeStart.genesisBlock(journal, constitution);
        Secrets secrets = NodeStart.secrets(genesis, constitution, from.keys());
        Ledgers ledgers = Ledgers.of(constitution.genesis());
        this.index = HistoryIndex.open(
                new FileStorage(from.folder().index()),
                secrets.epoch().indexKey(self().id().getBytes(StandardCharsets.US_ASCII)),
                from.random(),
                journalLimits);
        if (index.firstHeight() > journal.firstHeight()) {
            // It lost its beginning, so it cannot be continued; the replay fills it again.
            index.rebuild(Collections.emptyIterator());
        }
        this.channel = new ChannelClient(targets(), identity, clock, ChannelLimits.DEFAULT);
        this.coreThread = new CoreThread(clock);
        this.core = openCore(from, ledgers, secrets, genesis, journalLimits);
        this.journalThread = Thread.ofPlatform().name("journal").unstarted(core::runJournal);
        this.log = new RatisLog(
                new RatisSettings(
                        new PeerId(self().id()),
                        group(constitution.serviceId()),
                        from.folder().raft(),
                        new InetSocketAddress(configuration.get(Keys.RAFT_ADDRESS), configuration.get(Keys.RAFT_PORT)),
                        RatisSettings.Recovery.RESUME,
                        ConsensusLimits.standard()),
                new ListedNodes(constitution.genesis().nodes()),
                identity,
                clock);
        this.listeners = makeListeners();
    }

    /**
     * Opens everything and begins to take part. Returns when the listeners are open; {@link #awaitReady} tells when a
     * majority has confirmed a first read.
     *
     * @throws NodeException or an exception of one of the parts, if the node cannot start; everything is closed again
     */
    public static Node start(Configuration configuration, InstantSource clock, SecureRandom random) {
        NodeStart.Constitution constitution = NodeStart.constitution(configuration);
        SimulatedPlatform.BANNER.lines().forEach(LOG::warn);
        NodeFolder folder = new NodeFolder(configuration.get(Keys.NODE_DATA_DIRECTORY));
        folder.checkFormat();
        NodeFolder.Lock lock = folder.lock();
        try {
            NodeKeys keys = NodeStart.keys(configuration, constitution, clock, random);
            Node node = new Node(new Opening(configuration, constitution, keys, folder, clock, random), lock);
            node.open();
            return node;
        } catch (RuntimeException refused) {
            lock.release();
            throw refused;
        }
    }

    private void open() {
        registerGauges();
        try {
            journalThread.start();
            for (HttpListener listener : listeners) {
                listener.start();
            }
            core.replica().start(log);
            joined = true;
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
        Thread.ofVirtual().name("first-read").start(this::confirmFirstRead);
    }

    private Core openCore(
            Opening from, Ledgers ledgers, Secrets secrets, SealedBlock genesis, JournalLimits journalLimits) {
        SealerDirectory.Tracked sealers = new SealerDirectory.Tracked();
        sealers.apply(0, NodeStart.facts(genesis).sealers());
        SealerIdentity sealer = new SealerIdentity(
                constitution.serviceId(),
                0,
                SealerChange.digest(from.keys().certificate()),
                from.keys().signing(),
                secrets.evidence());
        long start = System.nanoTime();
        BlockSealer.warmUp();
        Core opened = Core.open(
                new Core.Parts(
                        new PeerId(self().id()),
                        constitution.serviceId(),
                        ledgers.factories(),
                        ledgers.documents(),
                        rpcSettings(),
                        sealers,
                        secrets.keyring(),
                        new BlockSealer(sealer, from.random(), journalLimits),
                        journal,
                        new HistoryLookup(index),
                        coreThread,
                        channel,
                        compute.executor(),
                        background,
                        metrics,
                        clock,
                        NodeStart.coreLimits(configuration),
                        journalLimits,
                        NodeStart.storeLimits(Runtime.getRuntime().maxMemory())),
                height -> {});
        LOG.info(
                "replayed the journal to height {} in {} ms",
                opened.heads().height(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        return opened;
    }

    private RpcSettings rpcSettings() {
        return new RpcSettings(
                configuration.get(Keys.RPC_SEND_REPLY),
                configuration.get(Keys.RPC_REPLY_TIMEOUT).toMillis(),
                configuration.get(Keys.RPC_MAX_BATCH),
                configuration.get(Keys.RPC_MAX_NESTING),
                configuration.get(Keys.RPC_MAX_SCANNED_BLOCKS),
                configuration.get(Keys.RPC_MAX_RESULTS),
                configuration.get(Keys.RPC_CALL_GAS_LIMIT),
                configuration.get(Keys.RPC_CALL_TIMEOUT).toMillis());
    }

    private List<ChannelClient.Target> targets() {
        List<ChannelClient.Target> targets = new ArrayList<>();
        for (NodeEntry node : constitution.genesis().nodes().nodes()) {
            if (!node.id().equals(self().id())) {
                targets.add(new ChannelClient.Target(
                        new PeerId(node.id()), node.host(), node.administrativePort(), node.certificate()));
            }
        }
        return targets;
    }

    private List<HttpListener> makeListeners() {
        NodePages pages = new NodePages(this::health, this::state, this::hashAt);
        ChannelServer server = new ChannelServer(
                new ReplicaDesk(core.replica()),
                certificate -> constitution.genesis().nodes().byCertificate(certificate) != null,
                ChannelLimits.DEFAULT);
        Listeners make = new Listeners(configuration, self(), identity, clock, metrics);
        List<HttpListener> made = new ArrayList<>();
        make.plain(core.endpoints(), pages).ifPresent(made::add);
        made.add(make.application(core.endpoints(), pages));
        made.add(make.administrative(server, pages, metrics::scrape));
        return List.copyOf(made);
    }

    /** The replica as the channel's server sees it. */
    private record ReplicaDesk(Replica replica) implements ChannelServer.Desk {
        @Override
        public CompletableFuture<NodeChannel.Verdicts> forwarded(List<Offer> offers, boolean again) {
            return replica.forwarded(offers, again);
        }

        @Override
        public CompletableFuture<byte[]> asked(String ledger, byte[] question) {
            return replica.asked(ledger, question);
        }
    }

    private void registerGauges() {
        Replica replica = core.replica();
        metrics.gauge(
                "coco.height",
                "Height of the last applied block",
                () -> core.heads().height());
        metrics.gauge(
                "coco.journal.durable.height",
                "Height up to which the journal is on disk",
                () -> core.writer().durableHeight());
        metrics.gauge("coco.raft.term", "Newest term seen", log::term);
        metrics.gauge(
                "coco.leading",
                "1 if this node builds blocks",
                () -> replica.status().leading() ? 1 : 0);
        metrics.gauge(
                "coco.pipeline.blocks",
                "Blocks proposed and not applied",
                () -> replica.status().inFlight());
        metrics.gauge(
                "coco.submissions.waiting",
                "Transactions of this node's clients that are not settled",
                () -> replica.status().waiting());
        metrics.gauge("coco.admission.queue", "Requests waiting for a processor", compute::waiting);
        metrics.gauge("coco.ready", "1 if this node serves", () -> condition == Condition.READY ? 1 : 0);
        metrics.gauge("coco.platform.simulated", "1 if nothing protects this node from its host", () -> 1);
        for (Role role : Role.values()) {
            metrics.gauge(
                    "coco.raft.role",
                    "1 for the role this node has",
                    "role",
                    role.name().toLowerCase(Locale.ROOT),
                    () -> role() == role ? 1 : 0);
        }
        for (HttpListener listener : listeners) {
            metrics.gauge(
                    "coco.http.connections", "Open connections", "listener", listener.name(), listener::connections);
        }
    }

    /**
     * Ready means: what was acknowledged before this node started is applied here. Asks only once a leader is known: while
     * all logs of a new network are empty, questions to the majority put off the first election.
     */
    private void confirmFirstRead() {
        while (condition == Condition.STARTING) {
            try {
                if (log.leader() != null && confirmedByMajority()) {
                    if (condition == Condition.STARTING) {
                        condition = Condition.READY;
                        LOG.info("ready at height {}", core.heads().height());
                    }
                    return;
                }
                Thread.sleep(NodeLimits.READY_RETRY);
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private boolean confirmedByMajority() throws InterruptedException {
        try {
            long patience = ConsensusLimits.standard().readTimeout().toMillis();
            core.replica().linearizable().get(patience, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException noMajority) {
            LOG.debug("no majority confirms a read yet");
            return false;
        }
    }

    /** Waits until the node serves; false if it does not within that time, or has failed. */
    public boolean awaitReady(long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (condition == Condition.STARTING && System.nanoTime() - deadline < 0) {
            Thread.sleep(10);
        }
        return condition == Condition.READY;
    }

    /** Completes with the reason if the node finds itself wrong. It then no longer answers and should be stopped. */
    public CompletableFuture<Throwable> failure() {
        return failure.copy();
    }

    /** Takes no more requests, finishes what is in flight within the grace, hands leadership on and closes everything. */
    public void stop() {
        if (condition != Condition.FAILED) {
            condition = Condition.STOPPING;
        }
        long graceMillis = configuration.get(Keys.HTTP_SHUTDOWN_GRACE).toMillis();
        LOG.info("stopping at height {}", core.heads().height());
        try {
            core.replica().drain(graceMillis).get(graceMillis + 1_000, TimeUnit.MILLISECONDS);
            handLeadershipOn();
        } catch (ExecutionException | TimeoutException unfinished) {
            LOG.warn("not everything in flight was finished; its clients do not know what became of it");
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        close();
        LOG.info("stopped");
    }

    /** Spares the others the wait for an election, if any of them takes over. */
    private void handLeadershipOn() throws InterruptedException {
        if (role() != Role.LEADER) {
            return;
        }
        for (ChannelClient.Target target : targets()) {
            try {
                if (log.transferLeadership(target.id()).get(NodeLimits.TRANSFER.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (ExecutionException | TimeoutException unavailable) {
                LOG.info("{} does not take over the lead", target.id());
            }
        }
    }

    private void close() {
        List<Thread> stopping = listeners.stream()
                .map(listener ->
                        Thread.ofPlatform().name("stop-" + listener.name()).start(listener::stop))
                .toList();
        try {
            for (Thread thread : stopping) {
                thread.join();
            }
            log.close();
            channel.close();
            journalThread.interrupt();
            journalThread.join(NodeLimits.JOURNAL_STOP.toMillis());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        coreThread.close();
        compute.close();
        background.shutdownNow();
        index.close();
        journal.close();
        metrics.close();
        lock.release();
    }

    private void onFailed(Throwable cause) {
        condition = Condition.FAILED;
        LOG.error("this node has found itself wrong and stops", cause);
        failure.complete(cause);
    }

    /** The log knows its role only once it has started; the pages are served before. */
    private Role role() {
        return joined ? log.role() : Role.STOPPED;
    }

    private NodeEntry self() {
        return constitution.self();
    }

    private NodePages.Health health() {
        Condition now = condition;
        Instant ends = identity.certificate().getNotAfter().toInstant();
        boolean soon = clock.instant()
                .plus(configuration.get(Keys.NODE_CERTIFICATE_WARNING))
                .isAfter(ends);
        return new NodePages.Health(now == Condition.READY, now.name().toLowerCase(Locale.ROOT), ends.toString(), soon);
    }

    private NodePages.State state() {
        Replica.Status status = core.replica().status();
        PeerId leader = log.leader();
        return new NodePages.State(
                self().id(),
                constitution.genesis().service(),
                Hex.encode(constitution.serviceId()),
                version(),
                Platform.SIMULATED.label(),
                "simulated trusted execution environment: nothing protects this node from its host",
                condition == Condition.READY,
                role().name().toLowerCase(Locale.ROOT),
                log.term(),
                leader == null ? null : leader.value(),
                status.height(),
                Hex.encode(status.hash()),
                core.writer().durableHeight(),
                status.waiting(),
                status.inFlight());
    }

    private @Nullable String hashAt(long height) {
        byte[] hash = height > core.heads().height() ? null : core.archive().headerHash(height);
        return hash == null ? null : Hex.encode(hash);
    }

    private static String version() {
        String version = Node.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** One Raft group for each service: nodes of two services never meet in one. */
    private static UUID group(byte[] serviceId) {
        ByteBuffer bytes = ByteBuffer.wrap(serviceId);
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
