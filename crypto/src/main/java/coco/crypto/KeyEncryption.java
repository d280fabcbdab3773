package coco.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.encodings.OAEPEncoding;
import org.jspecify.annotations.Nullable;

/**
 * A secret of 32 bytes encrypted to somebody's public key, of either kind that members hold: RSA by RSAES-OAEP with
 * SHA-256 throughout (RFC 8017, section 7.1), P-256 by {@link Hpke}. What it is for is bound in: as OAEP's label, or as
 * HPKE's info.
 */
public final class KeyEncryption {
    /** Bytes of what is encrypted. */
    public static final int SECRET_BYTES = 32;

    /** Most bytes of an encrypted secret: those of the longest RSA key, 8192 bits. */
    public static final int SEALED_BYTES_MAX = 1024;

    private static final int RSA_BYTES_MIN = 256;

    /** The padding takes any, and none is used. */
    private static final CipherParameters NO_PARAMETERS = new CipherParameters() {};

    private static final String OAEP = "RSA/ECB/OAEPPadding";

    private KeyEncryption() {}

    /** Whether secrets can be encrypted to such a key. */
    public static boolean takes(PublicKey key) {
        return key instanceof RSAKey rsa ? Rsa.isSuitable(rsa) : P256.isP256(key);
    }

    /**
     * Encrypts a secret.
     *
     * @param recipient RSA of 2048 to 8192 bits, or on P-256
     * @param context what the secret is, and for whom; the opener must give the same
     * @throws IllegalArgumentException if the key is of another kind, or the secret not of 32 bytes
     */
    public static byte[] seal(PublicKey recipient, byte[] context, byte[] secret, SecureRandom random) {
        Checks.length("secret", secret, SECRET_BYTES);
        if (!takes(recipient)) {
            throw new IllegalArgumentException(
                    "neither RSA of a suitable length nor P-256: " + recipient.getAlgorithm());
        }
        if (!(recipient instanceof RSAKey)) {
            return Hpke.seal(recipient, context, new byte[0], secret, random);
        }
        try {
            Cipher cipher = Cipher.getInstance(OAEP);
            cipher.init(Cipher.ENCRYPT_MODE, recipient, oaep(context), random);
            return cipher.doFinal(secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA-OAEP cannot fail to encrypt 32 bytes", e);
        }
    }

    /**
     * Decrypts, if it was encrypted to this key in this context.
     *
     * @param recipient RSA or P-256
     * @return 32 bytes; or null
     * @throws IllegalArgumentException if the key is of another kind
     */
    public static byte @Nullable [] open(PrivateKey recipient, byte[] context, byte[] sealed) {
        byte[] secret = recipient instanceof RSAKey
                ? openByRsa(recipient, context, sealed)
                : Hpke.open(recipient, context, new byte[0], sealed);
        return secret == null || secret.length != SECRET_BYTES ? null : secret;
    }

    /** The private operation of an RSA key that stays in its token, without padding (PKCS #11: CKM_RSA_X_509). */
    @FunctionalInterface
    public interface RawRsa {
        /**
         * One exponentiation.
         *
         * @param block as long as the modulus
         * @return as long as the modulus
         * @throws GeneralSecurityException if the token does not
         */
        byte[] apply(byte[] block) throws GeneralSecurityException;
    }

    /**
     * The same for an RSA key in a token: tokens pad in ways of their own, so that only the exponentiation is theirs.
     *
     * @return 32 bytes; or null
     * @throws GeneralSecurityException if the token does not
     */
    public static byte @Nullable [] open(RawRsa token, byte[] context, byte[] sealed) throws GeneralSecurityException {
        if (sealed.length < RSA_BYTES_MIN || sealed.length > SEALED_BYTES_MAX) {
            return null;
        }
        byte[] padded = token.apply(sealed);
        if (padded.length != sealed.length || padded[0] != 0) {
            return null;
        }
        OAEPEncoding oaep = new OAEPEncoding(new Done(padded), new SHA256Digest(), new SHA256Digest(), context);
        oaep.init(false, NO_PARAMETERS);
        try {
            byte[] secret = oaep.processBlock(sealed, 0, sealed.length);
            return secret.length == SECRET_BYTES ? secret : null;
        } catch (InvalidCipherTextException _) {
            return null;
        }
    }

    /** For BouncyCastle's padding: a cipher that has decrypted its only block already. */
    private record Done(byte[] padded) implements AsymmetricBlockCipher {
        @Override
        public void init(boolean forEncryption, CipherParameters parameters) {}

        @Override
        public int getInputBlockSize() {
            return padded.length;
        }

        @Override
        public int getOutputBlockSize() {
            return padded.length - 1;
        }

        @Override
        public byte[] processBlock(byte[] in, int offset, int length) {
            return Arrays.copyOfRange(padded, 1, padded.length);
        }
    }

    private static byte @Nullable [] openByRsa(PrivateKey recipient, byte[] context, byte[] sealed) {
        try {
            Cipher cipher = Cipher.getInstance(OAEP);
            cipher.init(Cipher.DECRYPT_MODE, recipient, oaep(context));
            return cipher.doFinal(sealed);
        } catch (BadPaddingException | IllegalBlockSizeException _) {
            return null;
        } catch (InvalidKeyException _) {
            throw new IllegalArgumentException("an RSA key that cannot decrypt");
        } catch (GeneralSecurityException _) {
            throw CryptoException.unavailable(OAEP);
        }
    }

    private static OAEPParameterSpec oaep(byte[] context) {
        return new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, new PSource.PSpecified(context));
    }
}
