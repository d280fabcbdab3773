package coco.crypto;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Private keys in PEM, as they lie in files: PKCS #8, plain or encrypted by a password (RFC 5958, PBES2 of RFC 8018).
 */
public final class PrivateKeyFiles {
    /** So many rounds take seconds; a file that asks for more is broken. */
    private static final int ITERATIONS_MAX = 10_000_000;

    /** OWASP's figure of 2023 for PBKDF2 with HMAC-SHA-256. */
    private static final int ITERATIONS = 600_000;

    private static final int SALT_BYTES = 16;
    private static final int IV_BYTES = 16;
    private static final int KEY_BITS = 256;

    private static final List<String> RECOVERY_ALGORITHMS = List.of("EC", "RSA");

    private static final String LABEL = "ENCRYPTED PRIVATE KEY";
    private static final String BEGIN = "-----BEGIN " + LABEL + "-----";
    private static final String END = "-----END " + LABEL + "-----";

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
        PrivateKey decrypted = decrypt(pem, password, "EC");
        if (decrypted != null && !P256.isP256(decrypted)) {
            throw CryptoException.malformed("a private key of another curve than P-256");
        }
        return decrypted;
    }

    /**
     * Reads a recovery key: PKCS #8, RSA or P-256, in clear.
     *
     * @param pkcs8 DER
     * @throws CryptoException with the code MALFORMED; its message says nothing of the content
     */
    public static PrivateKey recoveryKey(byte[] pkcs8) {
        for (String algorithm : RECOVERY_ALGORITHMS) {
            try {
                PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
                if (key instanceof RSAKey || P256.isP256(key)) {
                    return key;
                }
            } catch (GeneralSecurityException _) {
                // A key of another kind, or none.
            }
        }
        throw CryptoException.malformed("a private key that is neither RSA nor on P-256");
    }

    /**
     * The same from PEM.
     *
     * @param password of a key that is encrypted; for another it is not looked at
     * @return null if the password is wrong
     * @throws CryptoException with the code MALFORMED; its message says nothing of the content
     */
    public static @Nullable PrivateKey recoveryKey(String pem, char[] password) {
        if (!isEncrypted(pem)) {
            return recoveryKey(Certificates.unwrap("PRIVATE KEY", pem));
        }
        for (String algorithm : RECOVERY_ALGORITHMS) {
            PrivateKey key = decrypt(pem, password, algorithm);
            if (key != null && (key instanceof RSAKey || P256.isP256(key))) {
                return key;
            }
        }
        return null;
    }

    private static @Nullable PrivateKey decrypt(String pem, char[] password, String algorithm) {
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
            return KeyFactory.getInstance(algorithm).generatePrivate(info.getKeySpec(cipher));
        } catch (InvalidKeyException | InvalidKeySpecException _) {
            return null;
        } catch (GeneralSecurityException _) {
            throw CryptoException.malformed("a private key encrypted in a way that is not supported");
        }
    }

    /**
     * Encrypts a key of any kind: PBKDF2 with HMAC-SHA-256, AES-256-CBC, which OpenSSL reads too.
     *
     * @return one PEM block, ending in a line feed
     */
    public static String encrypt(PrivateKey key, char[] password, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        byte[] plain = key.getEncoded();
        PBEKeySpec secret = new PBEKeySpec(password, salt, ITERATIONS, KEY_BITS);
        try {
            byte[] derived = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(secret)
                    .getEncoded();
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(derived, "AES"), new IvParameterSpec(iv));
            Arrays.fill(derived, (byte) 0);
            return Certificates.pem(LABEL, encoded(salt, iv, cipher.doFinal(plain)));
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException("every JDK has PBKDF2 and AES", impossible);
        } finally {
            secret.clearPassword();
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** EncryptedPrivateKeyInfo with the parameters of RFC 8018, appendix A. */
    private static byte[] encoded(byte[] salt, byte[] iv, byte[] sealed) throws IOException {
        AlgorithmIdentifier prf = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE);
        KeyDerivationFunc derivation = new KeyDerivationFunc(
                PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(salt, ITERATIONS, KEY_BITS / Byte.SIZE, prf));
        EncryptionScheme encryption = new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv));
        AlgorithmIdentifier scheme =
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, new PBES2Parameters(derivation, encryption));
        return new org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo(scheme, sealed).getEncoded();
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
