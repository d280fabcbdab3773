package coco.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes one snapshot, chunk by chunk, under a temporary name that becomes the real one when it is whole and forced.
 * One thread at a time.
 */
public final class SnapshotWriter {
    private final Storage storage;
    private final String name;
    private final byte[] header;
    private final SecretKeySpec key;
    private final SnapshotEvidence evidence;
    private final Storage.File file;
    private final Gcm gcm = new Gcm();
    private byte[] sealed = {};
    private int[] lengths = new int[64];
    private int chunks;
    private long end = SnapshotFormat.HEADER_LENGTH;

    /**
     * Begins a file; one of the same height that was not finished is overwritten.
     *
     * @param storage the folder of snapshots
     * @param serviceId 32 bytes
     * @param height of the block after which the state is
     * @param epoch the epoch of the block that follows
     * @param random a cryptographic source
     */
    public SnapshotWriter(Storage storage, byte[] serviceId, long height, EpochSecrets epoch, RandomGenerator random) {
        this.storage = storage;
        this.name = SnapshotFile.name(height);
        byte[] copyId = new byte[SnapshotFormat.COPY_ID_LENGTH];
        random.nextBytes(copyId);
        SnapshotFormat.Header header = new SnapshotFormat.Header(serviceId.clone(), height, epoch.epoch(), copyId);
        this.header = header.encode();
        this.key = header.copyKey(epoch);
        this.evidence = new SnapshotEvidence(header.evidenceKey(epoch));
        this.file = storage.open(name + SnapshotFile.PARTIAL_SUFFIX);
        file.truncate(0);
        file.write(ByteBuffer.wrap(this.header), 0);
    }

    /**
     * Encrypts and writes the next chunk, and forces it: little at a time, so that no force of the journal has to wait
     * behind a whole snapshot.
     *
     * @param plaintext at most {@link SnapshotLimits#CHUNK_BYTES_MAX} bytes
     */
    public void append(byte[] plaintext) {
        Invariant.check(plaintext.length <= SnapshotLimits.CHUNK_BYTES_MAX, "a chunk is too large for a snapshot");
        Invariant.check(chunks < SnapshotLimits.CHUNKS, "too many chunks for a snapshot");
        int length = plaintext.length + Gcm.TAG_LENGTH;
        if (sealed.length < length) {
            sealed = new byte[length];
        }
        byte[] aad = SnapshotFormat.aad(header, chunks);
        gcm.seal(key, SnapshotFormat.iv(chunks), aad, aad.length, plaintext, plaintext.length, sealed, 0);
        file.write(ByteBuffer.wrap(sealed, 0, length), end);
        file.force();
        evidence.add(plaintext);
        if (chunks == lengths.length) {
            lengths = Arrays.copyOf(lengths, 2 * chunks);
        }
        lengths[chunks++] = length;
        end += length;
    }

    /** The file is whole. Returns the root that a block must hold before anybody believes it. */
    public byte[] finish() {
        byte[] root = evidence.root();
        file.write(ByteBuffer.wrap(SnapshotFormat.footer(lengths, chunks, root)), end);
        file.force();
        file.close();
        storage.rename(name + SnapshotFile.PARTIAL_SUFFIX, name);
        storage.forceFolder();
        return root;
    }

    /** Bytes written so far. */
    public long sizeBytes() {
        return end;
    }

    /** The file will not be finished. */
    public void abandon() {
        file.close();
        storage.delete(name + SnapshotFile.PARTIAL_SUFFIX);
    }
}
