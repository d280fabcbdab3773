package coco.core;

import coco.consensus.LogPosition;
import coco.journal.DurablePosition;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Committed blocks on their way to disk. Apply hands them over; whoever drives {@link #write} (a thread of its own in a
 * node, an event in a simulation) writes and forces them. Nothing waits for that: what makes a block survive is the
 * Raft log, which keeps every entry until {@link #durable} has passed it.
 */
public final class JournalWriter {
    /** Most blocks waiting to be written: at 25 a second more than a second of a stalled disk. */
    private static final int QUEUE_BLOCKS = 32;

    private final Journal journal;
    private final JournalLimits limits;
    private final Runnable chunkClosed;
    private int closedChunks;
    private final ArrayDeque<JournalEntry> queue = new ArrayDeque<>();
    private volatile LogPosition durable;
    private volatile long durableHeight;
    private long unforcedBytes;
    private long unforcedSinceNanos;
    private @Nullable JournalEntry writing;
    private volatile @Nullable Thread driver;

    /**
     * Continues after the journal's last entry.
     *
     * @param chunkClosed told whenever a chunk was closed for good, by the thread that writes
     */
    JournalWriter(Journal journal, JournalLimits limits, Runnable chunkClosed) {
        this.journal = journal;
        this.limits = limits;
        this.chunkClosed = chunkClosed;
        this.closedChunks = journal.closedChunks();
        this.durable = logPosition(journal.durable());
        this.durableHeight = journal.durable().height();
    }

    /** Genesis came by no log, so it counts as before the first entry. */
    private static LogPosition logPosition(DurablePosition position) {
        return position.raftIndex() < 0 ? LogPosition.NONE : new LogPosition(position.raftTerm(), position.raftIndex());
    }

    /** Position in Raft's log of the last entry that is on disk here. Any thread. */
    LogPosition durable() {
        return durable;
    }

    /** Height of the last block that is on disk here. Any thread. */
    public long durableHeight() {
        return durableHeight;
    }

    /** How many blocks wait to be written. Any thread. */
    public int queued() {
        synchronized (queue) {
            return queue.size();
        }
    }

    /** A block that was handed over and may not be in the journal yet; null if it is. Any thread. */
    @Nullable
    JournalEntry waiting(long height) {
        synchronized (queue) {
            JournalEntry current = writing;
            if (current != null && current.height() == height) {
                return current;
            }
            for (JournalEntry entry : queue) {
                if (entry.height() == height) {
                    return entry;
                }
            }
        }
        return null;
    }

    /**
     * Hands a block over. Waits while too many are queued, if another thread writes: a disk slower than consensus must
     * slow this node down before memory fills. In a simulation, where nobody could make room meanwhile, it does not
     * wait.
     */
    void append(JournalEntry entry) {
        synchronized (queue) {
            while (queue.size() >= QUEUE_BLOCKS && isDriven()) {
                try {
                    queue.wait(100);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
            queue.addLast(entry);
            queue.notifyAll();
        }
    }

    private boolean isDriven() {
        Thread current = driver;
        return current != null && current.isAlive();
    }

    /**
     * Writes what is queued and forces when enough is unforced or it has waited long enough. One thread at a time.
     *
     * @return how many nanoseconds until the next force is due; -1 if nothing waits for one
     */
    public long write(long nowNanos) {
        while (true) {
            JournalEntry entry;
            synchronized (queue) {
                entry = queue.pollFirst();
                writing = entry;
                queue.notifyAll();
            }
            if (entry == null) {
                break;
            }
            if (unforcedBytes == 0) {
                unforcedSinceNanos = nowNanos;
            }
            journal.append(entry);
            if (journal.closedChunks() != closedChunks) {
                closedChunks = journal.closedChunks();
                chunkClosed.run();
            }
            unforcedBytes += entry.block().bytes().length;
        }
        if (unforcedBytes == 0) {
            return -1;
        }
        long due = unforcedSinceNanos + TimeUnit.MILLISECONDS.toNanos(limits.forceMillis()) - nowNanos;
        if (due <= 0 || unforcedBytes >= limits.forceBytes()) {
            force();
            return -1;
        }
        return due;
    }

    /** Forces everything that was written. The thread of {@link #write} only. */
    public void force() {
        journal.force();
        unforcedBytes = 0;
        DurablePosition position = journal.durable();
        durableHeight = position.height();
        durable = logPosition(position);
    }

    /**
     * Writes until interrupted, then writes and forces the rest: the body of a node's journal thread.
     *
     * @throws coco.journal.JournalException if the disk fails; a node must not go on without its journal
     */
    public void run() {
        driver = Thread.currentThread();
        while (!Thread.interrupted()) {
            long due = write(System.nanoTime());
            try {
                synchronized (queue) {
                    if (queue.isEmpty()) {
                        queue.wait(due < 0 ? 1_000 : Math.max(1, due / 1_000_000));
                    }
                }
            } catch (InterruptedException e) {
                break;
            }
        }
        write(System.nanoTime());
        force();
    }
}
