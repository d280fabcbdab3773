package coco.attestation.intel;

import coco.attestation.CheckList;
import coco.attestation.TcbStatus;
import coco.attestation.Verdict.Check;
import coco.attestation.intel.DcapVerifier.Findings;
import coco.attestation.intel.IntelCollateral.Signed;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.crypto.Sha256;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The judgement on the machine behind one quote: PCK certificate, its path, revocation, statements, state. Each step is
 * made if what it needs is at hand, also after another failed.
 */
final class PlatformJudgement {
    // A bag may hold the certificates of a fleet; each costs one signature to try.
    private static final int PCK_TRIES_MAX = 64;
    // Several months of one statement, and as many that are not Intel's.
    private static final int STATEMENT_TRIES_MAX = 16;
    private static final String PCS = "https://api.trustedservices.intel.com/";

    private final Quote quote;
    private final CheckList checks;
    private final IntelCollateral collateral;
    private final PathBuilder paths;
    private final Instant now;
    private final RevocationJudgement revocation;
    private final boolean tdx;
    private final Map<String, String> details = new LinkedHashMap<>();

    PlatformJudgement(Quote quote, CheckList checks, IntelCollateral collateral, PathBuilder paths, Instant now) {
        this.quote = quote;
        this.checks = checks;
        this.collateral = collateral;
        this.paths = paths;
        this.now = now;
        this.revocation = new RevocationJudgement(checks, collateral, now, details);
        this.tdx = quote.body() instanceof TdReport;
    }

    Findings judge() {
        PckCertificate pck = judgePck();
        details.put("qe_isv_svn", Integer.toString(quote.qeReport().isvSvn()));
        TcbInfo info = null;
        if (pck == null) {
            checks.lack(Check.COLLATERAL, "TCB info, whose FMSPC only the PCK certificate tells");
        } else {
            details.put("fmspc", Hex.encode(pck.fmspc()));
            details.put("pce_id", Hex.encode(pck.pceId()));
            details.put("pce_svn", Integer.toString(pck.pceSvn()));
            details.put("cpu_svn", Hex.encode(pck.cpuSvn()));
            info = judgeTcbInfo(pck);
        }
        EnclaveIdentity identity = judgeIdentity();
        if (info != null && quote.body() instanceof TdReport report) {
            judgeModule(info, report);
        }
        if (pck == null || info == null || identity == null) {
            checks.skip(Check.TCB, "no statement to judge the patch level by");
            return new Findings(TcbStatus.NOT_APPLICABLE, List.of(), details);
        }
        return judgeTcb(pck, info, identity);
    }

    private @Nullable PckCertificate judgePck() {
        List<X509Certificate> embedded = List.of();
        if (quote.certification().hasCertificate()) {
            try {
                embedded = CertificateBundle.parse(quote.certification().data());
            } catch (MalformedException e) {
                checks.fail(Check.FORMAT, e.getMessage(), "the certificate chain of the PCK in PEM");
                return null;
            }
        }
        PckCertificate pck = embedded.isEmpty() ? externalPck() : embeddedPck(embedded);
        if (pck == null) {
            if (embedded.isEmpty()) {
                checks.lack(Check.CERTIFICATE_CHAIN, "the PCK certificate of this machine, from its owner's cache");
            } else {
                checks.fail(Check.CERTIFICATE_CHAIN, "no PCK certificate in the quote", "one");
            }
            return null;
        }
        boolean signed = signedQeReport(pck);
        checks.require(
                Check.SIGNATURE,
                signed,
                signed
                        ? "quoting enclave's report signed by the PCK"
                        : "another signature on the quoting enclave's report",
                "a signature by the PCK");
        judgePath(pck, embedded);
        return pck;
    }

    private @Nullable PckCertificate embeddedPck(List<X509Certificate> embedded) {
        for (X509Certificate certificate : embedded) {
            PckCertificate pck = PckCertificate.of(certificate);
            if (pck != null) {
                return pck;
            }
        }
        return null;
    }

    private @Nullable PckCertificate externalPck() {
        int tries = 0;
        for (PckCertificate pck : collateral.pckCertificates()) {
            if (quote.certification().mayBeOf(pck.ppid()) && tries++ < PCK_TRIES_MAX && signedQeReport(pck)) {
                return pck;
            }
        }
        return null;
    }

    private boolean signedQeReport(PckCertificate pck) {
        return P256.verify(
                pck.certificate().getPublicKey(), Sha256.hash(quote.qeReportBytes()), quote.qeReportSignature());
    }

    private void judgePath(PckCertificate pck, List<X509Certificate> embedded) {
        boolean complete = quote.certification().hasChain();
        List<X509Certificate> candidates = complete ? embedded : collateral.certificates();
        CertificatePath path = paths.build(pck.certificate(), candidates, now);
        if (path instanceof CertificatePath.Whole whole && !whole.certificates().containsAll(embedded)) {
            path = new CertificatePath.Broken("a certificate that is no part of the chain", "the chain alone");
        }
        String what = "PCK certificate";
        CertificatePath.Whole whole = judgePath(what, path, Check.CERTIFICATE_CHAIN);
        if (whole == null) {
            checks.skip(Check.REVOCATION, "no chain to ask for revocation by");
            return;
        }
        judgePeriods(what, whole);
        revocation.judge(whole);
    }

    private CertificatePath.@Nullable Whole judgePath(String what, CertificatePath path, Check link) {
        switch (path) {
            case CertificatePath.Whole whole -> {
                checks.require(link, true, what + " leads to a root", "");
                checks.require(
                        Check.ROOT,
                        true,
                        CertificatePath.shortName(paths.root()),
                        CertificatePath.shortName(paths.root()));
                return whole;
            }
            case CertificatePath.OtherRoot other -> {
                checks.require(link, true, what + " leads to a root", "");
                checks.fail(
                        Check.ROOT,
                        "key of the root "
                                + Hex.encode(
                                        Sha256.hash(other.top().getPublicKey().getEncoded())),
                        Hex.encode(Sha256.hash(paths.root().getPublicKey().getEncoded())));
            }
            case CertificatePath.Broken broken -> checks.fail(link, what + ": " + broken.seen(), broken.allowed());
            case CertificatePath.Missing missing ->
                checks.lack(link, "the certificate of " + missing.issuer() + ", issuer of the " + what);
        }
        return null;
    }

    private void judgePeriods(String what, CertificatePath.Whole path) {
        for (X509Certificate certificate : path.certificates()) {
            if (!CertificatePath.isValidAt(certificate, now)) {
                checks.fail(
                        Check.VALIDITY_PERIOD,
                        CertificatePath.shortName(certificate) + " at " + now,
                        certificate.getNotBefore().toInstant() + " to "
                                + certificate.getNotAfter().toInstant());
                return;
            }
        }
        checks.require(Check.VALIDITY_PERIOD, true, "chain of the " + what + " at " + now, "");
    }

    private @Nullable TcbInfo judgeTcbInfo(PckCertificate pck) {
        String fmspc = Hex.encode(pck.fmspc()).toUpperCase(Locale.ROOT);
        List<Signed<TcbInfo>> candidates = new ArrayList<>();
        for (Signed<TcbInfo> candidate : collateral.tcbInfos()) {
            TcbInfo info = candidate.statement();
            if (info.tdx() == tdx
                    && Arrays.equals(info.fmspc(), pck.fmspc())
                    && Arrays.equals(info.pceId(), pck.pceId())) {
                candidates.add(candidate);
            }
        }
        String what = "TCB info of " + (tdx ? "TDX" : "SGX") + " for FMSPC " + fmspc;
        TcbInfo info = judgeStatement(what, candidates, pcs() + "tcb?fmspc=" + fmspc);
        if (info != null) {
            details.put("tcb_evaluation_data_number", Integer.toString(info.evaluationNumber()));
        }
        return info;
    }

    private @Nullable EnclaveIdentity judgeIdentity() {
        String id = tdx ? "TD_QE" : "QE";
        List<Signed<EnclaveIdentity>> candidates = collateral.identities().stream()
                .filter(candidate -> candidate.statement().id().equals(id))
                .toList();
        EnclaveIdentity identity =
                judgeStatement("identity of the quoting enclave " + id, candidates, pcs() + "qe/identity");
        if (identity != null) {
            details.put("qe_tcb_evaluation_data_number", Integer.toString(identity.evaluationNumber()));
            EnclaveIdentity.Mismatch mismatch = identity.mismatch(quote.qeReport());
            if (mismatch == null) {
                checks.require(Check.QUOTING_ENCLAVE, true, "Intel's quoting enclave " + id, "");
            } else {
                checks.fail(Check.QUOTING_ENCLAVE, mismatch.seen(), mismatch.allowed());
            }
        }
        return identity;
    }

    private String pcs() {
        return PCS + (tdx ? "tdx" : "sgx") + "/certification/v4/";
    }

    /** Picks, of the statements on the subject, the newest that holds now and is Intel's, and judges it. */
    private <T extends Statement> @Nullable T judgeStatement(String what, List<Signed<T>> candidates, String address) {
        if (candidates.isEmpty()) {
            checks.lack(Check.COLLATERAL, what + ": " + address);
            return null;
        }
        List<Signed<T>> sorted = candidates.stream()
                .sorted(Comparator.comparing((Signed<T> c) -> !c.statement().holdsAt(now))
                        .thenComparingInt(c -> -c.statement().evaluationNumber())
                        .thenComparing(c -> c.statement().issueDate(), Comparator.reverseOrder()))
                .limit(STATEMENT_TRIES_MAX)
                .toList();
        String seen = "signed by none of Intel's certificates";
        for (Signed<T> candidate : sorted) {
            for (X509Certificate signer : validFirst(collateral.signersOf(candidate.document()))) {
                CertificatePath path = paths.build(signer, collateral.certificates(), now);
                // Directly below the root, as no PCK is.
                if (path instanceof CertificatePath.Whole whole
                        && whole.certificates().size() == 2) {
                    judgeSigned(what, candidate.statement(), whole);
                    return candidate.statement();
                }
                seen = "signed by a certificate that does not lead to Intel's root";
            }
        }
        checks.fail(
                Check.COLLATERAL,
                what + " " + seen,
                "a signature by " + CertificatePath.shortName(paths.root()) + "'s TCB signer");
        return null;
    }

    private List<X509Certificate> validFirst(List<X509Certificate> certificates) {
        return certificates.stream()
                .sorted(Comparator.comparing((X509Certificate c) -> !CertificatePath.isValidAt(c, now)))
                .toList();
    }

    private void judgeSigned(String what, Statement statement, CertificatePath.Whole path) {
        checks.require(
                Check.COLLATERAL,
                true,
                what + ", evaluation " + statement.evaluationNumber() + ", signed by Intel",
                "");
        checks.require(
                Check.VALIDITY_PERIOD,
                statement.holdsAt(now),
                what + " at " + now,
                statement.issueDate() + " to " + statement.nextUpdate());
        judgePeriods("signer of the " + what, path);
        revocation.judge(path);
    }

    private void judgeModule(TcbInfo info, TdReport report) {
        int version = Byte.toUnsignedInt(report.teeTcbSvn()[1]);
        TcbInfo.Module module = info.module(version);
        if (module == null) {
            checks.fail(Check.TDX_MODULE, "major version " + version, "one that the TCB info states");
            return;
        }
        boolean genuine = Arrays.equals(report.mrSignerSeam(), module.mrSigner())
                && EnclaveIdentity.matches(report.seamAttributes(), module.attributesMask(), module.attributes());
        checks.require(
                Check.TDX_MODULE,
                genuine,
                "MRSIGNERSEAM " + Hex.encode(report.mrSignerSeam()) + ", attributes "
                        + Hex.encode(report.seamAttributes()),
                "MRSIGNERSEAM " + Hex.encode(module.mrSigner()) + ", attributes " + Hex.encode(module.attributes()));
    }

    private Findings judgeTcb(PckCertificate pck, TcbInfo info, EnclaveIdentity identity) {
        IsvLevel quotingEnclave =
                IsvLevel.reached(identity.levels(), quote.qeReport().isvSvn());
        TcbAssessment assessment = TcbAssessment.of(info, pck, quote.body(), quotingEnclave);
        TcbStatus status = assessment.status();
        checks.require(
                Check.TCB,
                status != null && status != TcbStatus.REVOKED,
                assessment.words(),
                "a level that Intel states and has not revoked");
        if (status == null) {
            return new Findings(TcbStatus.NOT_APPLICABLE, List.of(), details);
        }
        details.put("tcb_date", assessment.tcbDate());
        return new Findings(status, assessment.advisories(), details);
    }
}
