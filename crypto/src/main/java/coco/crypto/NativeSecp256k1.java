package coco.crypto;

import fr.acinq.secp256k1.Secp256k1Exception;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** libsecp256k1 through fr.acinq's binding. The checks the two implementations share are in {@link Secp256k1Inputs}. */
final class NativeSecp256k1 implements Secp256k1 {
    /** The library is there but cannot be used. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    private final fr.acinq.secp256k1.Secp256k1 library;

    private NativeSecp256k1(fr.acinq.secp256k1.Secp256k1 library) {
        this.library = library;
    }

    /** The base point of SEC 2, section 2.4.1: x ‖ y. A constant, as loading BouncyCastle to compare costs 0.3 s. */
    private static final byte[] GENERATOR = HexFormat.of()
            .parseHex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
                    + "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8");

    /** Loads the library and lets it compute once, so that a broken one is found here and not by a transaction. */
    static Secp256k1 load() throws UnusableException {
        Secp256k1 loaded = new NativeSecp256k1(fr.acinq.secp256k1.Secp256k1.get());
        byte[] one = new byte[Secp256k1Inputs.SCALAR_BYTES];
        one[one.length - 1] = 1;
        if (!Arrays.equals(loaded.publicKey(one), GENERATOR)) {
            throw new UnusableException("the native library computes another generator");
        }
        return loaded;
    }

    @Override
    public byte[] publicKey(byte[] secret32) {
        Secp256k1Inputs.checkSecret(secret32);
        return withoutPrefix(library.pubkeyCreate(secret32));
    }

    @Override
    public Signature sign(byte[] hash32, byte[] secret32) {
        Secp256k1Inputs.checkHash(hash32);
        Secp256k1Inputs.checkSecret(secret32);
        byte[] rs = library.sign(hash32, secret32, null);
        byte[] publicKey = publicKey(secret32);
        // The binding does not hand the recovery id out. Ids 2 and 3 need r + n < p, one signature in 2^127.
        for (int id = 0; id < 4; id++) {
            if (Arrays.equals(publicKey, recover(hash32, rs, id))) {
                return new Signature(rs, id);
            }
        }
        throw new IllegalStateException("no recovery id leads back to the key that signed");
    }

    @Override
    public boolean verify(byte[] hash32, byte[] signature64, byte[] publicKey64) {
        Secp256k1Inputs.checkHash(hash32);
        if (!Secp256k1Inputs.isSignature(signature64) || !Secp256k1Inputs.hasPublicKeyLength(publicKey64)) {
            return false;
        }
        try {
            byte[] lowS = library.signatureNormalize(signature64).getFirst();
            return library.verify(lowS, hash32, Secp256k1Inputs.withPrefix(publicKey64));
        } catch (Secp256k1Exception _) {
            return false;
        }
    }

    @Override
    public byte @Nullable [] recover(byte[] hash32, byte[] signature64, int recoveryId) {
        Secp256k1Inputs.checkHash(hash32);
        if (!Secp256k1Inputs.isRecoveryId(recoveryId) || !Secp256k1Inputs.isSignature(signature64)) {
            return null;
        }
        try {
            return withoutPrefix(library.ecdsaRecover(signature64, hash32, recoveryId));
        } catch (Secp256k1Exception _) {
            return null;
        }
    }

    private static byte[] withoutPrefix(byte[] uncompressed) {
        return Arrays.copyOfRange(uncompressed, 1, uncompressed.length);
    }
}
