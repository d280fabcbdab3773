package coco.attestation.intel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trust domain's report body (Intel TDX DCAP Quoting Library API, "TD Quote Body"), 584 bytes, or 648 from TDX 1.5
 * on.
 *
 * @param teeTcbSvn 16 bytes: [0] security version of the TDX module, [1] its major version, [2] of the microcode
 * @param mrSeam 48 bytes, the TDX module's measurement
 * @param mrSignerSeam 48 bytes, who signed the module; zero for Intel's
 * @param seamAttributes 8 bytes; zero for Intel's
 * @param tdAttributes 8 bytes, little-endian
 * @param xfam 8 bytes, little-endian
 * @param mrTd 48 bytes, the measurement of the domain's first contents
 * @param mrConfigId 48 bytes
 * @param mrOwner 48 bytes
 * @param mrOwnerConfig 48 bytes
 * @param rtmr four registers of 48 bytes, extended while the domain runs
 * @param reportData 64 bytes
 * @param teeTcbSvn2 16 bytes: the versions now, where the module was updated under the domain; null before TDX 1.5
 * @param mrServiceTd 48 bytes, the service domains bound to this one; null before TDX 1.5
 */
public record TdReport(
        byte[] teeTcbSvn,
        byte[] mrSeam,
        byte[] mrSignerSeam,
        byte[] seamAttributes,
        byte[] tdAttributes,
        byte[] xfam,
        byte[] mrTd,
        byte[] mrConfigId,
        byte[] mrOwner,
        byte[] mrOwnerConfig,
        List<byte[]> rtmr,
        byte[] reportData,
        byte @Nullable [] teeTcbSvn2,
        byte @Nullable [] mrServiceTd)
        implements QuoteBody {
    /** Bytes of a report body of TDX 1.0. */
    public static final int BYTES_10 = 584;

    /** Bytes of a report body of TDX 1.5. */
    public static final int BYTES_15 = 648;

    private static final int DIGEST_BYTES = 48;
    private static final int RTMR_COUNT = 4;

    /** Copies the list. */
    public TdReport {
        rtmr = List.copyOf(rtmr);
    }

    /**
     * Returns whether a bit of the group TUD ("TD under debug", bits 0 to 7 of TDATTRIBUTES) is set: the host may look
     * inside.
     */
    public boolean debug() {
        return tdAttributes[0] != 0;
    }

    @Override
    public byte[] reportData() {
        return reportData.clone();
    }

    /** Reads the next 584 or 648 bytes of a little-endian buffer that has them. */
    static TdReport read(ByteBuffer in, boolean tdx15) {
        byte[] teeTcbSvn = Bytes.take(in, 16);
        byte[] mrSeam = Bytes.take(in, DIGEST_BYTES);
        byte[] mrSignerSeam = Bytes.take(in, DIGEST_BYTES);
        byte[] seamAttributes = Bytes.take(in, 8);
        byte[] tdAttributes = Bytes.take(in, 8);
        byte[] xfam = Bytes.take(in, 8);
        byte[] mrTd = Bytes.take(in, DIGEST_BYTES);
        byte[] mrConfigId = Bytes.take(in, DIGEST_BYTES);
        byte[] mrOwner = Bytes.take(in, DIGEST_BYTES);
        byte[] mrOwnerConfig = Bytes.take(in, DIGEST_BYTES);
        List<byte[]> rtmr = new ArrayList<>();
        for (int i = 0; i < RTMR_COUNT; i++) {
            rtmr.add(Bytes.take(in, DIGEST_BYTES));
        }
        byte[] reportData = Bytes.take(in, 64);
        return new TdReport(
                teeTcbSvn,
                mrSeam,
                mrSignerSeam,
                seamAttributes,
                tdAttributes,
                xfam,
                mrTd,
                mrConfigId,
                mrOwner,
                mrOwnerConfig,
                rtmr,
                reportData,
                tdx15 ? Bytes.take(in, 16) : null,
                tdx15 ? Bytes.take(in, DIGEST_BYTES) : null);
    }
}
