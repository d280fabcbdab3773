package coco.client.signing;

import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.P256;
import coco.crypto.PrivateKeyFiles;
import coco.crypto.Sha256;
import coco.governance.cose.SignerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A key in a file that nobody but its owner may read: PKCS #8 in PEM, plain or encrypted. */
final class KeyFile implements OpenSigner {
    /** Variable with the password of an encrypted key, where nobody can be asked. */
    static final String PASSWORD_VARIABLE = "COCO_SIGNER_PASSWORD";

    private static final int FILE_BYTES_MAX = 64 * 1024;
    private static final Set<PosixFilePermission> OWNERS =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final PrivateKey key;
    private final SignerIdentity identity;

    private KeyFile(PrivateKey key, SignerIdentity identity) {
        this.key = key;
        this.identity = identity;
    }

    static KeyFile open(Path file, SignerIdentity identity, Secrets secrets) {
        String pem = secret(file);
        try {
            PrivateKey key = PrivateKeyFiles.isEncrypted(pem)
                    ? decrypted(pem, file, secrets)
                    : Certificates.privateKeyFromPem(pem);
            return new KeyFile(key, identity);
        } catch (CryptoException e) {
            throw new SignerException(file + ": " + e.getMessage(), e);
        }
    }

    private static PrivateKey decrypted(String pem, Path file, Secrets secrets) {
        char[] password = Passwords.of(secrets, PASSWORD_VARIABLE, "Password of " + file);
        try {
            PrivateKey key = PrivateKeyFiles.decrypt(pem, password);
            if (key == null) {
                throw new SignerException("the password does not open " + file);
            }
            return key;
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    /** The text of a file that nobody but its owner may read. */
    static String secret(Path file) {
        try {
            Set<PosixFilePermission> others = new TreeSet<>(Files.getPosixFilePermissions(file));
            others.removeAll(OWNERS);
            if (!others.isEmpty()) {
                throw new SignerException(file + " may be read or run by others, or written: chmod 600 " + file);
            }
            return new String(bounded(file, FILE_BYTES_MAX), StandardCharsets.US_ASCII);
        } catch (UnsupportedOperationException e) {
            throw new SignerException("the file system of " + file + " does not say who may read a file", e);
        } catch (IOException e) {
            throw new SignerException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The bytes of a file, refused where there are more. */
    static byte[] bounded(Path file, int max) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(max + 1);
            if (bytes.length > max) {
                throw new IOException("more than " + max + " bytes");
            }
            return bytes;
        }
    }

    @Override
    public X509Certificate certificate() {
        return identity.certificate();
    }

    @Override
    public List<X509Certificate> chain() {
        return identity.chain();
    }

    @Override
    public byte[] sign(byte[] toBeSigned) {
        return P256.sign(key, Sha256.hash(toBeSigned));
    }

    @Override
    public void close() {}
}
