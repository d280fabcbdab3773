package coco.attestation;

import coco.attestation.AttestationException.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An unordered bag of what verifiers need besides evidence. Nothing in it is trusted for being there: a verifier takes
 * from it only what the maker's root has signed. Immutable; may be used from any thread.
 *
 * <p>Files are recognised by content, not by name: PEM with any number of certificates and lists of revoked ones, DER
 * of one of either, hexadecimal or Base64 text of DER, and JSON: Intel's TCB info and enclave identities with their
 * signatures, and any object whose members hold such PEM, hexadecimal or Base64 text (the bundles of dcap-qvl, of
 * Azure's THIM service and of confidential containers). What is none of these is counted and skipped.
 */
public final class Collateral {
    /** Nothing at hand. */
    public static final Collateral EMPTY = new Collateral(List.of(), List.of(), List.of(), 0);

    private final List<X509Certificate> certificates;
    private final List<X509CRL> crls;
    private final List<SignedDocument> documents;
    private final int skipped;

    /**
     * A maker's statement.
     *
     * @param body the exact bytes that were signed, JSON in UTF-8
     * @param signature64 r ‖ s by the maker's signing key on P-256
     */
    public record SignedDocument(Kind kind, byte[] body, byte[] signature64) {
        /** What it is about. */
        public enum Kind {
            /** Patch levels of processors with one FMSPC (Intel PCS "TCB info"). */
            TCB_INFO,
            /** The quoting enclave's measurements and patch levels (Intel PCS "enclave identity"). */
            ENCLAVE_IDENTITY
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof SignedDocument that
                    && kind == that.kind
                    && Arrays.equals(body, that.body)
                    && Arrays.equals(signature64, that.signature64);
        }

        @Override
        public int hashCode() {
            return Objects.hash(kind, Arrays.hashCode(body), Arrays.hashCode(signature64));
        }
    }

    private Collateral(
            Collection<X509Certificate> certificates,
            Collection<X509CRL> crls,
            Collection<SignedDocument> documents,
            int skipped) {
        this.certificates = List.copyOf(certificates);
        this.crls = List.copyOf(crls);
        this.documents = List.copyOf(documents);
        this.skipped = skipped;
    }

    /** Recognises each of these files; those that are too large, or beyond the number allowed, are skipped. */
    public static Collateral of(List<byte[]> files) {
        CollateralReader reader = new CollateralReader();
        int skipped = 0;
        for (byte[] file : files) {
            if (!reader.read(file)) {
                skipped++;
            }
        }
        return new Collateral(reader.certificates(), reader.crls(), reader.documents(), skipped);
    }

    /**
     * Recognises the files of a folder and of those below it, in the order of their names. Links are not followed.
     *
     * @throws AttestationException with the code STORAGE, if the folder cannot be read
     */
    public static Collateral ofFolder(Path folder) {
        AttestationLimits limits = AttestationLimits.DEFAULT;
        List<byte[]> files = new ArrayList<>();
        int skipped = 0;
        try (Stream<Path> found = Files.walk(folder, limits.collateralDepthMax())) {
            List<Path> paths = found.filter(Files::isRegularFile)
                    .limit(limits.collateralFilesMax())
                    .sorted()
                    .toList();
            for (Path path : paths) {
                if (Files.size(path) <= limits.collateralFileBytesMax()) {
                    files.add(Files.readAllBytes(path));
                } else {
                    skipped++;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new AttestationException(
                    Code.STORAGE, "the collateral in " + folder + " cannot be read: " + e.getMessage(), e);
        }
        Collateral read = of(files);
        return new Collateral(read.certificates, read.crls, read.documents, read.skipped + skipped);
    }

    /** Returns the contents of both. */
    public Collateral merge(Collateral other) {
        return new Collateral(
                union(certificates, other.certificates),
                union(crls, other.crls),
                union(documents, other.documents),
                skipped + other.skipped);
    }

    private static <T> Collection<T> union(List<T> some, List<T> others) {
        Collection<T> all = new LinkedHashSet<>(some);
        all.addAll(others);
        return all;
    }

    /** Returns the certificates, each once. */
    public List<X509Certificate> certificates() {
        return certificates;
    }

    /** Returns the lists of revoked certificates, each once. */
    public List<X509CRL> crls() {
        return crls;
    }

    /** Returns the makers' statements. */
    public List<SignedDocument> documents() {
        return documents;
    }

    /** Returns how many files were nothing known, or too large or too many. */
    public int skipped() {
        return skipped;
    }

    /** Returns whether nothing is at hand. */
    public boolean isEmpty() {
        return certificates.isEmpty() && crls.isEmpty() && documents.isEmpty();
    }
}
