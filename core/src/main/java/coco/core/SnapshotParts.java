package coco.core;

import coco.journal.SnapshotFile;
import coco.journal.Storage;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Where a node keeps its snapshots, and how many it makes.
 *
 * @param files the folder
 * @param intervalBlocks a leader has a snapshot made after so many blocks; 0 for none
 * @param intervalBytes or after so many bytes of blocks that it applied; 0 for none
 * @param keep how many are kept on disk, at least 1: an older one is what a start begins with when the newest is
 *     damaged
 * @param roomBytes what of the disk they may still take, negative below its reserve; asked before each chunk, by any
 *     thread
 * @param background writes them, one task at a time; a thread of its own, as making the history index again takes as
 *     long as reading the journal, and no snapshot would be made meanwhile
 */
public record SnapshotParts(
        Storage files, long intervalBlocks, long intervalBytes, int keep, LongSupplier roomBytes, Executor background) {
    private static final String TEMPORARY_SUFFIX = ".tmp";

    public SnapshotParts {
        if (intervalBlocks < 0 || intervalBytes < 0 || keep < 1) {
            throw new IllegalArgumentException("intervals cannot be negative, and one snapshot is kept");
        }
    }

    /**
     * Deletes what an earlier life left unfinished or unproven: nobody begins with it. To be called while none is made.
     *
     * @throws coco.journal.JournalException if the folder cannot be read or written
     */
    public void removeUnfinished() {
        List<String> names = files.list();
        for (String name : names) {
            boolean isUnproven = SnapshotFile.height(name) >= 0 && !names.contains(SnapshotManifest.name(name));
            if (isUnproven || name.endsWith(SnapshotFile.PARTIAL_SUFFIX) || name.endsWith(TEMPORARY_SUFFIX)) {
                files.delete(name);
            }
        }
    }
}
