package coco.attestation.simulated;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import coco.attestation.AttestationLimits;
import coco.attestation.Sealing;
import coco.crypto.AesGcm;
import coco.crypto.Hkdf;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sealed blob: version (1 byte), random IV (12), ciphertext ‖ tag. The associated data is the version and the label.
 *
 * <p>A random IV of 96 bits is safe for some 2^32 blobs under one key (NIST SP 800-38D, section 8.3); a node seals a
 * handful an hour.
 */
final class SimulatedSealing implements Sealing {
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + AesGcm.IV_BYTES;
    private static final byte[] SEALING_KEY = "coco/simulated/sealing-key/1".getBytes(US_ASCII);

    private final byte[] key;
    private final SecureRandom random;

    SimulatedSealing(byte[] secret32, SecureRandom random) {
        this.key = Hkdf.derive(new byte[0], secret32, SEALING_KEY, AesGcm.KEY_BYTES);
        this.random = random;
    }

    @Override
    public byte[] seal(String label, byte[] plaintext) {
        byte[] aad = aad(label);
        if (aad.length - 1 > AttestationLimits.DEFAULT.labelBytesMax()) {
            throw new IllegalArgumentException("a label of " + (aad.length - 1) + " bytes is too long");
        }
        if (plaintext.length > AttestationLimits.DEFAULT.sealedBytesMax() - HEADER_BYTES - AesGcm.TAG_BYTES) {
            throw new IllegalArgumentException("a secret of " + plaintext.length + " bytes is too long");
        }
        byte[] iv = new byte[AesGcm.IV_BYTES];
        random.nextBytes(iv);
        byte[] ciphertext = AesGcm.seal(key, iv, aad, plaintext);
        byte[] out = new byte[HEADER_BYTES + ciphertext.length];
        out[0] = VERSION;
        System.arraycopy(iv, 0, out, 1, iv.length);
        System.arraycopy(ciphertext, 0, out, HEADER_BYTES, ciphertext.length);
        return out;
    }

    @Override
    public byte @Nullable [] unseal(String label, byte[] sealed) {
        if (sealed.length < HEADER_BYTES
                || sealed.length > AttestationLimits.DEFAULT.sealedBytesMax()
                || sealed[0] != VERSION) {
            return null;
        }
        byte[] iv = Arrays.copyOfRange(sealed, 1, HEADER_BYTES);
        return AesGcm.open(key, iv, aad(label), Arrays.copyOfRange(sealed, HEADER_BYTES, sealed.length));
    }

    private static byte[] aad(String label) {
        byte[] text = label.getBytes(UTF_8);
        byte[] out = new byte[1 + text.length];
        out[0] = VERSION;
        System.arraycopy(text, 0, out, 1, text.length);
        return out;
    }
}
