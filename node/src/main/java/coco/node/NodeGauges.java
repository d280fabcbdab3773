package coco.node;

import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.core.Core;
import coco.core.Replica;
import coco.journal.HistoryIndex;
import coco.node.channel.ChannelClient;
import coco.node.http.HttpListener;
import coco.node.repair.DiskGuard;
import coco.node.repair.JournalCare;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The numbers of a node that are asked for at each scrape. */
record NodeGauges(NodeMetrics metrics) {
    /** Whose numbers they are. */
    record Sources(
            Core core,
            ReplicatedLog log,
            Supplier<Role> role,
            HistoryIndex index,
            ChannelClient channel,
            ComputePool admission,
            ComputePool reading,
            NodeCondition condition,
            List<HttpListener> listeners,
            JournalCare care,
            DiskGuard disk) {}

    void register(Sources node) {
        metrics.gauge(
                "coco.ready", "1 if this node serves", () -> node.condition().isReady() ? 1 : 0);
        metrics.gauge("coco.platform.simulated", "1 if nothing protects this node from its host", () -> 1);
        replication(node);
        store(node.core());
        core(node);
        disk(node.care(), node.disk());
        for (HttpListener listener : node.listeners()) {
            String name = listener.name();
            metrics.gauge("coco.http.connections", "Open connections", "listener", name, listener::connections);
            metrics.gauge(
                    "coco.http.held.bytes", "Bodies and answers in memory", "listener", name, listener::heldBytes);
            metrics.gauge(
                    "coco.websocket.connections", "Open WebSocket connections", "listener", name, listener::sockets);
            metrics.gauge(
                    "coco.websocket.queued.bytes",
                    "Bytes that wait for WebSocket clients to read them",
                    "listener",
                    name,
                    listener::queuedBytes);
        }
    }

    private void replication(Sources node) {
        metrics.gauge("coco.raft.term", "Newest term seen", node.log()::term);
        for (Role role : Role.values()) {
            metrics.gauge(
                    "coco.raft.role",
                    "1 for the role this node has",
                    "role",
                    role.name().toLowerCase(Locale.ROOT),
                    () -> node.role().get() == role ? 1 : 0);
        }
        metrics.gauge(
                "coco.channel.forwarded.offers",
                "Offers handed to other nodes so far",
                node.channel()::forwardedOffers);
    }

    private void core(Sources node) {
        Core core = node.core();
        Replica replica = core.replica();
        metrics.gauge("coco.height", "Height of the last applied block", core.heads()::height);
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
        core.pooled()
                .forEach((ledger, pooled) ->
                        metrics.gauge("coco.pool.transactions", "Pooled here", "ledger", ledger, pooled::getAsInt));
        metrics.gauge("coco.admission.queue", "Requests waiting to be admitted", node.admission()::waiting);
        metrics.gauge("coco.reading.queue", "Calls and scans waiting for a processor", node.reading()::waiting);
        metrics.gauge(
                "coco.journal.durable.height",
                "Height up to which the journal is on disk",
                core.writer()::durableHeight);
        metrics.gauge("coco.journal.queue", "Committed blocks waiting to be written", core.writer()::queued);
        metrics.gauge("coco.index.runs", "Runs of the history index on disk", node.index()::runs);
    }

    private void disk(JournalCare care, DiskGuard disk) {
        metrics.gauge("coco.disk.free.bytes", "Left on the fullest of this node's disks", disk::freeBytes);
        metrics.gauge("coco.disk.full", "1 if less than disk.reserve is left", () -> disk.hasSpace() ? 0 : 1);
        metrics.gauge("coco.journal.quarantined", "Damaged files put aside since the start", care::quarantined);
        metrics.gauge("coco.journal.restored", "Ranges fetched from other nodes since the start", care::restored);
        metrics.gauge("coco.journal.missing.heights", "Blocks that are missing here now", care::missingHeights);
        metrics.gauge("coco.scrub.bytes", "Bytes of closed files read again since the start", care::scrubbedBytes);
        metrics.gauge("coco.scrub.height", "Height to which this round has come", care::scrubbedHeight);
        metrics.gauge("coco.scrub.rounds", "Rounds through all closed files", care::rounds);
    }

    private void store(Core core) {
        String name = "coco.store.bytes";
        String meaning = "Memory of the ledgers' state: in use, superseded and leased, and the arrays it lies in";
        metrics.gauge(
                name, meaning, "kind", "live", () -> core.storeStatistics().liveBytes());
        metrics.gauge(
                name, meaning, "kind", "waiting", () -> core.storeStatistics().waitingBytes());
        metrics.gauge(
                name, meaning, "kind", "slabs", () -> core.storeStatistics().slabBytes());
        metrics.gauge(
                "coco.store.versions",
                "Versions of the state that are kept",
                () -> core.storeStatistics().versions());
        metrics.gauge("coco.history.states", "Blocks of which the state is kept", core.states()::count);
        metrics.gauge(
                "coco.history.state.bytes",
                "Memory that the kept states of blocks before the newest cost",
                core.states()::bytes);
    }
}
