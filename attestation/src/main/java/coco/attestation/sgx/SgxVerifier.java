package coco.attestation.sgx;

import coco.attestation.CheckList;
import coco.attestation.Claims;
import coco.attestation.CollateralSource;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.Verdict;
import coco.attestation.Verdict.Check;
import coco.attestation.intel.DcapVerifier;
import coco.attestation.intel.DcapVerifier.Findings;
import coco.attestation.intel.EnclaveReport;
import coco.attestation.intel.MalformedException;
import coco.attestation.intel.Quote;
import coco.crypto.Hex;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Judges evidence of Intel SGX: the document is a quote of version 3, 4 or 5. May be called from any thread. */
public final class SgxVerifier implements EvidenceVerifier {
    private final DcapVerifier dcap;

    /** Makes a verifier with Intel's own root. */
    public SgxVerifier(InstantSource clock, CollateralSource collateral) {
        this(DcapVerifier.intelRoot(), clock, collateral);
    }

    /**
     * Makes a verifier.
     *
     * @param root whose key must be at the top of every path
     */
    public SgxVerifier(X509Certificate root, InstantSource clock, CollateralSource collateral) {
        this.dcap = new DcapVerifier(root, clock, collateral);
    }

    @Override
    public Verdict verify(Evidence evidence) {
        if (evidence.platform() != Platform.SGX) {
            return new Verdict.Refused(Check.PLATFORM, evidence.platform().label(), Platform.SGX.label());
        }
        Quote quote;
        try {
            quote = Quote.parse(evidence.document());
        } catch (MalformedException e) {
            return new Verdict.Refused(Check.FORMAT, e.getMessage(), "a DCAP quote of version 3, 4 or 5");
        }
        if (!(quote.body() instanceof EnclaveReport report)) {
            return new Verdict.Refused(Check.PLATFORM, "a quote about a trust domain", "one about an SGX enclave");
        }
        CheckList checks = new CheckList();
        checks.require(
                Check.FORMAT,
                report.reservedZero(),
                "quote of version " + quote.version() + ", reserved bytes of its report",
                "reserved bytes 0");
        dcap.judgeSignature(quote, checks);
        checks.require(Check.DEBUG, !report.debug(), "ATTRIBUTES " + Hex.encode(report.attributes()), "bit 1 clear");
        return checks.conclude(claims(quote, report, dcap.judgePlatform(quote, checks)));
    }

    private static Claims claims(Quote quote, EnclaveReport report, Findings findings) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("quote_version", Integer.toString(quote.version()));
        details.put("isv_prod_id", Integer.toString(report.isvProdId()));
        details.put("isv_ext_prod_id", Hex.encode(report.isvExtProdId()));
        details.put("isv_family_id", Hex.encode(report.isvFamilyId()));
        details.put("config_id", Hex.encode(report.configId()));
        details.put("config_svn", Integer.toString(report.configSvn()));
        details.put("attributes", Hex.encode(report.attributes()));
        details.put("misc_select", Hex.encode(report.miscSelect()));
        details.putAll(findings.details());
        return new Claims(
                Platform.SGX,
                report.mrEnclave(),
                report.reportData(),
                findings.status(),
                report.debug(),
                report.mrSigner(),
                report.isvSvn(),
                findings.advisories(),
                details);
    }
}
