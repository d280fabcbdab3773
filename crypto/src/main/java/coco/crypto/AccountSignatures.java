package coco.crypto;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Texts that Ethereum accounts sign with {@code personal_sign} (EIP-191, version 0x45), and the addresses of such
 * accounts.
 */
public final class AccountSignatures {
    /** Bytes of an address. */
    public static final int ADDRESS_BYTES = 20;

    /** Bytes of a signature: r ‖ s ‖ v. */
    public static final int SIGNATURE_BYTES = 65;

    private static final int HASH_BYTES = 32;
    private static final int V_OFFSET = 27;
    /** Half the order of secp256k1: what is above is the other form of a signature that wallets do not make. */
    private static final BigInteger HALF_ORDER =
            new BigInteger("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", 16);

    private AccountSignatures() {}

    /** The address of a public key x ‖ y: the last 20 bytes of its Keccak-256 hash. */
    public static byte[] address(byte[] publicKey64) {
        byte[] hash = Keccak256.hash(publicKey64);
        return Arrays.copyOfRange(hash, HASH_BYTES - ADDRESS_BYTES, HASH_BYTES);
    }

    /** {@code 0x} and 40 digits, whose cases are a checksum (EIP-55). */
    public static String checksummed(byte[] address20) {
        char[] digits = HexFormat.of().formatHex(address20).toCharArray();
        byte[] hash = Keccak256.hash(new String(digits).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < digits.length; i++) {
            int nibble = (hash[i >>> 1] >>> ((i & 1) == 0 ? 4 : 0)) & 0xF;
            if (nibble >= 8) {
                digits[i] = Character.toUpperCase(digits[i]);
            }
        }
        return "0x" + new String(digits);
    }

    /** Signs a text; 65 bytes, v is 27 or 28. */
    public static byte[] sign(String text, byte[] secret32, Secp256k1 curve) {
        Secp256k1.Signature signature = curve.sign(digest(text), secret32);
        byte[] out = Arrays.copyOf(signature.rs(), SIGNATURE_BYTES);
        out[SIGNATURE_BYTES - 1] = (byte) (V_OFFSET + signature.recoveryId());
        return out;
    }

    /**
     * The address whose key signed a text; null if no key did, or the signature is not in its one form (s at most half
     * the order, v 27 or 28).
     */
    public static byte @Nullable [] signer(String text, byte[] signature65, Secp256k1 curve) {
        if (signature65.length != SIGNATURE_BYTES) {
            return null;
        }
        int recoveryId = signature65[SIGNATURE_BYTES - 1] - V_OFFSET;
        BigInteger s = new BigInteger(1, signature65, HASH_BYTES, HASH_BYTES);
        if (recoveryId < 0 || recoveryId > 1 || s.compareTo(HALF_ORDER) > 0) {
            return null;
        }
        byte[] key = curve.recover(digest(text), Arrays.copyOf(signature65, 2 * HASH_BYTES), recoveryId);
        return key == null ? null : address(key);
    }

    private static byte[] digest(String text) {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        byte[] prefix = ("\u0019Ethereum Signed Message:\n" + message.length).getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(prefix, prefix.length + message.length);
        System.arraycopy(message, 0, whole, prefix.length, message.length);
        return Keccak256.hash(whole);
    }
}
