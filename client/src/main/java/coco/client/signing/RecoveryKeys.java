package coco.client.signing;

import coco.crypto.AesGcm;
import coco.crypto.CryptoException;
import coco.crypto.KeyEncryption;
import coco.crypto.PrivateKeyFiles;
import coco.governance.cose.SignerException;
import coco.journal.EpochShares.RecoveryKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * Recovery keys of members, by which they open their shares: PKCS #8 in PEM, in clear, encrypted by a password, or
 * wrapped by an RSA key that does not leave its token. A wrapped key is in memory while it is used: the token guards it
 * while it lies.
 */
public final class RecoveryKeys {
    private static final byte[] CONTEXT = "coco wrapped key 1".getBytes(StandardCharsets.US_ASCII);
    private static final String BEGIN = "-----BEGIN COCO WRAPPED PRIVATE KEY-----";
    private static final String END = "-----END COCO WRAPPED PRIVATE KEY-----";
    private static final int LINE_CHARACTERS = 64;
    private static final byte[] ZERO_IV = new byte[AesGcm.IV_BYTES];
    private static final Pattern SPACE = Pattern.compile("\\s");

    private RecoveryKeys() {}

    /**
     * Opens a recovery key.
     *
     * @param file nobody but its owner may read it
     * @param token {@code pkcs11:} URI of the token whose key wraps the file, with {@code object=} naming the key; null
     *     for a file that no token wraps
     * @param secrets passwords and PINs
     * @throws SignerException if it cannot be opened, naming why
     */
    public static RecoveryKey open(Path file, @Nullable String token, Secrets secrets) {
        String pem = KeyFile.secret(file);
        PrivateKey key;
        try {
            if (pem.strip().startsWith(BEGIN)) {
                if (token == null) {
                    throw new SignerException(file + " is wrapped by a token: say by which");
                }
                key = unwrap(pem, token, secrets);
            } else {
                key = read(pem, file, secrets);
            }
        } catch (CryptoException e) {
            throw new SignerException(file + ": " + e.getMessage(), e);
        }
        return (context, enclosed) -> KeyEncryption.open(key, context, enclosed);
    }

    private static PrivateKey read(String pem, Path file, Secrets secrets) {
        char[] password = PrivateKeyFiles.isEncrypted(pem)
                ? Passwords.of(secrets, KeyFile.PASSWORD_VARIABLE, "Password of " + file)
                : new char[0];
        try {
            PrivateKey key = PrivateKeyFiles.recoveryKey(pem, password);
            if (key == null) {
                throw new SignerException("the password does not open " + file);
            }
            return key;
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    /**
     * Wraps the key in a file: RSA-OAEP to the token's key around a fresh AES-256-GCM key around PKCS #8.
     *
     * @param wrapping public part of the token's key, RSA
     * @return one PEM block, ending in a line feed
     * @throws SignerException if the file cannot be read, or the wrapping key is not RSA of 2048 to 8192 bits
     */
    public static String wrap(Path file, PublicKey wrapping, Secrets secrets, SecureRandom random) {
        if (!(wrapping instanceof RSAKey) || !KeyEncryption.takes(wrapping)) {
            throw new SignerException("a token wraps by an RSA key of 2048 to 8192 bits");
        }
        try {
            return wrap(read(KeyFile.secret(file), file, secrets), wrapping, random);
        } catch (CryptoException e) {
            throw new SignerException(file + ": " + e.getMessage(), e);
        }
    }

    private static String wrap(PrivateKey key, PublicKey wrapping, SecureRandom random) {
        byte[] secret = new byte[AesGcm.KEY_BYTES];
        random.nextBytes(secret);
        byte[] pkcs8 = key.getEncoded();
        try {
            byte[] sealed = KeyEncryption.seal(wrapping, CONTEXT, secret, random);
            byte[] inner = AesGcm.seal(secret, ZERO_IV, CONTEXT, pkcs8);
            byte[] body = ByteBuffer.allocate(Short.BYTES + sealed.length + inner.length)
                    .putShort((short) sealed.length)
                    .put(sealed)
                    .put(inner)
                    .array();
            String text =
                    Base64.getMimeEncoder(LINE_CHARACTERS, new byte[] {'\n'}).encodeToString(body);
            return BEGIN + "\n" + text + "\n" + END + "\n";
        } finally {
            Arrays.fill(secret, (byte) 0);
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    private static PrivateKey unwrap(String pem, String uri, Secrets secrets) {
        String text = pem.strip();
        if (!text.endsWith(END)) {
            throw new SignerException("not one block of a wrapped private key");
        }
        ByteBuffer in;
        try {
            String body = text.substring(BEGIN.length(), text.length() - END.length());
            in = ByteBuffer.wrap(Base64.getDecoder().decode(SPACE.matcher(body).replaceAll("")));
        } catch (IllegalArgumentException e) {
            throw new SignerException("a wrapped private key that is not Base64", e);
        }
        int length = in.remaining() < Short.BYTES ? -1 : Short.toUnsignedInt(in.getShort());
        if (length < 0 || length > in.remaining()) {
            throw new SignerException("a wrapped private key that is cut off");
        }
        byte[] sealed = new byte[length];
        in.get(sealed);
        byte[] inner = new byte[in.remaining()];
        in.get(inner);
        byte[] secret = secret(sealed, uri, secrets);
        byte[] pkcs8 = AesGcm.open(secret, ZERO_IV, CONTEXT, inner);
        Arrays.fill(secret, (byte) 0);
        if (pkcs8 == null) {
            throw new SignerException("what the token unwraps does not open the private key");
        }
        try {
            return PrivateKeyFiles.recoveryKey(pkcs8);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    private static byte[] secret(byte[] sealed, String uri, Secrets secrets) {
        Pkcs11Uri token = Pkcs11Uri.parse(uri);
        Pkcs11Signer.Session session = Pkcs11Signer.Session.open(token, secrets);
        try {
            PrivateKey key = key(session, token);
            byte[] secret = KeyEncryption.open(
                    block -> {
                        // The JDK's provider knows no OAEP.
                        Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding", session.provider());
                        cipher.init(Cipher.DECRYPT_MODE, key);
                        return cipher.doFinal(block);
                    },
                    CONTEXT,
                    sealed);
            if (secret == null) {
                throw new SignerException("the private key was not wrapped by this key of the token");
            }
            return secret;
        } catch (GeneralSecurityException | ProviderException e) {
            throw new SignerException("pkcs11: the token does not unwrap: " + Pkcs11Signer.reason(e), e);
        } finally {
            session.close();
        }
    }

    private static PrivateKey key(Pkcs11Signer.Session session, Pkcs11Uri token) throws GeneralSecurityException {
        String wanted = token.object();
        for (String alias : Collections.list(session.store().aliases())) {
            boolean named = wanted == null || alias.equals(wanted);
            if (named
                    && session.store().isKeyEntry(alias)
                    && session.store().getKey(alias, null) instanceof PrivateKey key
                    && key.getAlgorithm().equals("RSA")) {
                return key;
            }
        }
        throw new SignerException("pkcs11: the token has no RSA key" + (wanted == null ? "" : " named " + wanted));
    }
}
