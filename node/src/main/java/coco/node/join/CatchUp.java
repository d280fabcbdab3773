package coco.node.join;

import coco.consensus.LogPosition;
import coco.journal.BlockHeader;
import coco.journal.JournalEntry;
import coco.node.admission.NodeCertificates;
import coco.node.channel.ChannelException;
import coco.node.channel.JournalRange;
import coco.node.channel.TransferClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a running node that is too far behind for the log up to date: journal entries of other nodes are applied as if
 * the log had brought them, which opens and checks every block, until they reach what the leader's log still has.
 *
 * <p>One range at a time, durable before the next is asked for: memory is bounded by one message, and whoever
 * interrupts it anywhere finds a journal that goes on from there.
 */
public final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    /** For applying and writing one message of blocks: some hundred of them, or one large one. */
    private static final Duration RANGE = Duration.ofMinutes(2);

    /** Between two looks at how far the disk is. */
    private static final Duration LOOK = Duration.ofMillis(5);

    private final byte[] serviceId;
    private final Sink sink;
    private final LongSupplier nanoTime;

    /** The node that is behind. Any thread. */
    public interface Sink {
        /** The last applied block. */
        NodeCertificates.Head head();

        /** Applies the block after it; completes when that has taken effect. */
        CompletableFuture<?> take(JournalEntry entry);

        /** How far the journal is on disk. */
        LogPosition durable();
    }

    /** Where entries come from: the other nodes, as the channel admits them. */
    public interface Source {
        /** Entries from this height on. */
        JournalRange journal(long fromHeight) throws InterruptedException;

        /** A node's. */
        static Source of(TransferClient node) {
            return node::journal;
        }
    }

    /** @param nanoTime monotonic */
    public CatchUp(byte[] serviceId, Sink sink, LongSupplier nanoTime) {
        this.serviceId = serviceId.clone();
        this.sink = sink;
        this.nanoTime = nanoTime;
    }

    /**
     * Fetches until the journal reaches the beginning of the leader's log.
     *
     * @param first where that begins
     * @param sources asked one after the other, until it is reached
     * @return what is durable then
     * @throws JoinException if none of them has enough, or what they have does not follow
     */
    public LogPosition run(LogPosition first, List<Source> sources) throws InterruptedException {
        for (Source source : sources) {
            try {
                fetch(source);
            } catch (ChannelException silent) {
                LOG.info("a node does not give its journal: {}", silent.getMessage());
            }
            LogPosition durable = sink.durable();
            if (durable.index() + 1 >= first.index()) {
                return durable;
            }
        }
        throw new JoinException("no node that answers has the journal up to " + first);
    }

    /** Up to what the source had when it was asked first: under load it always has more, which the log brings. */
    private void fetch(Source source) throws InterruptedException {
        long last = -1;
        while (true) {
            NodeCertificates.Head head = sink.head();
            JournalRange range = source.journal(head.height() + 1);
            if (range.entries().isEmpty()) {
                return;
            }
            if (last < 0) {
                last = range.lastHeight();
            }
            CompletableFuture<?> taken = CompletableFuture.completedFuture(null);
            long index = sink.durable().index();
            for (JournalEntry entry : range.entries()) {
                head = following(head, index, entry);
                index = entry.raftIndex();
                taken = sink.take(entry);
            }
            awaitDurable(taken, index);
            LOG.info("journal fetched up to height {}", head.height());
            if (head.height() >= last) {
                return;
            }
        }
    }

    /** What does not follow must not reach the chain, which takes it for a broken invariant of consensus. */
    private NodeCertificates.Head following(NodeCertificates.Head head, long index, JournalEntry entry) {
        BlockHeader header = entry.block().header();
        if (header.height() != head.height() + 1
                || !Arrays.equals(header.parent(), head.hash())
                || !Arrays.equals(header.serviceId(), serviceId)
                || entry.raftIndex() <= index) {
            throw new JoinException(
                    "chain: block " + header.height() + " does not follow what is here up to " + head.height());
        }
        return new NodeCertificates.Head(header.height(), entry.block().headerHash());
    }

    private void awaitDurable(CompletableFuture<?> taken, long index) throws InterruptedException {
        long deadline = nanoTime.getAsLong() + RANGE.toNanos();
        try {
            taken.get(RANGE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw new JoinException("what was fetched cannot be applied");
        }
        while (sink.durable().index() < index) {
            if (nanoTime.getAsLong() > deadline) {
                throw new JoinException("what was fetched is not written to disk in time");
            }
            Thread.sleep(LOOK);
        }
    }
}
