package coco.node.repair;

import coco.consensus.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops writes before a disk is full. A log or a journal that meets the end of its disk is fatal to a node, so there is
 * a reserve: a node with less takes no transactions, and hands the lead to one that has more. A leader also stops when
 * only a minority of nodes would have space for what it builds. Reads go on. Below an eighth of the reserve, which only
 * what other leaders commit can use up, a node ends in order, before its log fails. All of it is undone as soon as
 * there is space again.
 */
public final class DiskGuard {
    private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);

    /** What one look costs is a system call; what is written meanwhile must be far less than the reserve. */
    static final Duration LOOK = Duration.ofSeconds(1);

    /** A node whose lead nobody took does not offer it again at once. */
    private static final long HANDOVER_PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    /** A node ends in order below this part of the reserve. */
    private static final int FLOOR_PART = 8;

    /** The node, as far as its disk concerns it. */
    public interface Desk {
        /** Bytes that can still be written in each folder, with its name. */
        List<Space> spaces();

        /** Takes no more writes, for this reason; null: goes on. */
        void writes(@Nullable String stopped);

        /** Whether this node leads. */
        boolean leads();

        /** The other voters. */
        Set<PeerId> others();

        /** Whether another node has space. */
        CompletableFuture<Boolean> hasSpace(PeerId node);

        /** Hands the lead to another node. */
        CompletableFuture<Boolean> handOver(PeerId node);

        /** Ends this node. */
        void end(String why);
    }

    /** Space that is left for one folder. */
    public record Space(String folder, long bytes) {}

    private final Desk desk;
    private final long reserveBytes;
    private volatile boolean hasSpace = true;
    private volatile long freeBytes = -1;
    private @Nullable String told;
    private long handOverAtNanos;
    private boolean ended;

    /** @param reserveBytes of each folder's disk; 0: no reserve */
    public DiskGuard(Desk desk, long reserveBytes, long nowNanos) {
        this.desk = desk;
        this.reserveBytes = reserveBytes;
        this.handOverAtNanos = nowNanos;
    }

    /** With less than this no node runs. */
    public static long floor(long reserveBytes) {
        return reserveBytes / FLOOR_PART;
    }

    /** Whether this node has more than its reserve. Any thread. */
    public boolean hasSpace() {
        return hasSpace;
    }

    /** What the last look found on the fullest disk; -1 before the first. Any thread. */
    public long freeBytes() {
        return freeBytes;
    }

    /** Looks until interrupted. */
    public void watch() {
        try {
            while (true) {
                try {
                    look(System.nanoTime());
                } catch (RuntimeException unknown) {
                    LOG.warn("the space on the disks is not known now: {}", unknown.getMessage());
                }
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look, and what follows from it. */
    void look(long nowNanos) throws InterruptedException {
        if (reserveBytes == 0) {
            return;
        }
        Space least = desk.spaces().stream()
                .min((one, other) -> Long.compare(one.bytes(), other.bytes()))
                .orElseThrow();
        hasSpace = least.bytes() >= reserveBytes;
        freeBytes = least.bytes();
        if (least.bytes() < floor(reserveBytes) && !ended) {
            ended = true;
            desk.end("the disk of " + least.folder() + " is all but full (" + least.bytes()
                    + " bytes are left): this node ends before its log fails");
        }
        boolean leads = desk.leads();
        List<PeerId> roomy = leads ? roomy() : List.of();
        String why = null;
        if (!hasSpace) {
            why = "the disk of this node is full: " + least.bytes() + " bytes are left for " + least.folder()
                    + ", which is less than disk.reserve";
        } else if (leads && 2 * (roomy.size() + 1) <= desk.others().size() + 1) {
            why = "the disks of so many nodes are full that only a minority could write";
        }
        tell(why);
        if (leads && !hasSpace && nowNanos - handOverAtNanos >= 0) {
            handOverAtNanos = nowNanos + HANDOVER_PAUSE_NANOS;
            handOver(roomy);
        }
    }

    private void tell(@Nullable String why) {
        if ((why == null) != (told == null)) {
            if (why == null) {
                LOG.info("there is space again: this node takes transactions");
            } else {
                LOG.warn("no transactions are taken: {}", why);
            }
        }
        told = why;
        desk.writes(why);
    }

    /** A node that does not answer is no reason to stop, as it may be down; but the lead is not handed to it. */
    private List<PeerId> roomy() throws InterruptedException {
        List<PeerId> roomy = new ArrayList<>();
        for (PeerId node : desk.others()) {
            try {
                if (desk.hasSpace(node).get(1, TimeUnit.SECONDS)) {
                    roomy.add(node);
                }
            } catch (ExecutionException | TimeoutException silent) {
                LOG.debug("{} does not say whether it has space", node);
                if (hasSpace) {
                    roomy.add(node);
                }
            }
        }
        return roomy;
    }

    private void handOver(List<PeerId> roomy) throws InterruptedException {
        for (PeerId node : roomy) {
            try {
                if (desk.handOver(node).get(5, TimeUnit.SECONDS)) {
                    LOG.info("the lead was handed to {}, which has space", node);
                    return;
                }
            } catch (ExecutionException | TimeoutException unavailable) {
                LOG.info("{} does not take over the lead", node);
            }
        }
    }
}
