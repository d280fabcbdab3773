package coco.attestation.intel;

import coco.attestation.Collateral;
import coco.attestation.Collateral.SignedDocument;
import coco.crypto.P256;
import coco.crypto.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A bag of collateral as Intel's verifiers see it: statements parsed, PCK certificates found, and Intel's own public
 * certificates added. May be used from any thread.
 *
 * <p>Signatures are remembered once checked, which is why one bag is worth keeping: they are most of the work, and
 * hang on nothing but the bag and keys that led to the root.
 */
final class IntelCollateral {
    /** The authorities and the statements' signers, each of which would be found beside its statements otherwise. */
    private static final List<X509Certificate> PUBLISHED = published();

    private final Collateral bag;
    private final List<X509Certificate> certificates = new ArrayList<>(PUBLISHED);
    private final List<PckCertificate> pckCertificates = new ArrayList<>();
    private final List<Signed<TcbInfo>> tcbInfos = new ArrayList<>();
    private final List<Signed<EnclaveIdentity>> identities = new ArrayList<>();
    private final Map<SignedDocument, List<X509Certificate>> signers = new ConcurrentHashMap<>();
    private final Map<ListAndKey, Boolean> listSignatures = new ConcurrentHashMap<>();

    /** A statement and the bytes it was read from. */
    record Signed<T extends Statement>(T statement, SignedDocument document) {}

    private record ListAndKey(X509CRL list, PublicKey key) {}

    IntelCollateral(Collateral bag) {
        this.bag = bag;
        certificates.addAll(bag.certificates());
        for (X509Certificate certificate : bag.certificates()) {
            PckCertificate pck = PckCertificate.of(certificate);
            if (pck != null) {
                pckCertificates.add(pck);
            }
        }
        for (SignedDocument document : bag.documents()) {
            add(document);
        }
    }

    private void add(SignedDocument document) {
        try {
            switch (document.kind()) {
                case TCB_INFO -> tcbInfos.add(new Signed<>(TcbInfo.parse(document.body()), document));
                case ENCLAVE_IDENTITY -> identities.add(new Signed<>(EnclaveIdentity.parse(document.body()), document));
            }
        } catch (MalformedException _) {
            // A statement of another version or maker is as good as none: what is needed and not found is said later.
        }
    }

    private static List<X509Certificate> published() {
        try (InputStream in = Objects.requireNonNull(
                IntelCollateral.class.getResourceAsStream("certificates.pem"), "certificates.pem")) {
            return Collateral.of(List.of(in.readAllBytes())).certificates();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns Intel's root as published, which is the first of the certificates shipped. */
    static X509Certificate publishedRoot() {
        return PUBLISHED.getFirst();
    }

    /** Returns whether this was made of that bag. */
    boolean isOf(Collateral other) {
        return bag == other;
    }

    boolean isEmpty() {
        return bag.isEmpty();
    }

    List<X509Certificate> certificates() {
        return certificates;
    }

    List<PckCertificate> pckCertificates() {
        return pckCertificates;
    }

    List<Signed<TcbInfo>> tcbInfos() {
        return tcbInfos;
    }

    List<Signed<EnclaveIdentity>> identities() {
        return identities;
    }

    List<X509CRL> crls() {
        return bag.crls();
    }

    /** Returns the certificates whose key signed the document; whether they are Intel's is not judged here. */
    List<X509Certificate> signersOf(SignedDocument document) {
        return signers.computeIfAbsent(document, this::findSigners);
    }

    private List<X509Certificate> findSigners(SignedDocument document) {
        byte[] hash = Sha256.hash(document.body());
        return certificates.stream()
                .filter(certificate ->
                        certificate.getSubjectX500Principal().getName().contains("TCB Signing"))
                .filter(certificate -> P256.isP256(certificate.getPublicKey()))
                .filter(certificate -> P256.verify(certificate.getPublicKey(), hash, document.signature64()))
                .toList();
    }

    /** Returns whether the list is signed by a key, which must have led to the root: answers are kept. */
    boolean isSignedBy(X509CRL list, PublicKey key) {
        return listSignatures.computeIfAbsent(new ListAndKey(list, key), _ -> {
            try {
                list.verify(key);
                return true;
            } catch (GeneralSecurityException _) {
                return false;
            }
        });
    }
}
