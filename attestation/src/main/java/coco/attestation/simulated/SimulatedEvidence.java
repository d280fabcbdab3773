package coco.attestation.simulated;

import static java.nio.charset.StandardCharsets.US_ASCII;

import coco.attestation.Claims;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.ReportData;
import coco.attestation.TcbStatus;
import coco.attestation.Verdict;
import coco.crypto.CryptoException;
import coco.crypto.P256;
import coco.crypto.Sha256;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.PublicKey;

/**
 * The document of simulated evidence, 226 bytes: version (1), public key (65), measurement (32), report data (64),
 * signature (64) over SHA-256(label ‖ all before).
 *
 * <p>The key is inside because there is no maker to vouch for it. The signature keeps the parts together and lets a
 * manifest name a machine by the digest of its key; it proves nothing about the code.
 */
final class SimulatedEvidence {
    static final int DOCUMENT_BYTES =
            1 + P256.PUBLIC_KEY_BYTES + Sha256.DIGEST_BYTES + ReportData.BYTES + P256.SIGNATURE_BYTES;

    private static final byte VERSION = 1;
    private static final byte[] LABEL = "coco/simulated/evidence/1\n".getBytes(US_ASCII);

    private SimulatedEvidence() {}

    static Evidence make(KeyPair keys, byte[] measurement32, byte[] reportData64) {
        ByteBuffer document = ByteBuffer.allocate(DOCUMENT_BYTES)
                .put(VERSION)
                .put(P256.encode(keys.getPublic()))
                .put(measurement32)
                .put(reportData64);
        document.put(P256.sign(keys.getPrivate(), signedHash(document.array())));
        return new Evidence(Platform.SIMULATED, document.array());
    }

    static Verdict verify(Evidence evidence) {
        if (evidence.platform() != Platform.SIMULATED) {
            return new Verdict.Refused(
                    Verdict.Check.PLATFORM, evidence.platform().label(), Platform.SIMULATED.label());
        }
        byte[] bytes = evidence.document();
        if (bytes.length != DOCUMENT_BYTES) {
            return new Verdict.Refused(Verdict.Check.FORMAT, bytes.length + " bytes", DOCUMENT_BYTES + " bytes");
        }
        ByteBuffer document = ByteBuffer.wrap(bytes);
        byte version = document.get();
        if (version != VERSION) {
            return new Verdict.Refused(Verdict.Check.FORMAT, "version " + version, "version " + VERSION);
        }
        byte[] encodedKey = take(document, P256.PUBLIC_KEY_BYTES);
        byte[] measurement = take(document, Sha256.DIGEST_BYTES);
        byte[] reportData = take(document, ReportData.BYTES);
        byte[] signature = take(document, P256.SIGNATURE_BYTES);
        PublicKey key;
        try {
            key = P256.decode(encodedKey);
        } catch (CryptoException _) {
            return new Verdict.Refused(Verdict.Check.FORMAT, "a key that is no point", "a point of P-256");
        }
        if (!P256.verify(key, signedHash(bytes), signature)) {
            return new Verdict.Refused(
                    Verdict.Check.SIGNATURE, "a signature by another key or over other bytes", "one by the key inside");
        }
        return new Verdict.Verified(new Claims(
                Platform.SIMULATED,
                measurement,
                reportData,
                TcbStatus.NOT_APPLICABLE,
                false,
                Sha256.hash(encodedKey),
                0));
    }

    private static byte[] signedHash(byte[] document) {
        byte[] signed = new byte[LABEL.length + DOCUMENT_BYTES - P256.SIGNATURE_BYTES];
        System.arraycopy(LABEL, 0, signed, 0, LABEL.length);
        System.arraycopy(document, 0, signed, LABEL.length, DOCUMENT_BYTES - P256.SIGNATURE_BYTES);
        return Sha256.hash(signed);
    }

    private static byte[] take(ByteBuffer from, int length) {
        byte[] out = new byte[length];
        from.get(out);
        return out;
    }
}
