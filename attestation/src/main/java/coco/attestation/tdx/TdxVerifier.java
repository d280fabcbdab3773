package coco.attestation.tdx;

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
import coco.attestation.intel.MalformedException;
import coco.attestation.intel.Quote;
import coco.attestation.intel.TdReport;
import coco.crypto.Hex;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Judges evidence of Intel TDX: the document is a quote of version 4 or 5. May be called from any thread. */
public final class TdxVerifier implements EvidenceVerifier {
    /**
     * The bits of TDATTRIBUTES that are defined (TDX Module 1.5 ABI, "ATTRIBUTES"), other than the group TUD: ICSSD 16,
     * LASS 27, SEPT_VE_DISABLE 28, MIGRATABLE 29, PKS 30, KL 31, TPA 62, PERFMON 63.
     */
    private static final long DEFINED_ATTRIBUTES =
            (1L << 16) | (1L << 27) | (1L << 28) | (1L << 29) | (1L << 30) | (1L << 31) | (1L << 62) | (1L << 63);

    private static final long TUD = 0xff;

    private final DcapVerifier dcap;

    /** Makes a verifier with Intel's own root. */
    public TdxVerifier(InstantSource clock, CollateralSource collateral) {
        this(DcapVerifier.intelRoot(), clock, collateral);
    }

    /**
     * Makes a verifier.
     *
     * @param root whose key must be at the top of every path
     */
    public TdxVerifier(X509Certificate root, InstantSource clock, CollateralSource collateral) {
        this.dcap = new DcapVerifier(root, clock, collateral);
    }

    @Override
    public Verdict verify(Evidence evidence) {
        if (evidence.platform() != Platform.TDX) {
            return new Verdict.Refused(Check.PLATFORM, evidence.platform().label(), Platform.TDX.label());
        }
        Quote quote;
        try {
            quote = Quote.parse(evidence.document());
        } catch (MalformedException e) {
            return new Verdict.Refused(Check.FORMAT, e.getMessage(), "a DCAP quote of version 4 or 5");
        }
        if (!(quote.body() instanceof TdReport report)) {
            return new Verdict.Refused(Check.PLATFORM, "a quote about an SGX enclave", "one about a trust domain");
        }
        CheckList checks = new CheckList();
        long reserved = attributes(report) & ~DEFINED_ATTRIBUTES & ~TUD;
        checks.require(
                Check.FORMAT,
                reserved == 0,
                "quote of version " + quote.version() + ", reserved TDATTRIBUTES " + Long.toHexString(reserved),
                "reserved bits of TDATTRIBUTES 0");
        dcap.judgeSignature(quote, checks);
        checks.require(
                Check.DEBUG, !report.debug(), "TDATTRIBUTES " + Hex.encode(report.tdAttributes()), "bits 0 to 7 clear");
        boolean intels = isZero(report.mrSignerSeam()) && isZero(report.seamAttributes());
        checks.require(
                Check.TDX_MODULE,
                intels,
                "MRSIGNERSEAM " + Hex.encode(report.mrSignerSeam()) + ", attributes "
                        + Hex.encode(report.seamAttributes()),
                "zeros: Intel's module");
        return checks.conclude(claims(quote, report, dcap.judgePlatform(quote, checks)));
    }

    private static Claims claims(Quote quote, TdReport report, Findings findings) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("quote_version", Integer.toString(quote.version()));
        details.put("tee_tcb_svn", Hex.encode(report.teeTcbSvn()));
        details.put("mr_seam", Hex.encode(report.mrSeam()));
        details.put("mr_signer_seam", Hex.encode(report.mrSignerSeam()));
        details.put("seam_attributes", Hex.encode(report.seamAttributes()));
        details.put("td_attributes", Hex.encode(report.tdAttributes()));
        details.put("xfam", Hex.encode(report.xfam()));
        details.put("mr_config_id", Hex.encode(report.mrConfigId()));
        details.put("mr_owner", Hex.encode(report.mrOwner()));
        details.put("mr_owner_config", Hex.encode(report.mrOwnerConfig()));
        for (int i = 0; i < report.rtmr().size(); i++) {
            details.put("rtmr" + i, Hex.encode(report.rtmr().get(i)));
        }
        byte[] svn2 = report.teeTcbSvn2();
        byte[] service = report.mrServiceTd();
        if (svn2 != null && service != null) {
            details.put("tee_tcb_svn2", Hex.encode(svn2));
            details.put("mr_service_td", Hex.encode(service));
        }
        details.putAll(findings.details());
        return new Claims(
                Platform.TDX,
                report.mrTd(),
                report.reportData(),
                findings.status(),
                report.debug(),
                null,
                (Byte.toUnsignedInt(report.teeTcbSvn()[1]) << 8) | Byte.toUnsignedInt(report.teeTcbSvn()[0]),
                findings.advisories(),
                details);
    }

    private static long attributes(TdReport report) {
        long out = 0;
        for (int i = report.tdAttributes().length - 1; i >= 0; i--) {
            out = (out << 8) | Byte.toUnsignedLong(report.tdAttributes()[i]);
        }
        return out;
    }

    private static boolean isZero(byte[] bytes) {
        for (byte next : bytes) {
            if (next != 0) {
                return false;
            }
        }
        return true;
    }
}
