package coco.core;

import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalException;
import coco.journal.MalformedException;
import coco.journal.ReadResult;
import coco.journal.SnapshotCopy;
import coco.journal.SnapshotFile;
import coco.journal.Storage;
import java.security.PrivateKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node's snapshots, for other nodes: the newest that has a manifest is given as it lies on disk, and what another
 * node gives is checked and made this node's own. Any thread, one call at a time for what is received.
 */
public final class SnapshotExchange {
    /** In place of a height: the newest. */
    public static final long NEWEST = -1;

    /** In place of a chunk's number: header and footer. */
    public static final int FRAME = -1;

    private final Storage files;
    private final byte[] serviceId;
    private final byte[] manifestKey;

    /**
     * The snapshots of one node.
     *
     * @param files the folder
     * @param own its wrapping key
     */
    public SnapshotExchange(Storage files, byte[] serviceId, PrivateKey own) {
        this.files = files;
        this.serviceId = serviceId.clone();
        this.manifestKey = SnapshotManifest.key(serviceId, own);
    }

    /**
     * A piece of a snapshot.
     *
     * @param height of the snapshot
     * @param evidenceHeight of the block that commits to its root
     * @param bytes header and footer, or an encrypted chunk
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Piece(long height, long evidenceHeight, byte[] bytes) {}

    /**
     * A piece of this node's snapshot at a height.
     *
     * @param height or {@link #NEWEST}
     * @param chunk or {@link #FRAME}
     * @return null if it is not here, or not any more
     */
    public @Nullable Piece piece(long height, int chunk) {
        try {
            List<String> names = files.list().stream()
                    .filter(name ->
                            SnapshotFile.height(name) >= 0 && (height == NEWEST || SnapshotFile.height(name) == height))
                    .toList();
            for (String name : names.reversed()) {
                SnapshotManifest manifest = files.list().contains(SnapshotManifest.name(name))
                        ? SnapshotManifest.read(files, name, manifestKey)
                        : null;
                if (manifest != null) {
                    SnapshotFile file = SnapshotFile.open(files, name, serviceId);
                    return chunk >= file.chunks()
                            ? null
                            : new Piece(
                                    manifest.height(),
                                    manifest.evidenceHeight(),
                                    chunk == FRAME ? file.frame() : file.sealedChunk(chunk));
                }
            }
            return null;
        } catch (MalformedException | JournalException e) {
            return null; // Damaged, or deleted meanwhile: whoever asks begins again, with the newest.
        }
    }

    /** Where pieces come from. */
    public interface Giver {
        /** As {@link SnapshotExchange#piece}, asked of another node. */
        @Nullable
        Piece piece(long height, int chunk) throws InterruptedException;
    }

    /**
     * Fetches another node's newest snapshot and makes it this node's own, if it is one that this node's journal, which
     * was verified before, commits to.
     *
     * @param journal of this node
     * @param keys that open what it commits to
     * @return the height; -1 if the other has none
     * @throws MalformedException if what comes is not that snapshot, with the reason
     */
    public long receive(Giver giver, Journal journal, Keyring keys) throws InterruptedException, MalformedException {
        Piece frame = giver.piece(NEWEST, FRAME);
        return frame == null ? -1 : receive(frame, giver, journal, keys);
    }

    /**
     * The same with a snapshot whose frame was asked for before, so that the journal could be fetched up to the block
     * that vouches for it.
     */
    public long receive(Piece frame, Giver giver, Journal journal, Keyring keys)
            throws InterruptedException, MalformedException {
        long height = frame.height();
        if (!(journal.read(frame.evidenceHeight()) instanceof ReadResult.Found(JournalEntry evidence))) {
            throw new MalformedException(
                    "the journal lacks block " + frame.evidenceHeight() + ", which vouches for it");
        }
        byte[] root = PublicWrites.value(evidence.block().publicWrites(), ServiceMaps.SNAPSHOTS, Snapshots.key(height));
        if (root == null || root.length == 0) {
            throw new MalformedException("block " + frame.evidenceHeight() + " does not vouch for it");
        }
        SnapshotCopy.Epochs epochs = epoch -> {
            var secrets = keys.epoch(epoch);
            if (secrets == null) {
                throw new MalformedException("the secrets of epoch " + epoch + " are not here");
            }
            return secrets;
        };
        try (SnapshotCopy copy = SnapshotCopy.begin(files, serviceId, height, frame.bytes(), epochs)) {
            while (copy.next() < copy.chunks()) {
                Piece chunk = giver.piece(height, copy.next());
                if (chunk == null || chunk.height() != height) {
                    throw new MalformedException("the other node has it no more");
                }
                copy.add(chunk.bytes());
            }
            copy.finish(root);
        }
        new SnapshotManifest(height, root, evidence.height(), evidence.block().headerHash())
                .write(files, SnapshotFile.name(height), manifestKey);
        return height;
    }
}
