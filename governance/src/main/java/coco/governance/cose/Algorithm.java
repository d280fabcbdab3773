package coco.governance.cose;

import coco.crypto.P256;
import coco.crypto.P384;
import coco.crypto.Sha256;
import coco.crypto.Sha384;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/** Signature algorithms of RFC 9053, section 2.1; each with the one curve that it is used with here. */
enum Algorithm {
    /** ECDSA with SHA-256 on P-256. */
    ES256(-7, P256.SIGNATURE_BYTES) {
        @Override
        boolean verify(PublicKey key, byte[] signed, byte[] signature) {
            return P256.verify(key, Sha256.hash(signed), signature);
        }
    },
    /** ECDSA with SHA-384 on P-384. */
    ES384(-35, P384.SIGNATURE_BYTES) {
        @Override
        boolean verify(PublicKey key, byte[] signed, byte[] signature) {
            return P384.verify(key, Sha384.hash(signed), signature);
        }
    };

    private final long identifier;
    private final int signatureBytes;

    Algorithm(long identifier, int signatureBytes) {
        this.identifier = identifier;
        this.signatureBytes = signatureBytes;
    }

    long identifier() {
        return identifier;
    }

    int signatureBytes() {
        return signatureBytes;
    }

    abstract boolean verify(PublicKey key, byte[] signed, byte[] signature);

    static @Nullable Algorithm of(long identifier) {
        for (Algorithm algorithm : values()) {
            if (algorithm.identifier == identifier) {
                return algorithm;
            }
        }
        return null;
    }

    /** The algorithm of a key; null if it is on neither curve. */
    static @Nullable Algorithm of(PublicKey key) {
        if (P256.isP256(key)) {
            return ES256;
        }
        return P384.isKey(key) ? ES384 : null;
    }
}
