package coco.core;

import coco.consensus.PeerId;
import coco.journal.BlockOpener;
import coco.journal.BlockSealer;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.ReadResult;
import coco.journal.SealerDirectory;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.StoreStatistics;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.EventEndpoint;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.Offer;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.SocketEndpoint;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A node's core, put together from its parts and brought to where its journal ends. */
public final class Core {
    private final Replica replica;
    private final Archive archive;
    private final Heads heads;
    private final JournalWriter writer;
    private final Store store;
    private final StateHistory states;
    private final List<Ledger> ledgers;
    private final Receipts receipts;
    private final long snapshotHeight;

    private Core(
            Replica replica,
            Archive archive,
            Heads heads,
            JournalWriter writer,
            Store store,
            StateHistory states,
            List<Ledger> ledgers,
            Receipts receipts,
            long snapshotHeight) {
        this.receipts = receipts;
        this.replica = replica;
        this.archive = archive;
        this.heads = heads;
        this.writer = writer;
        this.store = store;
        this.states = states;
        this.ledgers = List.copyOf(ledgers);
        this.snapshotHeight = snapshotHeight;
    }

    /**
     * Everything a core is made from.
     *
     * @param self this node's name in the Raft group
     * @param serviceId of the network
     * @param administration how the network is administered
     * @param factories the network's other ledgers, in the order of the genesis document
     * @param ledgerDocuments each ledger's part of the genesis document
     * @param rpc settings of requests
     * @param keys the secrets that the node begins with; it takes in what blocks bring
     * @param sealer this life's sealer
     * @param wrappingKey the P-256 key to which secrets are encrypted for this node
     * @param random where it draws secrets from when it leads
     * @param journal opened and checked; holds at least genesis
     * @param index opened; replay adds the heights that it lacks
     * @param scheduler the core thread
     * @param channel to the leader
     * @param compute bounded pools for handlers' work
     * @param background for low-priority work, one task at a time
     * @param observer hears of progress and failure
     * @param clock for handlers
     * @param limits of batches and blocks
     * @param journalLimits of the journal
     * @param storeLimits of the kv store
     * @param snapshots where they are and when they are made; null for none
     */
    public record Parts(
            PeerId self,
            byte[] serviceId,
            Administration administration,
            List<LedgerFactory> factories,
            Map<String, byte[]> ledgerDocuments,
            RpcSettings rpc,
            Keyring keys,
            BlockSealer sealer,
            PrivateKey wrappingKey,
            SecureRandom random,
            Journal journal,
            Lookup index,
            Scheduler scheduler,
            NodeChannel channel,
            ComputePools compute,
            Executor background,
            ReplicaParts.Observer observer,
            InstantSource clock,
            CoreLimits limits,
            JournalLimits journalLimits,
            StoreLimits storeLimits,
            @Nullable SnapshotParts snapshots) {
        public Parts {
            factories = List.copyOf(factories);
            ledgerDocuments = Map.copyOf(ledgerDocuments);
        }
    }

    /**
     * Begins with the newest snapshot that is fit, or with nothing, replays the journal from there and makes the
     * replica, which is not started yet.
     *
     * @param progress hears each replayed height
     */
    public static Core open(Parts parts, LongConsumer progress) {
        Heads heads = new Heads();
        StateHistory states = new StateHistory(parts.limits());
        List<LedgerPort> ports = new ArrayList<>();
        List<Ledger> ledgers = new ArrayList<>();
        for (LedgerFactory factory : factories(parts)) {
            byte[] document = parts.ledgerDocuments().getOrDefault(factory.id(), new byte[0]);
            LedgerPort port = new LedgerPort(
                    factory.id(),
                    ports.size(),
                    document,
                    parts.rpc(),
                    parts.clock(),
                    parts.compute(),
                    heads,
                    states,
                    parts.administration());
            ports.add(port);
            ledgers.add(factory.create(port));
        }
        @Nullable Ledger administrative = parts.administration().ledger() == null ? null : ledgers.getFirst();
        List<MapSpec> maps = GenesisBlock.allMaps(ledgers, administrative == null ? null : administrative.id());
        SnapshotStart.Loaded snapshot = SnapshotStart.newest(parts, maps);
        SealerDirectory.Tracked sealers = snapshot == null ? new SealerDirectory.Tracked() : snapshot.sealers();
        BlockOpener opener = new BlockOpener(parts.serviceId(), parts.keys(), sealers, parts.journalLimits());
        LedgerBlocks contents = new LedgerBlocks(administrative);
        JournalWriter writer = new JournalWriter(parts.journal(), parts.journalLimits(), parts.index()::endChunk);
        Archive archive = new Archive(
                parts.journal(),
                writer,
                opener,
                contents,
                parts.index(),
                ledgers,
                parts.background(),
                broken -> parts.scheduler().execute(() -> parts.observer().failed(broken)));
        Store store = snapshot == null ? new Store(maps, parts.storeLimits()) : snapshot.store();
        Succession succession = succession(parts, sealers);
        Snapshots snapshots = snapshots(parts, store, maps, writer);
        Chain chain = new Chain(store, maps, ledgers, opener, succession, contents, archive, heads, states, snapshots);
        if (snapshot != null) {
            chain.resume(snapshot.context());
        }
        replay(parts.journal(), chain, writer.durableHeight(), progress);
        snapshots.start();
        ReplicaParts replicaParts = new ReplicaParts(
                parts.self(),
                parts.scheduler(),
                parts.sealer(),
                writer,
                parts.channel(),
                parts.background(),
                parts.observer(),
                parts.limits());
        Replica replica = new Replica(replicaParts, chain);
        ports.forEach(port -> port.connect(replica, archive));
        ledgers.forEach(ledger -> ledger.rebase(chain.version()));
        List<String> ids = ledgers.stream().map(Ledger::id).toList();
        Receipts receipts = new Receipts(archive, opener, sealers, heads, ids, replica);
        long snapshotHeight = snapshot == null ? -1 : snapshot.height();
        return new Core(replica, archive, heads, writer, store, states, ledgers, receipts, snapshotHeight);
    }

    private static List<LedgerFactory> factories(Parts parts) {
        List<LedgerFactory> factories = new ArrayList<>();
        LedgerFactory administrative = parts.administration().ledger();
        if (administrative != null) {
            factories.add(administrative);
        }
        factories.addAll(parts.factories());
        return factories;
    }

    private static Succession succession(Parts parts, SealerDirectory.Tracked sealers) {
        return new Succession(
                parts.serviceId(),
                parts.administration(),
                parts.keys(),
                sealers,
                new Succession.Self(parts.sealer().certificateDigest(), parts.wrappingKey(), parts.random()),
                parts.limits());
    }

    private static Snapshots snapshots(Parts parts, Store store, List<MapSpec> maps, JournalWriter writer) {
        SnapshotParts own = parts.snapshots();
        return new Snapshots(
                own,
                new Snapshots.Resources(
                        parts.serviceId(),
                        SnapshotManifest.key(parts.serviceId(), parts.wrappingKey()),
                        store,
                        maps,
                        writer,
                        parts.index()::endChunk,
                        parts.scheduler(),
                        own == null ? parts.background() : own.background(),
                        parts.random(),
                        broken ->
                                parts.scheduler().execute(() -> parts.observer().failed(broken))));
    }

    private static void replay(Journal journal, Chain chain, long durableHeight, LongConsumer progress) {
        for (long height = chain.height() + 1; height <= durableHeight; height++) {
            switch (journal.read(height)) {
                case ReadResult.Found(JournalEntry entry) -> chain.recover(entry, height == durableHeight);
                case ReadResult.Missing missing ->
                    throw new CoreException("the journal lacks blocks " + missing.firstHeight() + " to "
                            + missing.lastHeight() + ": " + missing.words());
                case ReadResult.OutOfRange outOfRange -> throw new CoreException("the journal lacks block " + height);
            }
            progress.accept(height);
        }
    }

    /** The state machine to drive. */
    public Replica replica() {
        return replica;
    }

    /** Who belongs to the network from the block after the last applied one on. Any thread. */
    public Roster roster() {
        return replica.roster();
    }

    /** Committed blocks. */
    public Archive archive() {
        return archive;
    }

    /** Proofs of what is committed. */
    public Receipts receipts() {
        return receipts;
    }

    /**
     * Whether a caller may know of a committed transaction; see {@link Ledger#shows}. One of a ledger that there is not
     * is shown to nobody.
     */
    public boolean shows(Caller caller, String ledger, byte[] transaction) {
        return ledgers.stream()
                .filter(each -> each.id().equals(ledger))
                .anyMatch(each -> each.shows(caller, transaction));
    }

    /**
     * Whether a caller may know of a transaction that is in no block; see {@link Ledger#showsWaiting}. One for a ledger
     * that there is not is nobody's.
     */
    public boolean showsWaiting(Caller caller, Offer offer) {
        return ledgers.stream()
                .filter(each -> each.id().equals(offer.ledger()))
                .anyMatch(each -> each.showsWaiting(caller, offer));
    }

    /** Whether nothing is hidden from a caller; see {@link Ledger#showsAll}. */
    public boolean showsAll(Caller caller) {
        return ledgers.stream().allMatch(each -> each.showsAll(caller));
    }

    /** What is in force after the last applied block. Any thread. */
    public AccessSettings access() {
        return heads.newest().access();
    }

    /** The committed head. */
    public Heads heads() {
        return heads;
    }

    /** What is on its way to the journal, for whoever drives {@link JournalWriter#write} by himself. */
    public JournalWriter writer() {
        return writer;
    }

    /** Writes the journal until interrupted: the body of a thread of its own. A disk that fails stops the node. */
    public void runJournal() {
        try {
            writer.run();
        } catch (RuntimeException | Error broken) {
            replica.failed(broken);
        }
    }

    /** What the store holds. Any thread. */
    public StoreStatistics storeStatistics() {
        return store.statistics();
    }

    /** Height of the snapshot that this life began with; -1 if it replayed everything. */
    public long snapshotHeight() {
        return snapshotHeight;
    }

    /** The states that are kept. */
    public StateHistory states() {
        return states;
    }

    /** The ledger of that id; null if none runs here. */
    public @Nullable Ledger ledger(String id) {
        return ledgers.stream()
                .filter(ledger -> ledger.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** Transactions pooled here, by ledger. Any thread; a moment old. */
    public Map<String, IntSupplier> pooled() {
        Map<String, IntSupplier> pooled = new TreeMap<>();
        ledgers.forEach(ledger -> pooled.put(ledger.id(), ledger::pooled));
        return pooled;
    }

    /** Where clients reach the ledgers. */
    public List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        ledgers.forEach(ledger -> endpoints.addAll(ledger.endpoints()));
        return endpoints;
    }

    /** Where clients listen to the ledgers. */
    public List<EventEndpoint> events() {
        List<EventEndpoint> events = new ArrayList<>();
        ledgers.forEach(ledger -> events.addAll(ledger.events()));
        return events;
    }

    /** Where clients hold connections open to the ledgers. */
    public List<SocketEndpoint> sockets() {
        List<SocketEndpoint> sockets = new ArrayList<>();
        ledgers.forEach(ledger -> sockets.addAll(ledger.sockets()));
        return sockets;
    }
}
