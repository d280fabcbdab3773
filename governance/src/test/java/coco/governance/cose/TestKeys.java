package coco.governance.cose;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.crypto.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Signers of tests: fresh keys, and certificates that OpenSSL has made. */
final class TestKeys {
    static final Instant START = Instant.parse("2027-01-01T00:00:00Z");

    private static final SecureRandom RANDOM = new SecureRandom();

    private TestKeys() {}

    /** @param certificates leaf first; where the first is the entry itself, no chain is sent */
    record FileSigner(PrivateKey key, List<X509Certificate> certificates, boolean entry) implements Signer {
        @Override
        public X509Certificate certificate() {
            return certificates.getFirst();
        }

        @Override
        public List<X509Certificate> chain() {
            return entry ? List.of() : certificates;
        }

        @Override
        public byte[] sign(byte[] toBeSigned) {
            return P256.sign(key, Sha256.hash(toBeSigned));
        }
    }

    static FileSigner fresh(String name) {
        KeyPair keys = P256.generate(RANDOM);
        X509Certificate certificate =
                Certificates.selfSigned(name, keys, Instant.EPOCH, Instant.parse("2030-01-01T00:00:00Z"), RANDOM);
        return new FileSigner(keys.getPrivate(), List.of(certificate), true);
    }

    /** A TLS certificate below {@code issuer}: key usage for signatures, extended usages of TLS. */
    static FileSigner issued(FileSigner issuer, Instant from, Instant to) {
        KeyPair keys = P256.generate(RANDOM);
        X509Certificate leaf = Certificates.issue(
                issuer.certificate(), issuer.key(), "leaf", keys.getPublic(), List.of(), from, to, RANDOM);
        return new FileSigner(keys.getPrivate(), List.of(leaf), false);
    }

    static FileSigner stored(String name, String... above) {
        List<X509Certificate> certificates = new ArrayList<>(List.of(certificate(name)));
        for (String other : above) {
            certificates.add(certificate(other));
        }
        return new FileSigner(Certificates.privateKeyFromPem(text(name + ".key")), certificates, false);
    }

    static X509Certificate certificate(String name) {
        return Certificates.fromPem(text(name + ".pem"));
    }

    static String text(String resource) {
        try (InputStream in = TestKeys.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
