package coco.attestation.intel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An ECDSA quote of Intel DCAP, versions 3 (SGX), 4 (SGX and TDX) and 5 (also TDX 1.5): header, body, signature data.
 * All integers are little-endian. docs/specs/attestation.md has the layout.
 *
 * <p>Parsed strictly: each length inside the signature data must fill exactly what holds it. Bytes after the signature
 * data are not part of the quote; drivers hand out whole buffers, so they are allowed, ignored, and signed by nobody.
 *
 * @param signedBytes header and body as they were signed, which for version 5 includes type and size of the body
 * @param signature r ‖ s by the attestation key over the SHA-256 of those, 64 bytes
 * @param attestationKey x ‖ y on P-256, 64 bytes
 * @param qeReportBytes the quoting enclave's report as it was signed, 384 bytes
 * @param qeReport the same, parsed
 * @param qeReportSignature r ‖ s by the PCK over the SHA-256 of the report, 64 bytes
 * @param qeAuthData what the quoting enclave hashed along with its key
 * @param certification how to find the PCK certificate
 */
public record Quote(
        int version,
        QuoteBody body,
        byte[] signedBytes,
        byte[] signature,
        byte[] attestationKey,
        byte[] qeReportBytes,
        EnclaveReport qeReport,
        byte[] qeReportSignature,
        byte[] qeAuthData,
        Certification certification) {
    private static final int HEADER_BYTES = 48;
    private static final int BODY_HEADER_BYTES = 6;
    private static final int ECDSA_P256 = 2;
    private static final int TEE_SGX = 0;
    private static final int TEE_TDX = 0x81;
    private static final byte[] INTEL_QE_VENDOR = {
        (byte) 0x93,
        (byte) 0x9a,
        0x72,
        0x33,
        (byte) 0xf7,
        (byte) 0x9c,
        0x4c,
        (byte) 0xa9,
        (byte) 0x94,
        0x0a,
        0x0d,
        (byte) 0xb3,
        (byte) 0x95,
        0x7f,
        0x06,
        0x07
    };
    private static final int USER_DATA_BYTES = 20;
    private static final int SIGNATURE_BYTES = 64;
    private static final int QE_REPORT_CERTIFICATION = 6;

    /**
     * What a quote says of the certificate of its PCK, the key that vouches for the quoting enclave (QE).
     *
     * @param type 1 to 3: the PPID, clear or encrypted, with the TCB; 4: the certificate in PEM; 5: its chain in PEM
     */
    public record Certification(int type, byte[] data) {
        private static final int PPID_CLEAR = 1;
        private static final int CERTIFICATE = 4;
        private static final int CHAIN = 5;
        private static final int PPID_BYTES = 16;

        /** Whether the data holds the certificate itself. */
        boolean hasCertificate() {
            return type == CERTIFICATE || type == CHAIN;
        }

        boolean hasChain() {
            return type == CHAIN;
        }

        /** Returns whether this names the machine with that PPID, or leaves open which one it is. */
        boolean mayBeOf(byte[] ppid) {
            return type != PPID_CLEAR
                    || data.length < PPID_BYTES
                    || Arrays.equals(data, 0, PPID_BYTES, ppid, 0, ppid.length);
        }
    }

    /**
     * Reads a quote.
     *
     * @throws MalformedException if these bytes are none, or of a version or kind not known here
     */
    public static Quote parse(byte[] bytes) throws MalformedException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        need(in, HEADER_BYTES, "header");
        int version = Short.toUnsignedInt(in.getShort());
        int keyType = Short.toUnsignedInt(in.getShort());
        int teeType = in.getInt();
        // QE and PCE versions in version 3, reserved since; either way the certificates say it again, signed by Intel.
        in.getInt();
        byte[] vendor = Bytes.take(in, INTEL_QE_VENDOR.length);
        in.position(in.position() + USER_DATA_BYTES);
        if (version < 3 || version > 5) {
            throw new MalformedException("quote version " + version);
        }
        if (keyType != ECDSA_P256) {
            throw new MalformedException("attestation key type " + keyType);
        }
        if (!Arrays.equals(vendor, INTEL_QE_VENDOR)) {
            throw new MalformedException("a quoting enclave of another vendor than Intel");
        }
        QuoteBody body = body(in, version, teeType);
        byte[] signed = Arrays.copyOf(bytes, in.position());
        need(in, Integer.BYTES, "length of the signature data");
        return signatureData(section(in, in.getInt(), "signature data"), version, body, signed);
    }

    private static QuoteBody body(ByteBuffer in, int version, int teeType) throws MalformedException {
        if (teeType != TEE_SGX && (version == 3 || teeType != TEE_TDX)) {
            throw new MalformedException("TEE type " + Integer.toHexString(teeType) + " in version " + version);
        }
        int size = teeType == TEE_SGX ? EnclaveReport.BYTES : TdReport.BYTES_10;
        if (version == 5) {
            need(in, BODY_HEADER_BYTES, "header of the body");
            int type = Short.toUnsignedInt(in.getShort());
            int stated = in.getInt();
            boolean fits = teeType == TEE_SGX ? type == 1 : type == 2 || type == 3;
            size = type == 3 ? TdReport.BYTES_15 : size;
            if (!fits || stated != size) {
                throw new MalformedException("a body of type " + type + " and " + stated + " bytes");
            }
        }
        need(in, size, "body");
        return teeType == TEE_SGX ? EnclaveReport.read(in) : TdReport.read(in, size == TdReport.BYTES_15);
    }

    private static Quote signatureData(ByteBuffer data, int version, QuoteBody body, byte[] signed)
            throws MalformedException {
        need(data, 2 * SIGNATURE_BYTES, "signature and key");
        byte[] signature = Bytes.take(data, SIGNATURE_BYTES);
        byte[] attestationKey = Bytes.take(data, SIGNATURE_BYTES);
        ByteBuffer qe = data;
        if (version > 3) {
            need(data, BODY_HEADER_BYTES, "header of the certification data");
            int type = Short.toUnsignedInt(data.getShort());
            if (type != QE_REPORT_CERTIFICATION) {
                throw new MalformedException("certification data of type " + type);
            }
            qe = whole(data, "QE report certification data");
        }
        need(qe, EnclaveReport.BYTES + SIGNATURE_BYTES + Short.BYTES, "QE report");
        byte[] qeReportBytes = Bytes.take(qe, EnclaveReport.BYTES);
        byte[] qeReportSignature = Bytes.take(qe, SIGNATURE_BYTES);
        int authBytes = Short.toUnsignedInt(qe.getShort());
        need(qe, authBytes + BODY_HEADER_BYTES, "QE authentication data");
        byte[] authData = Bytes.take(qe, authBytes);
        int type = Short.toUnsignedInt(qe.getShort());
        if (type < Certification.PPID_CLEAR || type > Certification.CHAIN) {
            throw new MalformedException("certification data of type " + type);
        }
        ByteBuffer certification = whole(qe, "certification data");
        return new Quote(
                version,
                body,
                signed,
                signature,
                attestationKey,
                qeReportBytes,
                EnclaveReport.read(ByteBuffer.wrap(qeReportBytes).order(ByteOrder.LITTLE_ENDIAN)),
                qeReportSignature,
                authData,
                new Certification(type, Bytes.take(certification, certification.remaining())));
    }

    /** Reads a length that must reach exactly to the end, and returns what follows it. */
    private static ByteBuffer whole(ByteBuffer in, String what) throws MalformedException {
        int length = in.getInt();
        if (length != in.remaining()) {
            throw new MalformedException(
                    what + " of " + Integer.toUnsignedString(length) + " bytes in " + in.remaining() + " bytes");
        }
        return in;
    }

    private static ByteBuffer section(ByteBuffer in, int length, String what) throws MalformedException {
        if (length < 0 || length > in.remaining()) {
            throw new MalformedException(
                    what + " of " + Integer.toUnsignedString(length) + " bytes in " + in.remaining() + " bytes");
        }
        return in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void need(ByteBuffer in, int count, String what) throws MalformedException {
        if (in.remaining() < count) {
            throw new MalformedException(what + " cut off after " + in.remaining() + " bytes of " + count);
        }
    }
}
