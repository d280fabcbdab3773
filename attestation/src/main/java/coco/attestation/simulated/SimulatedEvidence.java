package coco.attestation.simulated;

import static java.nio.charset.StandardCharsets.US_ASCII;

import coco.attestation.CheckList;
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
import java.util.List;
import java.util.Map;

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
        CheckList checks = new CheckList();
        String claimed = evidence.platform().label();
        if (!checks.require(
                Verdict.Check.PLATFORM,
                evidence.platform() == Platform.SIMULATED,
                claimed,
                Platform.SIMULATED.label())) {
            return checks.refuse();
        }
        byte[] bytes = evidence.document();
        String length = bytes.length + " bytes";
        if (!checks.require(Verdict.Check.FORMAT, bytes.length == DOCUMENT_BYTES, length, DOCUMENT_BYTES + " bytes")) {
            return checks.refuse();
        }
        ByteBuffer document = ByteBuffer.wrap(bytes);
        byte version = document.get();
        if (!checks.require(Verdict.Check.FORMAT, version == VERSION, "version " + version, "version " + VERSION)) {
            return checks.refuse();
        }
        byte[] encodedKey = take(document, P256.PUBLIC_KEY_BYTES);
        byte[] measurement = take(document, Sha256.DIGEST_BYTES);
        byte[] reportData = take(document, ReportData.BYTES);
        byte[] signature = take(document, P256.SIGNATURE_BYTES);
        PublicKey key;
        try {
            key = P256.decode(encodedKey);
        } catch (CryptoException _) {
            checks.fail(Verdict.Check.FORMAT, "a key that is no point", "a point of P-256");
            return checks.refuse();
        }
        boolean signed = P256.verify(key, signedHash(bytes), signature);
        checks.require(
                Verdict.Check.SIGNATURE,
                signed,
                signed ? "by the key inside" : "a signature by another key or over other bytes",
                "one by the key inside");
        return checks.conclude(new Claims(
                Platform.SIMULATED,
                measurement,
                reportData,
                TcbStatus.NOT_APPLICABLE,
                false,
                Sha256.hash(encodedKey),
                0,
                List.of(),
                Map.of()));
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
