package coco.attestation.azure;

import coco.attestation.CheckList;
import coco.attestation.Claims;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.ReportData;
import coco.attestation.TcbStatus;
import coco.attestation.Verdict;
import coco.attestation.Verdict.Check;
import coco.attestation.snp.SnpDocument;
import coco.crypto.Hex;
import coco.crypto.Rsa;
import coco.crypto.Sha256;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Judges evidence of Azure confidential VMs. The package essay lists the checks. */
public final class AzureVerifier implements EvidenceVerifier {
    private final EvidenceVerifier snp;
    private final EvidenceVerifier tdx;

    /**
     * Makes a verifier.
     *
     * @param snp judges the report of AMD's processors inside
     * @param tdx judges the quote of Intel's
     */
    public AzureVerifier(EvidenceVerifier snp, EvidenceVerifier tdx) {
        this.snp = snp;
        this.tdx = tdx;
    }

    @Override
    public Verdict verify(Evidence evidence) {
        CheckList checks = new CheckList();
        String claimed = evidence.platform().label();
        if (!checks.require(
                Check.PLATFORM, evidence.platform() == Platform.AZURE_CVM, claimed, Platform.AZURE_CVM.label())) {
            return checks.refuse();
        }
        AzureDocument document = AzureDocument.read(evidence.document());
        if (document == null) {
            checks.fail(Check.FORMAT, "another document", "a document with a paravisor's report");
            return checks.refuse();
        }
        HclReport report = HclReport.read(document.hclReport());
        if (report == null) {
            checks.fail(Check.FORMAT, "another report", "a paravisor's report with runtime data");
            return checks.refuse();
        }
        RuntimeData data = RuntimeData.read(report.runtimeData());
        if (data == null) {
            checks.fail(Check.FORMAT, "other runtime data", "JSON with the key HCLAkPub");
            return checks.refuse();
        }
        TpmQuote quote =
                document.quote() == null ? null : TpmQuote.read(document.quote().message());
        if (document.quote() != null && quote == null) {
            checks.fail(Check.FORMAT, "another message of the TPM", "a quote of the SHA-256 bank");
            return checks.refuse();
        }
        checks.require(Check.FORMAT, true, "a paravisor's report around " + report.kind(), "SNP or TDX");
        return judge(new Parts(document, report, data, quote), checks);
    }

    /** What was read of one document. */
    private record Parts(
            AzureDocument document,
            HclReport report,
            RuntimeData data,
            @Nullable TpmQuote quote) {}

    private Verdict judge(Parts parts, CheckList checks) {
        Claims inner = inner(parts, checks);
        if (inner != null) {
            byte[] expected = parts.report().expectedReportData();
            checks.require(
                    Check.REPORT_DATA,
                    Arrays.equals(inner.reportData(), expected),
                    Hex.encode(inner.reportData()),
                    "digest of the runtime data: " + Hex.encode(expected));
            if (parts.report().kind() == HclReport.Kind.SNP) {
                // The guest runs at a lesser level; there it could ask the processor itself, for any report data.
                String vmpl = inner.details().getOrDefault("vmpl", "");
                checks.require(Check.PLATFORM, vmpl.equals("0"), "privilege level " + vmpl, "0, the paravisor's");
            }
        }
        checkQuote(parts, checks);
        return inner == null || checks.hasFailed() ? checks.refuse() : checks.conclude(claims(parts, inner));
    }

    /** Judges the processor's own evidence; null if it was refused. */
    private @Nullable Claims inner(Parts parts, CheckList checks) {
        Verdict verdict;
        if (parts.report().kind() == HclReport.Kind.SNP) {
            SnpDocument report = new SnpDocument(
                    parts.report().hardwareReport(), parts.document().certificates());
            verdict = snp.verify(new Evidence(Platform.SEV_SNP, report.encode()));
        } else if (parts.document().tdQuote() != null) {
            verdict = tdx.verify(new Evidence(Platform.TDX, parts.document().tdQuote()));
        } else {
            checks.lack(Check.SIGNATURE, "the TD quote: a TDREPORT proves nothing outside its machine");
            return ofTdReport(parts.report());
        }
        checks.add(verdict);
        return switch (verdict) {
            case Verdict.Verified verified -> verified.claims();
            case Verdict.Incomplete incomplete -> incomplete.claims();
            case Verdict.Refused _ -> null;
        };
    }

    private static Claims ofTdReport(HclReport report) {
        return new Claims(
                Platform.TDX,
                report.measurement(),
                report.reportData(),
                TcbStatus.NOT_APPLICABLE,
                false,
                null,
                0,
                List.of(),
                Map.of());
    }

    private static void checkQuote(Parts parts, CheckList checks) {
        AzureDocument.Quote sent = parts.document().quote();
        TpmQuote quote = parts.quote();
        if (sent == null || quote == null) {
            checks.skip(Check.MEASUREMENT, "a quote of the virtual TPM: what the guest booted is unknown");
            return;
        }
        boolean signed = Rsa.verify(parts.data().attestationKey(), sent.message(), sent.signature());
        checks.require(
                Check.SIGNATURE,
                signed,
                signed ? "quote by the TPM's attestation key" : "quote by another key, or another quote",
                "RSASSA SHA-256 by HCLAkPub");
        if (sent.registers().length == 0) {
            checks.skip(Check.MEASUREMENT, "the values of the PCRs");
            return;
        }
        byte[] digest = quote.digestOf(sent.registers());
        checks.require(
                Check.MEASUREMENT,
                Arrays.equals(digest, quote.digest()),
                digest == null ? "too few PCRs" : "PCRs with digest " + Hex.encode(digest),
                Hex.encode(quote.digest()));
    }

    private static Claims claims(Parts parts, Claims inner) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("hardware", inner.platform().label());
        details.put("user_data", Hex.encode(parts.data().userData()));
        TpmQuote quote = parts.quote();
        AzureDocument.Quote sent = parts.document().quote();
        if (quote != null && sent != null) {
            details.put("quote_extra_data", Hex.encode(quote.extraData()));
            details.put("pcr_digest", Hex.encode(quote.digest()));
            for (int register : sent.registers().length == 0 ? List.<Integer>of() : quote.selected()) {
                int from = register * Sha256.DIGEST_BYTES;
                byte[] value = Arrays.copyOfRange(sent.registers(), from, from + Sha256.DIGEST_BYTES);
                details.put(String.format("pcr_%02d", register), Hex.encode(value));
            }
        }
        details.putAll(inner.details());
        return new Claims(
                Platform.AZURE_CVM,
                inner.measurement(),
                reportData(parts.data().userData(), quote),
                inner.tcbStatus(),
                inner.debug(),
                inner.signer(),
                inner.securityVersion(),
                inner.advisories(),
                details);
    }

    /**
     * The guest's 64 bytes. The TPM takes fewer than 64 as extra data, so our attester gives the digest of those it
     * wrote for the paravisor; others give what they want as it is, and then it stands here with zeros after it.
     */
    private static byte[] reportData(byte[] userData, @Nullable TpmQuote quote) {
        return quote == null || Arrays.equals(quote.extraData(), Sha256.hash(userData))
                ? userData
                : Arrays.copyOf(quote.extraData(), ReportData.BYTES);
    }
}
