package coco.attestation.snp;

import coco.attestation.Collateral;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The maker's keys.
 *
 * @param roots the one root of each product
 * @param intermediates certificates below them, so that collateral need not repeat them; trusted only through the roots
 */
record AmdKeys(Map<Product, X509Certificate> roots, List<X509Certificate> intermediates) {
    /** AMD's own, as published. */
    static final AmdKeys PUBLISHED = load("amd-certificates.pem");

    AmdKeys {
        roots = Map.copyOf(roots);
        intermediates = List.copyOf(intermediates);
    }

    private static AmdKeys load(String resource) {
        try (InputStream in = AmdKeys.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            return of(Collateral.of(List.of(in.readAllBytes())).certificates());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sorts certificates by name into roots and intermediates. */
    static AmdKeys of(List<X509Certificate> certificates) {
        Map<Product, X509Certificate> roots = new EnumMap<>(Product.class);
        List<X509Certificate> intermediates = new ArrayList<>();
        for (X509Certificate certificate : certificates) {
            String subject = certificate.getSubjectX500Principal().getName();
            boolean root = false;
            for (Product product : Product.values()) {
                if (subject.contains("CN=" + product.rootName() + ",")
                        || subject.endsWith("CN=" + product.rootName())) {
                    roots.put(product, certificate);
                    root = true;
                }
            }
            if (!root) {
                intermediates.add(certificate);
            }
        }
        return new AmdKeys(roots, intermediates);
    }
}
