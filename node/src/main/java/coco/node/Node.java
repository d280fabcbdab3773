package coco.node;

import coco.attestation.Platform;
import coco.consensus.ConsensusLimits;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.consensus.ratis.RatisLog;
import coco.consensus.ratis.RatisSettings;
import coco.core.ComputePools;
import coco.core.Core;
import coco.core.CoreThread;
import coco.core.HistoryLookup;
import coco.core.Keyring;
import coco.core.NodeChannel;
import coco.core.Replica;
import coco.core.ReplicaParts;
import coco.core.Roster;
import coco.core.Secrets;
import coco.core.ServiceTime;
import coco.core.SnapshotParts;
import coco.crypto.Hex;
import coco.governance.NodeEntry;
import coco.governance.api.GovernanceApi;
import coco.governance.ledger.Compensations;
import coco.governance.ledger.GovernanceLedgerFactory;
import coco.governance.script.ChildProcessEngine;
import coco.governance.script.ScriptEngineProcess;
import coco.governance.script.ScriptLimits;
import coco.journal.BlockSealer;
import coco.journal.FileStorage;
import coco.journal.HistoryIndex;
import coco.journal.Journal;
import coco.journal.JournalLimits;
import coco.journal.ReadResult;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.SealerIdentity;
import coco.journal.Storage;
import coco.ledgers.api.AnswerGrid;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.Faults;
import coco.ledgers.api.Offer;
import coco.ledgers.api.RpcSettings;
import coco.node.admission.NodeCertificates;
import coco.node.channel.ChannelClient;
import coco.node.channel.ChannelLimits;
import coco.node.channel.ChannelServer;
import coco.node.channel.ClockExchange;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import coco.node.http.HttpListener;
import coco.node.http.Route;
import coco.node.identity.CertificateDesk;
import coco.node.identity.Freshness;
import coco.node.identity.Gate;
import coco.node.identity.SignInDesk;
import coco.node.identity.UseBook;
import coco.node.identity.Users;
import coco.node.peers.WatchedLog;
import coco.node.repair.DiskGuard;
import coco.node.repair.JournalCare;
import coco.node.repair.JournalRepair;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running node: everything opened in the order of the package's essay, and closed in the reverse one. */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final Configuration configuration;
    private final NodeStart.Constitution constitution;
    private final InstantSource clock;
    private final Platform platform;
    private final ScheduledExecutorService watchdog;
    private final ScriptEngineProcess scripts;
    private final Governing governing;
    private final Users users;
    private final SecureRandom random;
    private final NodeAdmission admission;
    private final ServiceTime serviceTime;
    private final NodeMetrics metrics;
    private final ComputePool admitting;
    private final ComputePool reading;
    private final ExecutorService background;
    private final ExecutorService snapshotting;
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
    private final JournalCare care;
    private final DiskGuard disk;
    private final List<Thread> keepers;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final NodeCondition condition = new NodeCondition(this::confirmedByMajority, System::nanoTime);
    private final Thread watch = Thread.ofVirtual().name("condition").unstarted(this::watchCondition);
    private final Thread clockExchange;
    private volatile boolean joined;

    /** What the parts are opened from. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Opening(
            Configuration configuration,
            NodeStart.Constitution constitution,
            NodeKeys keys,
            byte[] incarnation,
            NodePlatform platform,
            NodeFolder folder,
            InstantSource clock,
            SecureRandom random,
            ConsensusLimits consensusLimits) {
        Joining.Parts joining() {
            return new Joining.Parts(configuration, constitution, keys, incarnation, platform, folder, clock, random);
        }
    }

    private Node(Opening from, NodeFolder.Lock lock) {
        this.configuration = from.configuration();
        this.constitution = from.constitution();
        this.clock = from.clock();
        this.platform = from.platform().kind();
        this.serviceTime = new ServiceTime(clock, System::nanoTime);
        this.lock = lock;
        OpenParts open = new OpenParts();
        try {
            this.metrics = open.add(new NodeMetrics(this::onFailed), NodeMetrics::close);
            int processors = Runtime.getRuntime().availableProcessors();
            this.admitting = open.add(ComputePool.admission(configuration, processors), ComputePool::close);
            this.reading = open.add(ComputePool.reading(configuration, processors), ComputePool::close);
            this.background = open.add(worker("background"), ExecutorService::shutdownNow);
            this.snapshotting = open.add(worker("snapshots"), ExecutorService::shutdownNow);
            this.tasks = open.add(
                    Executors.newCachedThreadPool(
                            Thread.ofPlatform().name("task-", 0).daemon().factory()),
                    ExecutorService::shutdownNow);
            JournalLimits journalLimits = NodeStart.journalLimits(configuration);
            Storage journalFiles =
                    new MeteredStorage(new FileStorage(from.folder().journal()), metrics::forced);
            this.journal = open.add(NodeStart.journal(journalFiles, constitution, journalLimits), Journal::close);
            List<ReadResult.Missing> fetched = StartRepair.mend(journal, journalFiles, from.joining());
            SealedBlock genesis = NodeStart.genesisBlock(journal, constitution);
            NodeStart.requireHistory(NodeStart.facts(genesis), journal.lastHeight());
            Secrets secrets = NodeStart.secrets(configuration, genesis, constitution, from.keys());
            Keyring keyring = secrets.keyring();
            this.watchdog = open.add(
                    Executors.newSingleThreadScheduledExecutor(
                            Thread.ofPlatform().name("watchdog").daemon().factory()),
                    ExecutorService::shutdownNow);
            layEpochsToRest(keyring, from);
            this.scripts = open.add(
                    new ChildProcessEngine(NodeStart.scriptJvm(), ScriptLimits.standard(), watchdog),
                    ScriptEngineProcess::close);
            this.governing = new Governing();
            this.random = from.random();
            this.users = new Users(() -> Instant.ofEpochMilli(serviceTime.millis()), random);
            this.admission = open.add(new NodeAdmission(admissionParts(from, keyring)), NodeAdmission::close);
            GovernanceApi routes = new GovernanceApi(
                    new GovernanceApi.Parts(constitution.serviceId(), admission, new PublishedKeys()));
            governing.serve(routes, routes);
            Ledgers ledgers = Ledgers.of(constitution.genesis());
            this.index = open.add(openIndex(from, secrets, journalLimits), HistoryIndex::close);
            this.channel = open.add(openChannel(), ChannelClient::close);
            this.coreThread = open.add(new CoreThread(serviceTime), CoreThread::close);
            this.core = openCore(from, ledgers, keyring, journalLimits);
            this.journalThread = Thread.ofPlatform().name("journal").unstarted(core::runJournal);
            this.log = open.add(openLog(from), ReplicatedLog::close);
            admission.connect(core, log, channel, coreThread);
            this.care = newCare(fetched, from.folder().unjudged());
            this.disk = newGuard(from.folder());
            this.keepers = keepers();
            this.clockExchange = Thread.ofVirtual()
                    .name("clocks")
                    .unstarted(new ClockExchange(serviceTime, this::others, channel::clock, System::nanoTime));
            this.listeners = makeListeners();
        } catch (RuntimeException | Error refused) {
            open.closeAll(refused);
            throw refused;
        }
    }

    private static ExecutorService worker(String name) {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }

    private JournalCare newCare(List<ReadResult.Missing> fetched, UnjudgedRanges unjudged) {
        return new JournalCare(
                journal,
                core.archive()::refusal,
                () -> channel.journals().stream().map(JournalRepair.Source::of).toList(),
                fetched,
                unjudged::clear);
    }

    private DiskGuard newGuard(NodeFolder folder) {
        return new DiskGuard(
                new NodeSpace(folder, core, channel, this::others, this::onFailed),
                configuration.get(Keys.DISK_RESERVE),
                System.nanoTime());
    }

    /** Threads that keep what was written whole; they end when they are interrupted. */
    private List<Thread> keepers() {
        List<Thread> threads = new ArrayList<>();
        threads.add(Thread.ofPlatform().name("mend").daemon().unstarted(care::mend));
        threads.add(Thread.ofPlatform().name("space").daemon().unstarted(disk::watch));
        long rate = configuration.get(Keys.JOURNAL_SCRUB_RATE);
        if (rate > 0) {
            threads.add(Thread.ofPlatform().name("scrub").daemon().unstarted(() -> care.scrub(rate)));
        }
        return List.copyOf(threads);
    }

    private void layEpochsToRest(Keyring keyring, Opening from) {
        long lifetime = configuration.get(Keys.EPOCHS_MEMORY_LIFETIME).toNanos();
        keyring.keepTime(constitution.serviceId(), from.random(), System::nanoTime);
        long period = Math.clamp(lifetime / 4, TimeUnit.SECONDS.toNanos(1), TimeUnit.MINUTES.toNanos(1));
        var _ = watchdog.scheduleWithFixedDelay(() -> keyring.rest(lifetime), period, period, TimeUnit.NANOSECONDS);
    }

    private HistoryIndex openIndex(Opening from, Secrets secrets, JournalLimits journalLimits) {
        byte[] indexKey = secrets.indexKey(self().id().getBytes(StandardCharsets.US_ASCII));
        Storage indexFiles = new FileStorage(from.folder().index());
        HistoryIndex opened = HistoryIndex.open(indexFiles, indexKey, from.random(), journalLimits);
        if (opened.firstHeight() > journal.firstHeight()) {
            // It lost its beginning, so it cannot be continued; the replay fills it again.
            opened.rebuild(Collections.emptyIterator());
        }
        return opened;
    }

    private ChannelClient openChannel() {
        return new ChannelClient(
                admission.targets(), admission::speaksFor, admission.identity(), clock, ChannelLimits.DEFAULT);
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

    /** Ids of the voting peers as this node has them. */
    Set<String> voters() {
        return admission.ids();
    }

    private NodeAdmission.Parts admissionParts(Opening from, Keyring keyring) {
        return new NodeAdmission.Parts(
                configuration,
                constitution,
                from.keys(),
                from.incarnation(),
                from.platform(),
                keyring,
                journal,
                governing,
                clock,
                from.random(),
                metrics::refused,
                this::onFailed,
                this::onRemoved);
    }

    private ReplicatedLog openLog(Opening from) {
        RatisSettings settings = new RatisSettings(
                new PeerId(self().id()),
                group(constitution.serviceId()),
                from.folder().raft(),
                new InetSocketAddress(configuration.get(Keys.RAFT_ADDRESS), configuration.get(Keys.RAFT_PORT)),
                recovery(),
                from.consensusLimits());
        return new WatchedLog(new RatisLog(settings, admission.peers(), admission.identity(), clock), admission);
    }

    /** A newcomer that knows of no voters never was one, and cannot have forgotten a vote. */
    private RatisSettings.Recovery recovery() {
        boolean voted = Files.exists(NodeKeys.voters(configuration.get(Keys.NODE_KEYS_DIRECTORY)));
        return constitution.isFounder() || voted ? RatisSettings.Recovery.RESUME : RatisSettings.Recovery.REJOIN;
    }

    /**
     * Opens everything and begins to take part. Returns when the listeners are open; {@link #awaitReady} tells when a
     * majority has confirmed a first read.
     *
     * @throws NodeException or an exception of one of the parts, if the node cannot start; everything is closed again
     */
    public static Node start(Configuration configuration, InstantSource clock, SecureRandom random) {
        return start(configuration, Machine.here(clock, random));
    }

    /** The same on a machine that a test made. */
    static Node start(Configuration configuration, Machine machine) {
        return start(configuration, machine, ConsensusLimits.standard());
    }

    /** As above, with another length of the log and the like. */
    static Node start(Configuration configuration, Machine machine, ConsensusLimits consensusLimits) {
        InstantSource clock = machine.clock();
        SecureRandom random = machine.random();
        NodeFolder folder = new NodeFolder(configuration.get(Keys.NODE_DATA_DIRECTORY));
        NodeLife.Beginning beginning = NodeLife.prepare(configuration, machine, folder);
        NodeFolder.Lock lock = folder.lock();
        try {
            NodeLife life = beginning.begin();
            NodeStart.Constitution constitution = life.constitution();
            byte[] incarnation = NodeCertificates.Identity.drawIncarnation(random);
            if (constitution.isFounder() || Files.exists(folder.fetched())) {
                // What stopped for lack of room must not keep the node from starting. A newcomer goes on with its half.
                snapshotParts(configuration, folder.snapshots(), Runnable::run).removeUnfinished();
            }
            NodeStart.requireSpace(folder, configuration.get(Keys.DISK_RESERVE));
            Opening from = new Opening(
                    configuration,
                    constitution,
                    life.keys(),
                    incarnation,
                    life.platform(),
                    folder,
                    clock,
                    random,
                    consensusLimits);
            if (!constitution.isFounder()) {
                new Joining(from.joining()).join();
            }
            Node node = new Node(from, lock);
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
                        core, log, this::role, index, channel, admitting, reading, condition, listeners, care, disk));
        try {
            journalThread.start();
            for (HttpListener listener : listeners) {
                listener.start();
            }
            serviceTime.voters(others());
            clockExchange.start();
            core.replica().start(log);
            joined = true;
            admission.started();
            keepers.forEach(Thread::start);
            governing.carryOut(
                    new Compensations(core::ledger, offer -> core.replica().submit(offer), LOG::warn), background);
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
        watch.start();
    }

    private Core openCore(Opening from, Ledgers ledgers, Keyring keyring, JournalLimits journalLimits) {
        GovernanceLedgerFactory governance = new GovernanceLedgerFactory(
                new GovernanceLedgerFactory.Parts(constitution.serviceId(), admission, scripts, governing, governing));
        Ledgers.Administrator administrator =
                new Ledgers.Administrator(governance, constitution.genesis().bytes());
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
                        new NodeAdministration(
                                governing.capturing(governance),
                                admission::quarantined,
                                admission::ids,
                                new UseBook(users)),
                        ledgers.followedBy(users.factory()),
                        ledgers.documents(administrator),
                        rpcSettings(),
                        keyring,
                        new BlockSealer(sealer, from.random(), journalLimits),
                        from.keys().wrapping(),
                        from.random(),
                        journal,
                        new HistoryLookup(index),
                        coreThread,
                        channel,
                        new ComputePools(admitting.executor(), reading.executor(), tasks),
                        background,
                        new Watching(
                                metrics,
                                this::onApplied,
                                height -> onRemoved("by block " + height),
                                admission::secretsChanged),
                        clock,
                        NodeStart.coreLimits(configuration),
                        journalLimits,
                        NodeStart.storeLimits(Runtime.getRuntime().maxMemory()),
                        snapshotParts(configuration, from.folder().snapshots(), snapshotting)),
                height -> {});
        LOG.info(
                "replayed the journal from height {} to height {} in {} ms",
                opened.snapshotHeight() + 1,
                opened.heads().height(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        return opened;
    }

    private static SnapshotParts snapshotParts(Configuration configuration, Path folder, Executor background) {
        return new SnapshotParts(
                new FileStorage(folder),
                configuration.get(Keys.SNAPSHOT_INTERVAL_BLOCKS),
                configuration.get(Keys.SNAPSHOT_INTERVAL_BYTES),
                configuration.get(Keys.SNAPSHOT_KEEP),
                () -> NodeSpace.room(folder, configuration.get(Keys.DISK_RESERVE)),
                background);
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
                        configuration.get(Keys.RPC_FILTER_TIMEOUT).toMillis()),
                configuration.get(Keys.ACCESS_ANSWER_GRID).toMillis());
    }

    /**
     * The voters beside this node, as the log has them: a listed node that never came up would stop time. Before the
     * log runs nobody else is known than those on the list.
     */
    private Set<PeerId> others() {
        Stream<PeerId> voters = log.peers().stream().map(Peer::id);
        Stream<PeerId> listed = core.roster().nodes().stream().map(node -> new PeerId(node.id()));
        return (log.peers().isEmpty() ? listed : voters)
                .filter(peer -> !peer.value().equals(self().id()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private List<HttpListener> makeListeners() {
        Freshness freshness = new Freshness(
                () -> core.replica().linearizable(), System::nanoTime, configuration.get(Keys.READ_MAX_STALENESS));
        Gate gate = new Gate(users, freshness, System::nanoTime);
        JournalPages proofs = new JournalPages(
                core::receipts,
                () -> core.replica().linearizable(),
                gate::ofHeader,
                JournalPages.Shows.of(core),
                () -> core.access().anonymousReads(),
                AnswerGrid.of(clock, configuration.get(Keys.ACCESS_ANSWER_GRID)::toMillis));
        NodePages pages = new NodePages(this::health, this::state, this::hashAt, admission.openRoutes(), proofs);
        ChannelServer server = new ChannelServer(
                new ReplicaDesk(core.replica(), clock, disk),
                certificate -> admission.peers().spoke(certificate) != null,
                ChannelLimits.DEFAULT);
        Route.Access operators = admission::isOperator;
        List<Endpoint> endpoints = core.endpoints();
        core.events();
        List<Route> administrative = new ArrayList<>(server.routes());
        administrative.addAll(admission.routes());
        administrative.addAll(operating(operators));
        administrative.addAll(new CertificateDesk(constitution.serviceId(), users, gate, random).routes());
        SignInDesk desk = new SignInDesk(NodeStart.signIn(configuration, constitution), users, gate, random);
        Listeners make = new Listeners(
                configuration, new Listeners.Entrance(gate, desk), self(), admission.identity(), clock, metrics);
        List<HttpListener> made = new ArrayList<>();
        make.plain(
                        endpoints,
                        core.sockets(),
                        operating(Route.Access.ANYBODY),
                        Listeners.eventRoutes(governing.events(), Route.Access.ANYBODY),
                        pages,
                        metrics::scrape)
                .ifPresent(made::add);
        made.add(make.application(endpoints, core.sockets(), pages));
        made.add(make.administrative(
                administrative,
                Listeners.eventRoutes(governing.events(), operators),
                pages,
                operators,
                metrics::scrape));
        long period = configuration.get(Keys.READ_MAX_STALENESS).toNanos() / NodeLimits.SESSION_CHECKS;
        var _ = watchdog.scheduleWithFixedDelay(
                () -> made.forEach(listener -> listener.judgeSocketCallers(NodeLimits.UNCONFIRMED)),
                period,
                period,
                TimeUnit.NANOSECONDS);
        return List.copyOf(made);
    }

    /** How the network is and is governed. */
    private List<Route> operating(Route.Access access) {
        NetworkPage network = new NetworkPage(
                this::state,
                () -> admission.peers().standing().constitution().nodes().nodes(),
                channel::state,
                admission,
                System::nanoTime);
        List<Route> routes = new ArrayList<>(Listeners.administrativeRoutes(governing.endpoints(), access));
        routes.add(network.route(access));
        routes.add(admission.refusals(access));
        return routes;
    }

    private void onApplied(long height) {
        admission.applied(height);
    }

    /** What the network agreed on holds at once: whoever is connected here is so no longer. */
    private void onRemoved(String words) {
        condition.fail();
        LOG.warn("members removed this node from the network {}: it ends", words);
        failure.complete(new NodeException("this node was removed from the network " + words));
        Thread.ofPlatform().name("removed").start(() -> listeners.forEach(HttpListener::abort));
    }

    /** Tells metrics of everything, and the rest of the node of what it must not miss. */
    private record Watching(NodeMetrics metrics, LongConsumer onApplied, LongConsumer onRemoved, Runnable onRoster)
            implements ReplicaParts.Observer {
        @Override
        public void applied(long height, int transactions) {
            onApplied.accept(height);
            metrics.applied(height, transactions);
        }

        @Override
        public void built(int transactions, int sealedBytes, long executeNanos, long sealNanos) {
            metrics.built(transactions, sealedBytes, executeNanos, sealNanos);
        }

        @Override
        public void committed(long nanos) {
            metrics.committed(nanos);
        }

        @Override
        public void rosterChanged(long height, Roster roster) {
            onRoster.run();
        }

        @Override
        public void removed(long height) {
            onRemoved.accept(height);
        }

        @Override
        public void failed(Throwable cause) {
            metrics.failed(cause);
        }
    }

    /** The replica as the channel's server sees it. */
    private record ReplicaDesk(Replica replica, InstantSource clock, DiskGuard disk) implements ChannelServer.Desk {
        @Override
        public CompletableFuture<NodeChannel.Verdicts> forwarded(List<Offer> offers, boolean again) {
            return replica.forwarded(offers, again);
        }

        @Override
        public CompletableFuture<byte[]> asked(String ledger, byte[] question) {
            return replica.asked(ledger, question);
        }

        @Override
        public long clockMillis() {
            return clock.millis();
        }

        @Override
        public boolean hasSpace() {
            return disk.hasSpace();
        }
    }

    private void watchCondition() {
        try {
            while (!condition.isOver()) {
                renewIfDue();
                admission.awaitDue(condition.check());
            }
        } catch (InterruptedException stopped) {
            // The node stops, and its condition with it.
            Thread.currentThread().interrupt();
        }
    }

    /** A certificate that cannot be made now is tried again: this thread must not end for it. */
    private void renewIfDue() {
        try {
            admission.renewIfDue();
        } catch (RuntimeException failed) {
            LOG.warn("this node's certificate is not renewed: {}", Faults.withoutText(failed));
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
            admission.confirmed();
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
        clockExchange.interrupt();
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
        for (ChannelClient.Target target : admission.targets()) {
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
            keepers.forEach(Thread::interrupt);
            for (Thread keeper : keepers) {
                keeper.join(NodeLimits.BACKGROUND_STOP.toMillis());
            }
            admission.close();
            log.close();
            channel.close();
            coreThread.close();
            journalThread.interrupt();
            journalThread.join(NodeLimits.JOURNAL_STOP.toMillis());
            for (ExecutorService worker : List.of(background, snapshotting)) {
                worker.shutdownNow();
                if (!worker.awaitTermination(NodeLimits.BACKGROUND_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("background work does not end");
                }
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        coreThread.close();
        background.shutdownNow();
        snapshotting.shutdownNow();
        tasks.shutdownNow();
        admitting.close();
        reading.close();
        scripts.close();
        watchdog.shutdownNow();
        index.close();
        journal.close();
        metrics.close();
        lock.release();
    }

    private void onFailed(Throwable cause) {
        condition.fail();
        // What this package says names peers, heights and files, and is meant for whoever runs the node.
        String words = cause instanceof NodeException && cause.getMessage() != null
                ? cause.getMessage()
                : Faults.withoutText(cause);
        LOG.error("this node has found itself wrong and stops: {}", words);
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
        Instant ends = constitution.self().certificate().getNotAfter().toInstant();
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
                platform.label(),
                platform.isHardware()
                        ? null
                        : "simulated trusted execution environment: nothing protects this node from its host",
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

    /** Of this software. */
    static String version() {
        String version = Node.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** One Raft group for each service: nodes of two services never meet in one. */
    static UUID group(byte[] serviceId) {
        ByteBuffer bytes = ByteBuffer.wrap(serviceId);
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
