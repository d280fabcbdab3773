package coco.evm.types;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import org.jspecify.annotations.Nullable;

/** What Ethereum demands of a secp256k1 signature, and the address of a public key. */
final class Signatures {
    private static final Word ORDER = Word.fromHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    private static final Word HALF_ORDER =
            Word.fromHex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

    private Signatures() {}

    static boolean inRange(Word r, Word s) {
        return !r.isZero() && !s.isZero() && r.compareTo(ORDER) < 0 && s.compareTo(ORDER) < 0;
    }

    /** EIP-2: of the two signatures that are valid for a message, only the one with the lower s. */
    static boolean lowS(Word s) {
        return s.compareTo(HALF_ORDER) <= 0;
    }

    static @Nullable Address recover(Secp256k1 curve, byte[] hash, Word r, Word s, int yParity) {
        byte[] signature = new byte[64];
        r.writeTo(signature, 0);
        s.writeTo(signature, 32);
        byte[] publicKey = curve.recover(hash, signature, yParity);
        return publicKey == null ? null : addressOf(publicKey);
    }

    static Address addressOf(byte[] publicKey64) {
        return Address.of(Keccak256.hash(publicKey64), 12);
    }
}
