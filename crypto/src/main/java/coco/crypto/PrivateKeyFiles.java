package coco.crypto;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Private keys in PEM, as they lie in files: PKCS #8, plain or encrypted by a password (RFC 5958, PBES2 of RFC 8018).
 */
public final class PrivateKeyFiles {
    /** So many rounds take seconds; a file that asks for more is broken. */
    private static final int ITERATIONS_MAX = 10_000_000;

    private static final String BEGIN = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    private static final String END = "-----END ENCRYPTED PRIVATE KEY-----";

    private PrivateKeyFiles() {}

    /** Whether a password is needed. */
    public static boolean isEncrypted(String pem) {
        return pem.strip().startsWith(BEGIN);
    }

    /**
     * Decrypts a key on P-256.
     *
     * @param pem text that holds exactly one encrypted key
     * @return null if the password is wrong
     * @throws CryptoException with the code MALFORMED; its message says nothing of the content
     */
    public static @Nullable PrivateKey decrypt(String pem, char[] password) {
        EncryptedPrivateKeyInfo info = info(pem);
        try {
            AlgorithmParameters parameters = info.getAlgParameters();
            if (parameters == null
                    || parameters.getParameterSpec(PBEParameterSpec.class).getIterationCount() > ITERATIONS_MAX) {
                throw CryptoException.malformed("a private key encrypted in a way that is not PBES2");
            }
            // The JDK names the scheme of PBES2 by the text of its parameters.
            String scheme = parameters.toString();
            SecretKey key = SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(password));
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            PrivateKey decrypted = KeyFactory.getInstance("EC").generatePrivate(info.getKeySpec(cipher));
            if (!P256.isP256(decrypted)) {
                throw CryptoException.malformed("a private key of another curve than P-256");
            }
            return decrypted;
        } catch (InvalidKeyException | InvalidKeySpecException _) {
            return null;
        } catch (GeneralSecurityException _) {
            throw CryptoException.malformed("a private key encrypted in a way that is not supported");
        }
    }

    private static EncryptedPrivateKeyInfo info(String pem) {
        String text = pem.strip();
        if (!text.startsWith(BEGIN) || !text.endsWith(END)) {
            throw CryptoException.malformed("not one PEM block of an encrypted private key");
        }
        String body = text.substring(BEGIN.length(), text.length() - END.length());
        try {
            return new EncryptedPrivateKeyInfo(Base64.getDecoder().decode(body.replaceAll("\\s", "")));
        } catch (IOException | IllegalArgumentException _) {
            throw CryptoException.malformed("a PEM block that is no encrypted private key");
        }
    }
}
