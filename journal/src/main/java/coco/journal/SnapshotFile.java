package coco.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.spec.SecretKeySpec;

/**
 * A snapshot on disk, to be read. Nothing is believed of it but what is compared: that chunks are authentic when each
 * is read, and that together they have the root which the footer names, at the end. Whether that is the root that the
 * network committed to is for the caller to ask.
 */
public final class SnapshotFile {
    /** Of a file that is whole. */
    public static final String SUFFIX = ".snapshot";

    /** Behind the name of one that is being written. */
    public static final String PARTIAL_SUFFIX = ".partial";

    /** Behind the name of one that was put aside. */
    public static final String QUARANTINED_SUFFIX = ".quarantined";

    private static final int HEIGHT_DIGITS = 20;

    private final Storage storage;
    private final String name;
    private final SnapshotFormat.Header header;
    private final byte[] encodedHeader;
    private final int[] lengths;
    private final byte[] root;
    private final byte[] footer;

    private SnapshotFile(
            Storage storage,
            String name,
            SnapshotFormat.Header header,
            byte[] encodedHeader,
            int[] lengths,
            byte[] footer) {
        this.storage = storage;
        this.name = name;
        this.header = header;
        this.encodedHeader = encodedHeader;
        this.lengths = lengths;
        this.footer = footer;
        this.root = SnapshotFormat.root(footer, lengths.length);
    }

    /** The file name of the snapshot at this height. */
    public static String name(long height) {
        return String.format(Locale.ROOT, "%0" + HEIGHT_DIGITS + "d", height) + SUFFIX;
    }

    /** The height in a file's name; -1 if it is not that of a whole snapshot. */
    public static long height(String name) {
        if (name.length() != HEIGHT_DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
            return -1;
        }
        long height = 0;
        for (int i = 0; i < HEIGHT_DIGITS; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9 || height > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            height = 10 * height + digit;
        }
        return height;
    }

    /**
     * Reads header and footer.
     *
     * @throws MalformedException with what is wrong with the file, in words
     */
    public static SnapshotFile open(Storage storage, String name, byte[] serviceId) throws MalformedException {
        try (Storage.File file = storage.openForReading(name)) {
            long size = file.size();
            if (size < SnapshotFormat.HEADER_LENGTH + SnapshotFormat.FOOTER_END_LENGTH) {
                throw new MalformedException("it is cut off");
            }
            byte[] start = read(file, 0, SnapshotFormat.HEADER_LENGTH);
            SnapshotFormat.Header header = SnapshotFormat.readHeader(start);
            if (!Arrays.equals(header.serviceId(), serviceId)) {
                throw new MalformedException("it is of another network");
            }
            if (header.height() != height(name)) {
                throw new MalformedException("it is of height " + header.height());
            }
            int count = SnapshotFormat.chunks(
                    read(file, size - SnapshotFormat.FOOTER_END_LENGTH, SnapshotFormat.FOOTER_END_LENGTH));
            long footerLength = (long) count * Integer.BYTES + SnapshotFormat.FOOTER_END_LENGTH;
            if (count < 0 || footerLength > size - SnapshotFormat.HEADER_LENGTH) {
                throw new MalformedException("it does not end as a snapshot does");
            }
            byte[] footer = read(file, size - footerLength, (int) footerLength);
            return of(storage, name, header, start, footer, size);
        }
    }

    private static SnapshotFile of(
            Storage storage, String name, SnapshotFormat.Header header, byte[] start, byte[] footer, long size)
            throws MalformedException {
        int count = (footer.length - SnapshotFormat.FOOTER_END_LENGTH) / Integer.BYTES;
        int[] lengths = SnapshotFormat.lengths(footer, count);
        if (lengths == null) {
            throw new MalformedException("a bad byte in the footer");
        }
        long sum = SnapshotFormat.HEADER_LENGTH + (long) footer.length;
        for (int length : lengths) {
            sum += length;
        }
        if (sum != size) {
            throw new MalformedException("it is longer or shorter than its chunks");
        }
        return new SnapshotFile(storage, name, header, start, lengths, footer);
    }

    private static byte[] read(Storage.File file, long position, int length) {
        byte[] bytes = new byte[length];
        file.read(ByteBuffer.wrap(bytes), position);
        return bytes;
    }

    /** Of the block after which the state is. */
    public long height() {
        return header.height();
    }

    /** The epoch under whose snapshot key it is encrypted. */
    public long epoch() {
        return header.epoch();
    }

    /** Number of chunks, the last of which says where the chain stood. */
    public int chunks() {
        return lengths.length;
    }

    /** The root that it claims to have. */
    public byte[] root() {
        return root.clone();
    }

    /** What a peer needs beside the chunks to have the same file: header and footer. */
    public byte[] frame() {
        return Bytes.concat(encodedHeader, footer);
    }

    /** A chunk as it lies on disk, for a peer. */
    public byte[] sealedChunk(int chunk) {
        try (Storage.File file = storage.openForReading(name)) {
            return read(file, offset(chunk), lengths[chunk]);
        }
    }

    private long offset(int chunk) {
        long offset = SnapshotFormat.HEADER_LENGTH;
        for (int i = 0; i < chunk; i++) {
            offset += lengths[i];
        }
        return offset;
    }

    /** Begins to read it from the first chunk on. */
    public Reader reader(EpochSecrets secrets) {
        return new Reader(secrets);
    }

    /** Reads the chunks in order. One thread. */
    public final class Reader implements AutoCloseable {
        private final Storage.File file = storage.openForReading(name);
        private final SecretKeySpec key;
        private final SnapshotEvidence evidence;
        private final Gcm gcm = new Gcm();
        private int next;
        private long position = SnapshotFormat.HEADER_LENGTH;

        private Reader(EpochSecrets secrets) {
            Invariant.check(secrets.epoch() == header.epoch(), "a snapshot is read with another epoch's secrets");
            this.key = header.copyKey(secrets);
            this.evidence = new SnapshotEvidence(header.evidenceKey(secrets));
        }

        /** Whether there are more chunks. */
        public boolean hasNext() {
            return next < lengths.length;
        }

        /** The next chunk's plaintext. */
        public byte[] next() throws MalformedException {
            byte[] sealed = read(file, position, lengths[next]);
            byte[] aad = SnapshotFormat.aad(encodedHeader, next);
            byte[] plaintext = gcm.open(key, SnapshotFormat.iv(next), aad, aad.length, sealed, 0, sealed.length);
            if (plaintext == null) {
                throw new MalformedException("chunk " + next + " is not authentic");
            }
            position += sealed.length;
            next++;
            evidence.add(plaintext);
            return plaintext;
        }

        /** Checks, after the last chunk, that they are those of the root that the footer names. */
        public void end() throws MalformedException {
            Invariant.check(!hasNext(), "a snapshot's root is asked for before its last chunk");
            if (!Arrays.equals(evidence.root(), root)) {
                throw new MalformedException("its chunks have another root than its footer says");
            }
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
