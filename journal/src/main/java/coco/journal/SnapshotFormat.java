package coco.journal;

import coco.crypto.Hkdf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The bytes of a snapshot's file; {@code docs/specs/snapshot.md} has them in words. */
final class SnapshotFormat {
    static final int HEADER_LENGTH = 88;
    static final int COPY_ID_LENGTH = 16;
    /** What follows the lengths of the chunks: root, number of chunks, magic, checksum. */
    static final int FOOTER_END_LENGTH = Digests.LENGTH + Integer.BYTES + 8 + Integer.BYTES;

    private static final int VERSION = 1;
    private static final int VERSION_OFFSET = 8;
    private static final int VERSION_CRC_OFFSET = 12;
    private static final int SERVICE_OFFSET = 16;
    private static final int HEIGHT_OFFSET = 48;
    private static final int EPOCH_OFFSET = 56;
    private static final int COPY_OFFSET = 64;
    private static final int CRC_OFFSET = 84;
    private static final byte[] MAGIC = "COCOSNAP".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FOOTER_MAGIC = "SNAPFOOT".getBytes(StandardCharsets.US_ASCII);

    private SnapshotFormat() {}

    /**
     * What the header says.
     *
     * @param epoch under whose snapshot key the chunks are encrypted
     * @param copyId drawn for this copy: no two copies share a key
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Header(byte[] serviceId, long height, long epoch, byte[] copyId) {
        byte[] encode() {
            byte[] out = new byte[HEADER_LENGTH];
            System.arraycopy(MAGIC, 0, out, 0, MAGIC.length);
            Bytes.putInt(out, VERSION_OFFSET, VERSION);
            Bytes.putInt(out, VERSION_CRC_OFFSET, crc(out, 0, VERSION_CRC_OFFSET));
            System.arraycopy(serviceId, 0, out, SERVICE_OFFSET, serviceId.length);
            Bytes.putLong(out, HEIGHT_OFFSET, height);
            Bytes.putLong(out, EPOCH_OFFSET, epoch);
            System.arraycopy(copyId, 0, out, COPY_OFFSET, copyId.length);
            Bytes.putInt(out, CRC_OFFSET, crc(out, 0, CRC_OFFSET));
            return out;
        }

        SecretKeySpec copyKey(EpochSecrets secrets) {
            byte[] info = Bytes.concat(Labels.SNAPSHOT_COPY, Bytes.ofLong(height), copyId);
            return Gcm.key(Hkdf.derive(serviceId, secrets.snapshotKey(), info, 32));
        }

        byte[] evidenceKey(EpochSecrets secrets) {
            byte[] info = Bytes.concat(Labels.SNAPSHOT_EVIDENCE, Bytes.ofLong(height));
            return Hkdf.derive(serviceId, secrets.snapshotKey(), info, 32);
        }
    }

    /** @throws MalformedException with what is wrong, in words */
    static Header readHeader(byte[] in) throws MalformedException {
        if (in.length < HEADER_LENGTH || !Arrays.equals(in, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new MalformedException("it does not begin as a snapshot does");
        }
        if (Bytes.getInt(in, VERSION_CRC_OFFSET) != crc(in, 0, VERSION_CRC_OFFSET)) {
            throw new MalformedException("a bad byte in the header");
        }
        int version = Bytes.getInt(in, VERSION_OFFSET);
        if (version != VERSION) {
            throw new MalformedException("it has format version " + Integer.toUnsignedString(version)
                    + ", this release knows version " + VERSION);
        }
        long height = Bytes.getLong(in, HEIGHT_OFFSET);
        long epoch = Bytes.getLong(in, EPOCH_OFFSET);
        if (Bytes.getInt(in, CRC_OFFSET) != crc(in, 0, CRC_OFFSET)
                || Bytes.getInt(in, CRC_OFFSET - Integer.BYTES) != 0
                || height < 0
                || epoch < 0
                || epoch > height) {
            throw new MalformedException("a bad byte in the header");
        }
        return new Header(
                Bytes.slice(in, SERVICE_OFFSET, 32), height, epoch, Bytes.slice(in, COPY_OFFSET, COPY_ID_LENGTH));
    }

    /** Lengths of the sealed chunks, then the end. */
    static byte[] footer(int[] lengths, int count, byte[] root) {
        int table = count * Integer.BYTES;
        byte[] out = new byte[table + FOOTER_END_LENGTH];
        for (int i = 0; i < count; i++) {
            Bytes.putInt(out, i * Integer.BYTES, lengths[i]);
        }
        System.arraycopy(root, 0, out, table, Digests.LENGTH);
        Bytes.putInt(out, table + Digests.LENGTH, count);
        System.arraycopy(FOOTER_MAGIC, 0, out, table + Digests.LENGTH + Integer.BYTES, FOOTER_MAGIC.length);
        Bytes.putInt(out, out.length - Integer.BYTES, crc(out, 0, out.length - Integer.BYTES));
        return out;
    }

    /** Number of chunks that the last bytes of a file speak of; -1 if they are not a footer's. */
    static int chunks(byte[] end) {
        int magic = Digests.LENGTH + Integer.BYTES;
        if (end.length != FOOTER_END_LENGTH
                || !Arrays.equals(end, magic, magic + FOOTER_MAGIC.length, FOOTER_MAGIC, 0, FOOTER_MAGIC.length)) {
            return -1;
        }
        int count = Bytes.getInt(end, Digests.LENGTH);
        return count < 1 || count > SnapshotLimits.CHUNKS ? -1 : count;
    }

    /** Lengths of the chunks, or null if a byte of the footer is bad. */
    static int @Nullable [] lengths(byte[] footer, int count) {
        if (footer.length != count * Integer.BYTES + FOOTER_END_LENGTH
                || Bytes.getInt(footer, footer.length - Integer.BYTES)
                        != crc(footer, 0, footer.length - Integer.BYTES)) {
            return null;
        }
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = Bytes.getInt(footer, i * Integer.BYTES);
            if (lengths[i] < Gcm.TAG_LENGTH || lengths[i] > SnapshotLimits.CHUNK_BYTES_MAX + Gcm.TAG_LENGTH) {
                return null;
            }
        }
        return lengths;
    }

    static byte[] root(byte[] footer, int count) {
        return Bytes.slice(footer, count * Integer.BYTES, Digests.LENGTH);
    }

    static byte[] iv(int chunk) {
        byte[] iv = new byte[12];
        Bytes.putInt(iv, 8, chunk);
        return iv;
    }

    static byte[] aad(byte[] header, int chunk) {
        byte[] aad = Arrays.copyOf(header, HEADER_LENGTH + Integer.BYTES);
        Bytes.putInt(aad, HEADER_LENGTH, chunk);
        return aad;
    }

    private static int crc(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }
}
