package coco.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/**
 * Another node's snapshot coming in, as it lies on that node's disk: first header and footer ({@link
 * SnapshotFile#frame}), then chunk by chunk. Each chunk is opened before it is kept, so that nothing grows by what is
 * not the network's; what an earlier attempt got is used again. One thread.
 */
public final class SnapshotCopy implements AutoCloseable {
    private final Storage storage;
    private final String name;
    private final byte[] header;
    private final byte[] footer;
    private final int[] lengths;
    private final SecretKeySpec key;
    private final SnapshotEvidence evidence;
    private final Storage.File file;
    private final Gcm gcm = new Gcm();
    private int next;
    private long end = SnapshotFormat.HEADER_LENGTH;

    private SnapshotCopy(
            Storage storage, SnapshotFormat.Header header, byte[] frame, int[] lengths, EpochSecrets epoch) {
        this.storage = storage;
        this.name = SnapshotFile.name(header.height());
        this.header = Arrays.copyOf(frame, SnapshotFormat.HEADER_LENGTH);
        this.footer = Arrays.copyOfRange(frame, SnapshotFormat.HEADER_LENGTH, frame.length);
        this.lengths = lengths;
        this.key = header.copyKey(epoch);
        this.evidence = new SnapshotEvidence(header.evidenceKey(epoch));
        this.file = storage.open(name + SnapshotFile.PARTIAL_SUFFIX);
        resume();
    }

    /** Secrets of epochs. */
    public interface Epochs {
        /**
         * Those of one epoch.
         *
         * @throws MalformedException if the secrets of this epoch are not here
         */
        EpochSecrets of(long epoch) throws MalformedException;
    }

    /**
     * Begins, or goes on where an attempt at the same file ended.
     *
     * @param frame header and footer
     * @throws MalformedException if these are not those of a snapshot of this network at this height
     */
    public static SnapshotCopy begin(Storage storage, byte[] serviceId, long height, byte[] frame, Epochs epochs)
            throws MalformedException {
        SnapshotFormat.Header header = SnapshotFormat.readHeader(frame);
        if (!Arrays.equals(header.serviceId(), serviceId) || header.height() != height) {
            throw new MalformedException("it is of another network, or of another height than it was asked for");
        }
        int footerLength = frame.length - SnapshotFormat.HEADER_LENGTH;
        int count = footerLength < SnapshotFormat.FOOTER_END_LENGTH
                ? -1
                : SnapshotFormat.chunks(
                        Arrays.copyOfRange(frame, frame.length - SnapshotFormat.FOOTER_END_LENGTH, frame.length));
        int[] lengths = count < 0
                ? null
                : SnapshotFormat.lengths(Arrays.copyOfRange(frame, SnapshotFormat.HEADER_LENGTH, frame.length), count);
        if (lengths == null) {
            throw new MalformedException("its end is malformed");
        }
        return new SnapshotCopy(storage, header, frame, lengths, epochs.of(header.epoch()));
    }

    /** Keeps what an earlier attempt at this very file got whole. */
    private void resume() {
        byte[] begun = new byte[header.length];
        long size = file.size();
        file.read(ByteBuffer.wrap(begun), 0);
        if (!Arrays.equals(begun, header)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(header), 0);
            return;
        }
        while (next < lengths.length && end + lengths[next] <= size) {
            byte[] sealed = new byte[lengths[next]];
            file.read(ByteBuffer.wrap(sealed), end);
            if (!take(sealed)) {
                break;
            }
        }
        file.truncate(end);
    }

    private boolean take(byte[] sealed) {
        byte[] aad = SnapshotFormat.aad(header, next);
        byte[] plaintext = gcm.open(key, SnapshotFormat.iv(next), aad, aad.length, sealed, 0, sealed.length);
        if (plaintext == null) {
            return false;
        }
        evidence.add(plaintext);
        end += sealed.length;
        next++;
        return true;
    }

    /** Number of the chunk that is wanted next; {@link #chunks} if all are here. */
    public int next() {
        return next;
    }

    /** How many chunks there are. */
    public int chunks() {
        return lengths.length;
    }

    /**
     * Takes the chunk that was wanted.
     *
     * @throws MalformedException if it is another one, or was changed; nothing is kept of it
     */
    public void add(byte[] sealed) throws MalformedException {
        Invariant.check(next < lengths.length, "a snapshot is given more chunks than it has");
        long at = end;
        if (sealed.length != lengths[next] || !take(sealed)) {
            throw new MalformedException("chunk " + next + " is not authentic");
        }
        file.write(ByteBuffer.wrap(sealed), at);
    }

    /**
     * All chunks are here: gives the file its name, if they have the root that a block commits to.
     *
     * @throws MalformedException if they have not; the file is gone then
     */
    public void finish(byte[] committedRoot) throws MalformedException {
        Invariant.check(next == lengths.length, "a snapshot is finished without its last chunk");
        byte[] root = evidence.root();
        if (!Arrays.equals(root, committedRoot) || !Arrays.equals(root, SnapshotFormat.root(footer, lengths.length))) {
            storage.delete(name + SnapshotFile.PARTIAL_SUFFIX);
            throw new MalformedException("its chunks have another root than the network committed to");
        }
        file.write(ByteBuffer.wrap(footer), end);
        file.force();
        storage.rename(name + SnapshotFile.PARTIAL_SUFFIX, name);
        storage.forceFolder();
    }

    /** Closes the file; what is not finished can be gone on with. */
    @Override
    public void close() {
        file.close();
    }
}
