package coco.client.signing;

import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.governance.cose.SignerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Under which certificate somebody signs.
 *
 * @param certificates the signing key's certificate, then intermediates below the entry of the constitution, if any
 * @param entry whether the certificate itself is the entry; else messages carry the chain
 */
public record SignerIdentity(List<X509Certificate> certificates, boolean entry) {
    private static final String END = "-----END CERTIFICATE-----";

    /** A leaf, and what may stand between it and the entry (docs/specs/cose.md). */
    private static final int CERTIFICATES_MAX = 4;

    private static final int FILE_BYTES_MAX = 64 * 1024;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException unless there are 1 to 4 certificates, and 1 where it is the entry
     */
    public SignerIdentity {
        certificates = List.copyOf(certificates);
        int max = entry ? 1 : CERTIFICATES_MAX;
        if (certificates.isEmpty() || certificates.size() > max) {
            throw new IllegalArgumentException("1 to " + max + " certificates, not " + certificates.size());
        }
    }

    /** The certificate of the key that signs. */
    public X509Certificate certificate() {
        return certificates.getFirst();
    }

    /** What a signer has to say about its chain. */
    public List<X509Certificate> chain() {
        return entry ? List.of() : certificates;
    }

    /**
     * Reads a file of PEM certificates, leaf first.
     *
     * @throws SignerException if it cannot be read or is not that
     */
    public static SignerIdentity read(Path file, boolean entry) {
        try {
            return parse(KeyFile.bounded(file, FILE_BYTES_MAX), entry);
        } catch (IOException | CryptoException | IllegalArgumentException e) {
            throw new SignerException("no certificates in " + file + ": " + e.getMessage(), e);
        }
    }

    private static SignerIdentity parse(byte[] pem, boolean entry) {
        String text = new String(pem, StandardCharsets.US_ASCII);
        List<X509Certificate> certificates = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf(END); end >= 0; end = text.indexOf(END, start)) {
            end += END.length();
            certificates.add(Certificates.fromPem(text.substring(start, end)));
            start = end;
        }
        if (!text.substring(start).isBlank()) {
            throw new IllegalArgumentException("something else after the certificates");
        }
        return new SignerIdentity(certificates, entry);
    }
}
