package coco.kv;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Named maps in all versions that someone needs. Versions form one line: each is built on the head and becomes the
 * head; {@link #rollBackTo} cuts the line. One thread writes (drafts, seals, rolls back); any thread leases and reads
 * versions.
 *
 * <p>A version is kept while it is leased; the store itself leases the head. What a version replaced is freed when no
 * older version is kept, so one lease held for long keeps everything replaced since: hold leases briefly, or mind
 * {@link Version#supersededBytes}. However many are kept, a seal costs the same.
 */
public final class Store {
    /**
     * Blocks freed at a seal beyond twice what it replaced. Freeing costs a cache miss or so per block; the bound keeps
     * the end of a long lease, with millions of blocks, from stopping the writer for more than about a millisecond.
     */
    private static final int FREE_AT_LEAST = 4096;

    private final Arena arena;
    private final Maps maps;
    private final StoreLimits limits;
    private final Editor editor;
    private final Deque<Version> line = new ArrayDeque<>();
    /** Versions rolled back that were still leased when last looked at. */
    private final List<Version> droppedVersions = new ArrayList<>();

    private final List<DroppedBlocks> droppedBlocks = new ArrayList<>();
    private final Deque<HandleList> toFree = new ArrayDeque<>();
    private volatile Version head;
    private volatile StoreStatistics statistics;
    /** Blocks in the lists of versions, of roll-backs and of {@link #toFree}, summed up as they come and go. */
    private long waitingBlocks;

    private long waitingLongs;
    private @Nullable Draft openDraft;
    private long lastNumber;

    /** Blocks that a roll-back took out of the line, and the versions that reach them. */
    private record DroppedBlocks(List<Version> readers, HandleList blocks) {
        boolean hasReaders() {
            for (Version version : readers) {
                if (version.isHeld()) {
                    return true;
                }
            }
            return false;
        }
    }

    /** A store whose maps are empty. Names must differ. */
    public Store(List<MapSpec> maps, StoreLimits limits) {
        this.arena = new Arena(limits.maxStoreBytes());
        this.maps = new Maps(maps);
        this.limits = limits;
        this.editor = new Editor(arena);
        int count = this.maps.count();
        head = new Version(
                arena,
                this.maps,
                lastNumber,
                new int[count],
                new long[count],
                new AtomicReferenceArray<>(count),
                new HandleList());
        line.add(head);
        statistics = measure();
    }

    /** The newest version, without a lease for the caller: for the writer thread. */
    public Version head() {
        return head;
    }

    /** The newest version with a lease for the caller, who closes it. Any thread. */
    public Version leaseHead() {
        while (true) {
            Version leased = head.tryLease();
            if (leased != null) {
                return leased;
            }
        }
    }

    /** Begins the version after {@code base}, which must be the head; one draft at a time. */
    public Draft draft(Version base) {
        Invariant.check(base == head, "a draft builds on the head");
        Invariant.check(openDraft == null, "another draft is open");
        Invariant.check(lastNumber < Arena.MAX_BIRTH, "version numbers are used up");
        openDraft = new Draft(this, limits, editor, ++lastNumber, base);
        return openDraft;
    }

    /**
     * Drops every version later than {@code version}, which must be in the line and leased; it becomes the head. Leases
     * on dropped versions stay good. No draft may be open.
     */
    public void rollBackTo(Version version) {
        Invariant.check(openDraft == null, "a draft is open");
        if (version == head) {
            return;
        }
        Invariant.check(isInLine(version), "the version is not in the line");
        Version leased = version.lease();
        HandleList blocks = new HandleList();
        long[][] slabs = arena.slabs();
        for (int root : head.roots) {
            Editor.collectYounger(slabs, root, version.number(), blocks);
        }
        while (line.getLast() != version) {
            Version last = line.removeLast();
            HandleList replaced = last.takeSuperseded();
            waits(replaced, -1);
            for (int i = 0; i < replaced.size(); i++) {
                Editor.addIfYounger(slabs, replaced.get(i), version.number(), blocks);
            }
            droppedVersions.add(last);
        }
        Version oldHead = head;
        head = leased;
        oldHead.close();
        // Versions dropped earlier were perhaps built on those dropped now.
        List<Version> readers = new ArrayList<>(droppedVersions);
        readers.removeIf(reader -> reader.number() < version.number());
        droppedBlocks.add(new DroppedBlocks(readers, blocks));
        waits(blocks, 1);
        reclaim(FREE_AT_LEAST);
    }

    /** Looks from the end, where roll-backs go to, since the line may hold many old versions. */
    private boolean isInLine(Version version) {
        for (Iterator<Version> newest = line.descendingIterator(); newest.hasNext(); ) {
            if (newest.next() == version) {
                return true;
            }
        }
        return false;
    }

    private void waits(HandleList blocks, int sign) {
        waitingBlocks += (long) sign * blocks.size();
        waitingLongs += sign * blocks.longs();
    }

    /** What the store held after the last seal, discard or roll-back. Any thread. */
    public StoreStatistics statistics() {
        return statistics;
    }

    void sealed(Version version) {
        openDraft = null;
        Version oldHead = head;
        line.add(version.lease());
        head = version;
        oldHead.close();
        waits(version.superseded(), 1);
        reclaim(FREE_AT_LEAST + 2 * version.superseded().size());
    }

    void discarded(Draft draft) {
        openDraft = null;
        HandleList blocks = new HandleList();
        for (int root : draft.roots) {
            Editor.collectYounger(arena.slabs(), root, head.number(), blocks);
        }
        waits(blocks, 1);
        toFree.add(blocks);
        reclaim(FREE_AT_LEAST);
    }

    /** Frees at most {@code limit} blocks of those that no kept version reaches. */
    void reclaim(int limit) {
        findFreeable();
        int left = limit;
        while (left > 0 && !toFree.isEmpty()) {
            HandleList blocks = toFree.getFirst();
            int count = Math.min(left, blocks.size());
            for (int i = 0; i < count; i++) {
                int handle = blocks.last();
                int longs = Arena.longs(arena.slabs(), handle);
                blocks.removeLast(longs);
                waitingLongs -= longs;
                arena.free(handle);
            }
            waitingBlocks -= count;
            left -= count;
            if (blocks.size() == 0) {
                toFree.removeFirst();
            }
        }
        statistics = measure();
    }

    private void findFreeable() {
        droppedVersions.removeIf(version -> !version.isHeld());
        for (Iterator<DroppedBlocks> all = droppedBlocks.iterator(); all.hasNext(); ) {
            DroppedBlocks one = all.next();
            if (!one.hasReaders()) {
                addToFree(one.blocks());
                all.remove();
            }
        }
        long oldestDropped = Long.MAX_VALUE;
        for (Version version : droppedVersions) {
            oldestDropped = Math.min(oldestDropped, version.number());
        }
        while (true) {
            Version oldest = line.getFirst();
            if (oldest.number() > oldestDropped) {
                return;
            }
            addToFree(oldest.takeSuperseded());
            if (oldest.isHeld()) {
                return;
            }
            line.removeFirst();
        }
    }

    private void addToFree(HandleList blocks) {
        if (blocks.size() > 0) {
            toFree.add(blocks);
        }
    }

    private StoreStatistics measure() {
        int versions = line.size() + droppedVersions.size();
        return new StoreStatistics(
                arena.liveBlocks(),
                arena.liveBytes(),
                waitingBlocks,
                waitingLongs << 3,
                arena.slabBytes(),
                limits.maxStoreBytes(),
                versions);
    }

    /** What the sums of {@link StoreStatistics} must be, counted anew: blocks, then longs. For checks. */
    long[] countWaiting() {
        long[] sums = new long[2];
        List<HandleList> lists = new ArrayList<>(toFree);
        line.forEach(version -> lists.add(version.superseded()));
        droppedBlocks.forEach(one -> lists.add(one.blocks()));
        for (HandleList list : lists) {
            sums[0] += list.size();
            sums[1] += list.longs();
        }
        return sums;
    }

    /** Versions that may be read, for checks that every block is reachable from them. */
    List<Version> keptVersions() {
        List<Version> kept = new ArrayList<>(line);
        kept.addAll(droppedVersions);
        kept.removeIf(version -> !version.isHeld());
        return kept;
    }
}
