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

/** A public key in PEM (SubjectPublicKeyInfo): RSA or of an elliptic curve. */
public final class PublicKeyFile {
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    private PublicKeyFile() {}

    /** @throws CliException it is no such file */
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

    /** @throws CliException it is no key */
    public static PublicKey read(Path file) {
        String base64 = base64(file);
        for (String algorithm : List.of("EC", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
            } catch (GeneralSecurityException | IllegalArgumentException another) {
                // The next one may read it.
                continue;
            }
        }
        throw CliException.usage(file + " holds a public key that is neither RSA nor EC", "");
    }
}
