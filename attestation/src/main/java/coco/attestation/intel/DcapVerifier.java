package coco.attestation.intel;

import coco.attestation.CheckList;
import coco.attestation.Collateral;
import coco.attestation.CollateralSource;
import coco.attestation.TcbStatus;
import coco.attestation.Verdict.Check;
import coco.crypto.CryptoException;
import coco.crypto.P256;
import coco.crypto.Sha256;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges what the quotes of SGX and TDX have in common: who signed, on which machine, how well patched. May be called
 * from any thread.
 */
public final class DcapVerifier {
    private static final byte UNCOMPRESSED = 4;

    private final PathBuilder paths;
    private final InstantSource clock;
    private final CollateralSource source;
    private volatile IntelCollateral known;

    /**
     * What the statements say of the machine.
     *
     * @param details names and values for {@link coco.attestation.Claims#details()}
     */
    public record Findings(TcbStatus status, List<String> advisories, Map<String, String> details) {
        /** Copies the collections. */
        public Findings {
            advisories = List.copyOf(advisories);
            details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        }
    }

    /**
     * Makes a verifier.
     *
     * @param root whose key must be at the top of every path; {@link #intelRoot} but for tests
     * @param clock decides what is valid
     * @param source asked once for each quote
     */
    public DcapVerifier(X509Certificate root, InstantSource clock, CollateralSource source) {
        this.paths = new PathBuilder(root);
        this.clock = clock;
        this.source = source;
        this.known = new IntelCollateral(Collateral.EMPTY);
    }

    /** Returns Intel's own root for SGX and TDX, "Intel SGX Root CA", as published with its PCS. */
    public static X509Certificate intelRoot() {
        return IntelCollateral.publishedRoot();
    }

    /** Checks what the quote says by itself: its signature, and that the quoting enclave vouches for the key. */
    public void judgeSignature(Quote quote, CheckList checks) {
        String allowed = "a signature by the attestation key";
        try {
            byte[] encoded = new byte[P256.PUBLIC_KEY_BYTES];
            encoded[0] = UNCOMPRESSED;
            System.arraycopy(quote.attestationKey(), 0, encoded, 1, quote.attestationKey().length);
            PublicKey key = P256.decode(encoded);
            boolean signed = P256.verify(key, Sha256.hash(quote.signedBytes()), quote.signature());
            checks.require(
                    Check.SIGNATURE,
                    signed,
                    signed ? "quote signed by its attestation key" : "another signature",
                    allowed);
        } catch (CryptoException _) {
            checks.fail(Check.SIGNATURE, "an attestation key that is no point", allowed);
        }
        byte[] expected = Arrays.copyOf(Sha256.hash(quote.attestationKey(), quote.qeAuthData()), 64);
        boolean bound = Arrays.equals(expected, quote.qeReport().reportData());
        checks.require(
                Check.QUOTING_ENCLAVE,
                bound,
                bound ? "attestation key bound to the quoting enclave" : "a report about another key",
                "a report that holds the digest of the attestation key");
        checks.require(
                Check.FORMAT,
                quote.qeReport().reservedZero(),
                "reserved bytes of the quoting enclave's report",
                "zeros");
    }

    /**
     * Checks the machine against Intel's root and statements.
     *
     * @return what is known of it; where statements lack, {@link TcbStatus#NOT_APPLICABLE}
     */
    public Findings judgePlatform(Quote quote, CheckList checks) {
        return new PlatformJudgement(quote, checks, collateral(), paths, clock.instant()).judge();
    }

    private IntelCollateral collateral() {
        Collateral now = source.collateral();
        IntelCollateral last = known;
        if (!last.isOf(now)) {
            last = new IntelCollateral(now);
            known = last;
        }
        return last;
    }
}
