package coco.node;

import coco.attestation.Platform;
import coco.attestation.simulated.SimulatedPlatform;
import coco.consensus.ConsensusLimits;
import coco.consensus.PeerId;
import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.consensus.ratis.RatisLog;
import coco.consensus.ratis.RatisSettings;
import coco.core.Administration;
import coco.core.ComputePools;
import coco.core.Core;
import coco.core.CoreThread;
import coco.core.HistoryLookup;
import coco.core.NodeChannel;
import coco.core.Replica;
import coco.core.Secrets;
import coco.crypto.Hex;
import coco.governance.Genesis;
import coco.governance.NodeEntry;
import coco.journal.BlockSealer;
import coco.journal.FileStorage;
import coco.journal.HistoryIndex;
import coco.journal.Journal;
import coco.journal.JournalLimits;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.SealerIdentity;
import coco.journal.Storage;
import coco.ledgers.api.Faults;
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
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running node: everything opened in the order of the package's essay, and closed in the reverse one. */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final Configuration configuration;
    private final NodeStart.Constitution constitution;
    private final InstantSource clock;
    private final NodeIdentity identity;
    private final NodeMetrics metrics;
    private final ComputePool admission;
    private final ComputePool reading;
    private final ExecutorService background;
    private final ExecutorService tasks;
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
    private final NodeCondition condition = new NodeCondition(this::confirmedByMajority, System::nanoTime);
    private final Thread watch = Thread.ofVirtual().name("condition").unstarted(this::watchCondition);
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
        OpenParts open = new OpenParts();
        try {
            this.metrics = open.add(new NodeMetrics(this::onFailed), NodeMetrics::close);
            int processors = Runtime.getRuntime().availableProcessors();
            this.admission = open.add(ComputePool.admission(configuration, processors), ComputePool::close);
            this.reading = open.add(ComputePool.reading(configuration, processors), ComputePool::close);
            this.background = open.add(
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().name("background").daemon().factory()),
                    ExecutorService::shutdownNow);
            this.tasks = open.add(
                    Executors.newCachedThreadPool(
                            Thread.ofPlatform().name("task-", 0).daemon().factory()),
                    ExecutorService::shutdownNow);
            JournalLimits journalLimits = NodeStart.journalLimits(configuration);
            Storage journalFiles =
                    new MeteredStorage(new FileStorage(from.folder().journal()), metrics::forced);
            this.journal = open.add(NodeStart.journal(journalFiles, constitution, journalLimits), Journal::close);
            SealedBlock genesis = NodeStart.genesisBlock(journal, constitution);
            NodeStart.requireHistory(NodeStart.facts(genesis), journal.lastHeight());
            Secrets secrets = NodeStart.secrets(genesis, constitution, from.keys());
            Ledgers ledgers = Ledgers.of(constitution.genesis());
            byte[] indexKey = secrets.indexKey(self().id().getBytes(StandardCharsets.US_ASCII));
            Storage indexFiles = new FileStorage(from.folder().index());
            this.index = open.add(
                    HistoryIndex.open(indexFiles, indexKey, from.random(), journalLimits), HistoryIndex::close);
            if (index.firstHeight() > journal.firstHeight()) {
                // It lost its beginning, so it cannot be continued; the replay fills it again.
                index.rebuild(Collections.emptyIterator());
            }
            this.channel = open.add(
                    new ChannelClient(targets(), identity, clock, ChannelLimits.DEFAULT), ChannelClient::close);
            this.coreThread = open.add(new CoreThread(clock), CoreThread::close);
            this.core = openCore(from, ledgers, secrets, journalLimits);
            this.journalThread = Thread.ofPlatform().name("journal").unstarted(core::runJournal);
            this.log = open.add(openLog(from), ReplicatedLog::close);
            this.listeners = makeListeners();
        } catch (RuntimeException | Error refused) {
            open.closeAll(refused);
            throw refused;
        }
    }

    /** What was opened so far, closed in the reverse order if what comes next cannot be. */
    private static final class OpenParts {
        private final ArrayDeque<Runnable> closings = new ArrayDeque<>();

        <T> T add(T part, Consumer<T> close) {
            closings.push(() -> close.accept(part));
            return part;
        }

        void closeAll(Throwable why) {
            for (Runnable close : closings) {
                try {
                    close.run();
                } catch (RuntimeException alsoBroken) {
                    why.addSuppressed(alsoBroken);
                }
            }
        }
    }

    private ReplicatedLog openLog(Opening from) {
        RatisSettings settings = new RatisSettings(
                new PeerId(self().id()),
                group(constitution.serviceId()),
                from.folder().raft(),
                new InetSocketAddress(configuration.get(Keys.RAFT_ADDRESS), configuration.get(Keys.RAFT_PORT)),
                RatisSettings.Recovery.RESUME,
                ConsensusLimits.standard());
        return new RatisLog(settings, new ListedNodes(constitution.genesis().nodes()), identity, clock);
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
        new NodeGauges(metrics)
                .register(new NodeGauges.Sources(
                        core, log, this::role, index, channel, admission, reading, condition, listeners));
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
        watch.start();
    }

    private Core openCore(Opening from, Ledgers ledgers, Secrets secrets, JournalLimits journalLimits) {
        SealerIdentity sealer = new SealerIdentity(
                constitution.serviceId(),
                SealerChange.digest(from.keys().certificate()),
                from.keys().signing());
        long start = System.nanoTime();
        BlockSealer.warmUp();
        Core opened = Core.open(
                new Core.Parts(
                        new PeerId(self().id()),
                        constitution.serviceId(),
                        Administration.NONE,
                        ledgers.factories(),
                        ledgers.documents(),
                        rpcSettings(),
                        secrets.keyring(),
                        new BlockSealer(sealer, from.random(), journalLimits),
                        from.keys().wrapping(),
                        from.random(),
                        journal,
                        new HistoryLookup(index),
                        coreThread,
                        channel,
                        new ComputePools(admission.executor(), reading.executor(), tasks),
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
                configuration.get(Keys.RPC_CALL_TIMEOUT).toMillis(),
                configuration.get(Keys.RPC_EXCHANGE_TIMEOUT).toMillis(),
                configuration.get(Keys.RPC_MAX_REPLY_BYTES),
                new RpcSettings.Live(
                        configuration.get(Keys.RPC_MAX_SUBSCRIPTIONS),
                        configuration.get(Keys.RPC_MAX_FILTERS),
                        configuration.get(Keys.RPC_MAX_FILTERS_PER_CALLER),
                        configuration.get(Keys.RPC_FILTER_TIMEOUT).toMillis()));
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
        make.plain(core.endpoints(), core.sockets(), pages, metrics::scrape).ifPresent(made::add);
        made.add(make.application(core.endpoints(), core.sockets(), pages));
        made.add(make.administrative(server, pages, this::isOperator, metrics::scrape));
        return List.copyOf(made);
    }

    /** Nodes and members may see metrics and state on the administrative listener. */
    private boolean isOperator(@Nullable X509Certificate peer) {
        Genesis genesis = constitution.genesis();
        return peer != null
                && (genesis.nodes().byCertificate(peer) != null
                        || genesis.constitution().members().stream()
                                .anyMatch(member -> member.certificate().equals(peer)));
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

    private void watchCondition() {
        try {
            while (!condition.isOver()) {
                Thread.sleep(condition.check());
            }
        } catch (InterruptedException stopped) {
            // The node stops, and its condition with it.
            Thread.currentThread().interrupt();
        }
    }

    /** Asks only once a leader is known: without one there is nobody whose answer would come. */
    private boolean confirmedByMajority() throws InterruptedException {
        if (log.leader() == null) {
            return false;
        }
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
        condition.awaitStarted(timeoutMillis);
        return condition.isReady();
    }

    /** Completes with the reason if the node finds itself wrong. It then no longer answers and should be stopped. */
    public CompletableFuture<Throwable> failure() {
        return failure.copy();
    }

    /**
     * Takes no more requests, finishes what is in flight within the grace, hands leadership on and closes everything.
     */
    public void stop() {
        condition.stop();
        watch.interrupt();
        long graceMillis = configuration.get(Keys.HTTP_SHUTDOWN_GRACE).toMillis();
        LOG.info("stopping at height {}", core.heads().height());
        try {
            if (condition.word() != NodeCondition.Word.FAILED) {
                core.replica().drain(graceMillis).get(graceMillis + 1_000, TimeUnit.MILLISECONDS);
                handLeadershipOn();
            }
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

    /**
     * Whoever hands over is closed before whoever takes: listeners, the log, the core thread, which finishes what it
     * was given, then the journal's, which writes and forces it; pools and files when nobody uses them any more.
     */
    private void close() {
        List<Thread> stopping = listeners.stream()
                .map(listener ->
                        Thread.ofPlatform().name("stop-" + listener.name()).start(listener::stop))
                .toList();
        Duration limit = configuration.get(Keys.HTTP_SHUTDOWN_GRACE).plus(NodeLimits.LISTENER_STOP);
        try {
            for (Thread thread : stopping) {
                if (!thread.join(limit)) {
                    LOG.warn("{} does not end", thread.getName());
                }
            }
            log.close();
            channel.close();
            coreThread.close();
            journalThread.interrupt();
            journalThread.join(NodeLimits.JOURNAL_STOP.toMillis());
            background.shutdownNow();
            if (!background.awaitTermination(NodeLimits.BACKGROUND_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("background work does not end");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        coreThread.close();
        background.shutdownNow();
        tasks.shutdownNow();
        admission.close();
        reading.close();
        index.close();
        journal.close();
        metrics.close();
        lock.release();
    }

    private void onFailed(Throwable cause) {
        condition.fail();
        LOG.error("this node has found itself wrong and stops: {}", Faults.withoutText(cause));
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
        Instant ends = identity.certificate().getNotAfter().toInstant();
        boolean soon = clock.instant()
                .plus(configuration.get(Keys.NODE_CERTIFICATE_WARNING))
                .isAfter(ends);
        NodeCondition.Word now = condition.word();
        return new NodePages.Health(
                now == NodeCondition.Word.READY, now.name().toLowerCase(Locale.ROOT), ends.toString(), soon);
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
                condition.isReady(),
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
