package coco.attestation.intel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.DerReader;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Certificates inside a quote: PEM blocks, as the specification has it, or DER values one after the other, as Intel's
 * own samples do.
 *
 * <p>Read more strictly than PEM elsewhere: nothing but line ends and closing zeros may stand outside the blocks, and
 * Base64 must be the one way to write its bytes. So no bit of a quote can be changed without notice.
 */
final class CertificateBundle {
    /** Leaf, intermediate and root, and one to spare. */
    static final int CERTIFICATES_MAX = 4;

    private static final byte DER_SEQUENCE = 0x30;
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    private CertificateBundle() {}

    static List<X509Certificate> parse(byte[] bytes) throws MalformedException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            if (bytes.length > 0 && bytes[0] == DER_SEQUENCE) {
                DerReader in = new DerReader(bytes);
                while (in.hasNext()) {
                    add(certificates, in.whole());
                }
            } else {
                pem(certificates, new String(bytes, ISO_8859_1));
            }
        } catch (CryptoException _) {
            throw new MalformedException("what should be a certificate is none");
        }
        if (certificates.isEmpty()) {
            throw new MalformedException("no certificate");
        }
        return certificates;
    }

    private static void pem(List<X509Certificate> certificates, String text) throws MalformedException {
        int position = lineEnds(text, 0);
        while (text.startsWith(BEGIN, position)) {
            int start = position + BEGIN.length();
            int end = text.indexOf(END, start);
            if (end < 0) {
                throw new MalformedException("a PEM block without an end");
            }
            add(certificates, base64(text.substring(start, end)));
            position = lineEnds(text, end + END.length());
        }
        while (position < text.length() && text.charAt(position) == 0) {
            position++;
        }
        if (position < text.length()) {
            throw new MalformedException("something else than certificates");
        }
    }

    private static int lineEnds(String text, int from) {
        int position = from;
        while (position < text.length() && (text.charAt(position) == '\n' || text.charAt(position) == '\r')) {
            position++;
        }
        return position;
    }

    private static byte[] base64(String body) throws MalformedException {
        String digits = body.replace("\n", "").replace("\r", "");
        try {
            byte[] bytes = Base64.getDecoder().decode(digits);
            if (Base64.getEncoder().encodeToString(bytes).equals(digits)) {
                return bytes;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new MalformedException("a PEM block that is not Base64 in its one form");
    }

    private static void add(List<X509Certificate> certificates, byte[] der) throws MalformedException {
        if (certificates.size() == CERTIFICATES_MAX) {
            throw new MalformedException("more than " + CERTIFICATES_MAX + " certificates");
        }
        certificates.add(Certificates.fromDer(der));
    }
}
