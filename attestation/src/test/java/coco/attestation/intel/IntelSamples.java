package coco.attestation.intel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coco.attestation.Collateral;
import coco.attestation.CollateralSource;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.Samples;
import coco.attestation.Verdict;
import coco.attestation.sgx.SgxVerifier;
import coco.attestation.tdx.TdxVerifier;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The public samples of Intel's evidence, which are not part of the repository. */
public final class IntelSamples {
    /** Samples of dcap-qvl. */
    public static final String QVL = "dcap-qvl/sample/";

    /** Samples of go-tdx-guest. */
    public static final String GO = "go-tdx-guest/testing/testdata/";

    /** Samples of dcap-rs. */
    public static final String RS = "dcap-rs/data/";

    /** Samples of trustee. */
    public static final String TRUSTEE = "trustee/deps/verifier/test_data/";

    /** Intel's own samples, under a root of their own. */
    public static final String INTEL = "intel-qvl/Src/AttestationApp/sampleData/";

    private static final byte TDX = (byte) 0x81;
    private static final int TEE_TYPE_OFFSET = 4;

    private IntelSamples() {}

    /** Returns a path below the samples, or skips the test with the reason. */
    public static Path path(String name) {
        Path path = Samples.folder().resolve(name);
        assumeTrue(Files.exists(path), () -> "no test data: " + path + " is missing (-Dcoco.testdata=DIR)");
        return path;
    }

    /** Returns a file, or skips the test. */
    public static byte[] bytes(String name) {
        try {
            byte[] bytes = Files.readAllBytes(path(name));
            return name.endsWith(".hex") || name.endsWith("_hex.txt")
                    ? hex(new String(bytes, US_ASCII).strip())
                    : bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] hex(String text) {
        return Hex.decode(text.startsWith("0x") ? text.substring(2) : text);
    }

    /** Returns the collateral in these files and folders. */
    public static Collateral collateral(String... names) {
        List<byte[]> files = new ArrayList<>();
        Collateral all = Collateral.EMPTY;
        for (String name : names) {
            if (Files.isDirectory(path(name))) {
                all = all.merge(Collateral.ofFolder(path(name)));
            } else {
                files.add(bytes(name));
            }
        }
        return all.merge(Collateral.of(files));
    }

    /** Returns the root of Intel's samples. */
    public static X509Certificate root(String name) {
        return Certificates.fromPem(new String(bytes(name), US_ASCII));
    }

    /** Returns the evidence that a quote is, by the kind it says it is. */
    public static Evidence evidence(byte[] quote) {
        boolean tdx = quote.length > TEE_TYPE_OFFSET && quote[TEE_TYPE_OFFSET] == TDX;
        return new Evidence(tdx ? Platform.TDX : Platform.SGX, quote);
    }

    /** Judges a quote under a root. */
    public static Verdict verify(byte[] quote, Collateral collateral, Instant at, X509Certificate root) {
        Evidence evidence = evidence(quote);
        InstantSource clock = InstantSource.fixed(at);
        CollateralSource source = () -> collateral;
        EvidenceVerifier verifier = evidence.platform() == Platform.TDX
                ? new TdxVerifier(root, clock, source)
                : new SgxVerifier(root, clock, source);
        return verifier.verify(evidence);
    }

    /** Judges a quote under Intel's root. */
    public static Verdict verify(byte[] quote, Collateral collateral, Instant at) {
        return verify(quote, collateral, at, DcapVerifier.intelRoot());
    }

    /** Returns the verdict in one line, for messages and comparisons. */
    public static String words(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Verified verified ->
                "verified " + verified.claims().tcbStatus().label() + " "
                        + String.join(",", verified.claims().advisories());
            case Verdict.Incomplete incomplete -> "incomplete " + incomplete.missing();
            case Verdict.Refused refused -> "refused " + refused.check().label() + " " + refused.seen();
        };
    }
}
