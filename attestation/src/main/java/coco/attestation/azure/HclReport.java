package coco.attestation.azure;

import coco.attestation.ReportData;
import coco.crypto.Sha256;
import coco.crypto.Sha384;
import coco.crypto.Sha512;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The report of Azure's paravisor ("HCL"), as it lies in the virtual TPM's index 0x01400001 (Microsoft, "Azure
 * confidential VMs guest attestation design"): header (32 bytes), the processor's report (1,184), a header of the
 * runtime data (20), the runtime data (JSON), zeros. Numbers are little-endian. The headers are signed by
 * nothing, hence each of their bytes has to be the one expected.
 */
final class HclReport {
    static final int TD_REPORT_BYTES = 1024;

    private static final int HEADER_BYTES = 32;
    private static final int HARDWARE_REPORT_BYTES = 1184;
    private static final int DATA_HEADER = HEADER_BYTES + HARDWARE_REPORT_BYTES;
    private static final int DATA_HEADER_BYTES = 20;
    private static final int DATA = DATA_HEADER + DATA_HEADER_BYTES;
    private static final int MAGIC_NUMBER = 0x414c4348;
    private static final int VERSION_MAX = 2;

    /** A report for the certificate of the TPM's attestation key; the only kind a guest can read. */
    private static final int REQUEST_TYPE = 2;

    private static final int DATA_VERSION = 1;

    private static final int SNP_REPORT_DATA = 0x50;
    private static final int SNP_MEASUREMENT = 0x90;

    /** In REPORTMACSTRUCT. */
    private static final int TDREPORT_REPORT_DATA = 128;

    /** After REPORTMACSTRUCT and TEE_TCB_INFO, attributes and XFAM. */
    private static final int TDREPORT_MRTD = 512 + 16;

    private static final int MEASUREMENT_BYTES = 48;

    private final byte[] bytes;
    private final Kind kind;
    private final int hashKind;
    private final int dataBytes;

    /** What the processor's report is. */
    enum Kind {
        /** A report of AMD SEV-SNP. */
        SNP,
        /** A TDREPORT, which only its own machine can verify: a quote has to come along. */
        TDX
    }

    private HclReport(byte[] bytes, Kind kind, int hashKind, int dataBytes) {
        this.bytes = bytes;
        this.kind = kind;
        this.hashKind = hashKind;
        this.dataBytes = dataBytes;
    }

    /** Reads a report; null if any byte outside the two signed parts is not the expected one. */
    static @Nullable HclReport read(byte[] bytes) {
        if (bytes.length < DATA) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int magic = in.getInt();
        int version = in.getInt();
        int reportBytes = in.getInt();
        int requestType = in.getInt();
        int status = in.getInt();
        boolean header = magic == MAGIC_NUMBER
                && version >= 1
                && version <= VERSION_MAX
                && requestType == REQUEST_TYPE
                && status == 0
                && isZero(bytes, in.position(), HEADER_BYTES);
        in.position(DATA_HEADER);
        int dataTotal = in.getInt();
        int dataVersion = in.getInt();
        Kind kind = kind(in.getInt());
        int hashKind = in.getInt();
        int dataBytes = in.getInt();
        boolean sizes = dataBytes > 0
                && dataBytes <= bytes.length - DATA
                && dataTotal == DATA_HEADER_BYTES + dataBytes
                && reportBytes == DATA + dataBytes;
        if (!header || !sizes || kind == null || dataVersion != DATA_VERSION || hashKind < 1 || hashKind > 3) {
            return null;
        }
        return isZero(bytes, DATA + dataBytes, bytes.length) ? new HclReport(bytes, kind, hashKind, dataBytes) : null;
    }

    private static @Nullable Kind kind(int number) {
        return switch (number) {
            case 2 -> Kind.SNP;
            case 4 -> Kind.TDX;
            default -> null;
        };
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    Kind kind() {
        return kind;
    }

    byte[] hardwareReport() {
        return Arrays.copyOfRange(bytes, HEADER_BYTES, DATA_HEADER);
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** Returns the measurement of the paravisor, 48 bytes on either platform. */
    byte[] measurement() {
        int from = HEADER_BYTES + (kind == Kind.SNP ? SNP_MEASUREMENT : TDREPORT_MRTD);
        return Arrays.copyOfRange(bytes, from, from + MEASUREMENT_BYTES);
    }

    /** Returns the processor's report data, which binds the runtime data. */
    byte[] reportData() {
        int from = HEADER_BYTES + (kind == Kind.SNP ? SNP_REPORT_DATA : TDREPORT_REPORT_DATA);
        return Arrays.copyOfRange(bytes, from, from + ReportData.BYTES);
    }

    /** Returns the JSON that the processor's report data binds. */
    byte[] runtimeData() {
        return Arrays.copyOfRange(bytes, DATA, DATA + dataBytes);
    }

    /** Returns the 64 bytes of report data that bind the runtime data: its digest, then zeros. */
    byte[] expectedReportData() {
        byte[] data = runtimeData();
        byte[] digest = switch (hashKind) {
            case 1 -> Sha256.hash(data);
            case 2 -> Sha384.hash(data);
            default -> Sha512.hash(data);
        };
        return Arrays.copyOf(digest, ReportData.BYTES);
    }
}
