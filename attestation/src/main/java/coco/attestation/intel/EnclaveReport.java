package coco.attestation.intel;

import java.nio.ByteBuffer;

/**
 * An SGX enclave's report body (Intel SDM volume 3D, "REPORT"; {@code sgx_report_body_t}), 384 bytes, little-endian: of
 * the enclave that is quoted, and of the quoting enclave itself.
 *
 * @param cpuSvn 16 bytes
 * @param miscSelect as it stands, 4 bytes little-endian
 * @param isvExtProdId 16 bytes
 * @param attributes 16 bytes: flags (8) and XFRM (8)
 * @param mrEnclave 32 bytes, the measurement
 * @param mrSigner 32 bytes, SHA-256 of the modulus of the key that signed the enclave
 * @param configId 64 bytes
 * @param isvProdId the signer's number of the product
 * @param isvSvn the signer's security version of it
 * @param isvFamilyId 16 bytes
 * @param reportData 64 bytes
 * @param reservedZero whether all reserved bytes are zero, as the manual has them
 */
public record EnclaveReport(
        byte[] cpuSvn,
        byte[] miscSelect,
        byte[] isvExtProdId,
        byte[] attributes,
        byte[] mrEnclave,
        byte[] mrSigner,
        byte[] configId,
        int isvProdId,
        int isvSvn,
        int configSvn,
        byte[] isvFamilyId,
        byte[] reportData,
        boolean reservedZero)
        implements QuoteBody {
    /** Bytes of a report body. */
    public static final int BYTES = 384;

    private static final int DEBUG = 0x02;

    /** Returns whether ATTRIBUTES.DEBUG is set: whoever owns the machine may read and write the enclave. */
    public boolean debug() {
        return (attributes[0] & DEBUG) != 0;
    }

    @Override
    public byte[] reportData() {
        return reportData.clone();
    }

    /** Reads the next 384 bytes of a little-endian buffer that has them. */
    static EnclaveReport read(ByteBuffer in) {
        byte[] cpuSvn = Bytes.take(in, 16);
        byte[] miscSelect = Bytes.take(in, 4);
        boolean zero = Bytes.allZero(Bytes.take(in, 12));
        byte[] isvExtProdId = Bytes.take(in, 16);
        byte[] attributes = Bytes.take(in, 16);
        byte[] mrEnclave = Bytes.take(in, 32);
        zero &= Bytes.allZero(Bytes.take(in, 32));
        byte[] mrSigner = Bytes.take(in, 32);
        zero &= Bytes.allZero(Bytes.take(in, 32));
        byte[] configId = Bytes.take(in, 64);
        int isvProdId = Short.toUnsignedInt(in.getShort());
        int isvSvn = Short.toUnsignedInt(in.getShort());
        int configSvn = Short.toUnsignedInt(in.getShort());
        zero &= Bytes.allZero(Bytes.take(in, 42));
        byte[] isvFamilyId = Bytes.take(in, 16);
        return new EnclaveReport(
                cpuSvn,
                miscSelect,
                isvExtProdId,
                attributes,
                mrEnclave,
                mrSigner,
                configId,
                isvProdId,
                isvSvn,
                configSvn,
                isvFamilyId,
                Bytes.take(in, 64),
                zero);
    }
}
