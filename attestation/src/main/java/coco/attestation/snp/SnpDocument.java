package coco.attestation.snp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What stands in {@link coco.attestation.Evidence} of this platform: a report, then nothing, or the table of
 * certificates a host may hand its guest (56421, "Guest-Hypervisor Communication Block Standardization", section
 * 4.1.8.1): entries of GUID (16 bytes), offset and length (4 each, little-endian, offset from the table's start), an
 * entry of zeros, then the certificates.
 *
 * @param certificates DER, or whatever else the host put there; nothing is trusted
 */
public record SnpDocument(byte[] report, List<byte[]> certificates) {
    private static final int ENTRY_BYTES = 24;

    /** A host hands out the chip's key, two intermediates, the root and a list: more is not believed. */
    private static final int ENTRIES_MAX = 16;

    /** Our own entries: a "VCEK" may be any key here, since the content is judged and not the name. */
    private static final UUID VCEK = UUID.fromString("63da758d-e664-4564-adc5-f4b93be8accd");

    /** Bytes of a report. */
    public static final int REPORT_BYTES = SnpReport.BYTES;

    /** Copies the list. */
    public SnpDocument {
        certificates = List.copyOf(certificates);
    }

    /** Reads a document, or returns null if it is too short for a report, or what follows the report is no table. */
    static @Nullable SnpDocument read(byte[] document) {
        if (document.length < SnpReport.BYTES) {
            return null;
        }
        byte[] report = Arrays.copyOf(document, SnpReport.BYTES);
        if (document.length == SnpReport.BYTES) {
            return new SnpDocument(report, List.of());
        }
        byte[] table = Arrays.copyOfRange(document, SnpReport.BYTES, document.length);
        List<byte[]> certificates = readTable(table);
        return certificates == null ? null : new SnpDocument(report, certificates);
    }

    /** A table without entries, such as zeros, is none: what follows a report has to have a meaning. */
    private static @Nullable List<byte[]> readTable(byte[] table) {
        ByteBuffer in = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> certificates = new ArrayList<>();
        long end = 0;
        for (int entry = 0; entry <= ENTRIES_MAX; entry++) {
            if (in.remaining() < ENTRY_BYTES) {
                return null;
            }
            long high = in.getLong();
            long low = in.getLong();
            long offset = in.getInt() & 0xffff_ffffL;
            long length = in.getInt() & 0xffff_ffffL;
            if (high == 0 && low == 0) {
                boolean whole = offset == 0 && length == 0 && !certificates.isEmpty();
                return whole && isZero(table, (int) Math.max(end, in.position())) ? certificates : null;
            }
            if (offset + length > table.length) {
                return null;
            }
            end = Math.max(end, offset + length);
            certificates.add(Arrays.copyOfRange(table, (int) offset, (int) (offset + length)));
        }
        return null;
    }

    /** Returns whether nothing but zeros stands from there on, as in a page of a host that has no certificates. */
    static boolean isZero(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the bytes that {@link #read} takes apart. */
    public byte[] encode() {
        if (certificates.isEmpty()) {
            return report.clone();
        }
        int header = ENTRY_BYTES * (certificates.size() + 1);
        int total = header + certificates.stream().mapToInt(der -> der.length).sum();
        ByteBuffer table = ByteBuffer.allocate(report.length + total).order(ByteOrder.LITTLE_ENDIAN);
        table.put(report);
        int offset = header;
        for (byte[] der : certificates) {
            putGuid(table, VCEK);
            table.putInt(offset).putInt(der.length);
            offset += der.length;
        }
        table.position(report.length + header);
        certificates.forEach(table::put);
        return table.array();
    }

    /** The first three parts of a GUID are little-endian, the rest are bytes (UEFI, appendix A). */
    private static void putGuid(ByteBuffer out, UUID guid) {
        long high = guid.getMostSignificantBits();
        out.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
        out.putLong(Long.reverseBytes(guid.getLeastSignificantBits()));
    }
}
