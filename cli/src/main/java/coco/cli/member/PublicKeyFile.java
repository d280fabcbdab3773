package coco.cli.member;

import coco.cli.console.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A public key in PEM (SubjectPublicKeyInfo): RSA or of an elliptic curve. */
public final class PublicKeyFile {
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    private PublicKeyFile() {}

    /**
     * The key as documents have it: Base64 of its SubjectPublicKeyInfo.
     *
     * @throws CliException it is no such file
     */
    public static String base64(Path file) {
        try {
            String text = Files.readString(file).strip();
            if (text.startsWith(BEGIN) && text.endsWith(END) && text.length() >= BEGIN.length() + END.length()) {
                return text.substring(BEGIN.length(), text.length() - END.length())
                        .replaceAll("\\s", "");
            }
        } catch (IOException e) {
            throw new CliException(file + " cannot be read: " + e.getMessage(), "Name a file.", e);
        }
        throw CliException.usage(file + " holds no public key in PEM", "Make one with: coco member init");
    }

    /**
     * The key.
     *
     * @throws CliException it is none
     */
    public static PublicKey read(Path file) {
        String base64 = base64(file);
        for (String algorithm : List.of("EC", "RSA")) {
            PublicKey key = keyOf(algorithm, base64);
            if (key != null) {
                return key;
            }
        }
        throw CliException.usage(file + " holds a public key that is neither RSA nor EC", "");
    }

    private static @Nullable PublicKey keyOf(String algorithm, String base64) {
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException another) {
            return null;
        }
    }
}
