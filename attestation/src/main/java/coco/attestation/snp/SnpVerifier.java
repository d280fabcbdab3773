package coco.attestation.snp;

import coco.attestation.CheckList;
import coco.attestation.Claims;
import coco.attestation.Collateral;
import coco.attestation.CollateralSource;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.TcbStatus;
import coco.attestation.Verdict;
import coco.attestation.Verdict.Check;
import coco.crypto.Hex;
import coco.crypto.P384;
import coco.crypto.Sha384;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Judges reports of AMD SEV-SNP. The package essay lists the checks. */
public final class SnpVerifier implements EvidenceVerifier {
    /** A provider's keys at one patch level differ by region only; a chip at one patch level has a single key. */
    private static final int EQUAL_CANDIDATES_MAX = 32;

    private final InstantSource clock;
    private final CollateralSource source;
    private final AmdKeys maker;

    /** Makes a verifier that trusts AMD's published roots. */
    public SnpVerifier(InstantSource clock, CollateralSource source) {
        this(clock, source, AmdKeys.PUBLISHED);
    }

    SnpVerifier(InstantSource clock, CollateralSource source, AmdKeys maker) {
        this.clock = clock;
        this.source = source;
        this.maker = maker;
    }

    @Override
    public Verdict verify(Evidence evidence) {
        CheckList checks = new CheckList();
        String claimed = evidence.platform().label();
        if (!checks.require(
                Check.PLATFORM, evidence.platform() == Platform.SEV_SNP, claimed, Platform.SEV_SNP.label())) {
            return checks.refuse();
        }
        SnpDocument document = SnpDocument.read(evidence.document());
        if (document == null) {
            int length = evidence.document().length;
            checks.fail(
                    Check.FORMAT,
                    length < SnpReport.BYTES
                            ? length + " bytes"
                            : (length - SnpReport.BYTES) + " bytes after the report that are no certificate table",
                    SnpReport.BYTES + " bytes of report, or those and a certificate table");
            return checks.refuse();
        }
        SnpReport report = SnpReport.of(document.report());
        String problem = report.problem();
        if (!checks.require(
                Check.FORMAT,
                problem == null,
                Objects.requireNonNullElseGet(problem, () -> "report version " + report.version()),
                "a guest's report of version " + SnpReport.VERSION_MIN + " to " + SnpReport.VERSION_MAX)) {
            return checks.refuse();
        }
        return judge(report, document.certificates(), checks);
    }

    private Verdict judge(SnpReport report, List<byte[]> carried, CheckList checks) {
        Collateral given = source.collateral();
        if (given.isEmpty()) {
            checks.lack(Check.COLLATERAL, "any collateral, such as certificates and lists of revoked ones");
        }
        Collateral all = carried.isEmpty() ? given : Collateral.of(carried).merge(given);
        EndorsementKey key = nearest(report, all);
        if (key == null) {
            checks.lack(
                    Check.CERTIFICATE_CHAIN,
                    "the " + report.signingKey() + " certificate of chip " + Hex.encode(report.chipId())
                            + " at patch level " + Hex.encode(report.reportedTcb()));
            checks.skip(Check.SIGNATURE, "the certificate of the key that signed the report");
        } else {
            AmdChain chain = AmdChain.build(key.certificate(), maker, all.certificates());
            chain.check(checks, key.kind(), maker, all.crls(), clock.instant());
            checkProduct(checks, report, key, chain);
            boolean signed = isSigned(report, key);
            checks.require(
                    Check.SIGNATURE,
                    signed,
                    signed ? "by the certified " + key.kind() : "by another key, or over another report",
                    "ECDSA P-384 by the " + key.kind());
            checkChip(checks, report, key);
        }
        checkPolicy(checks, report);
        return checks.conclude(claims(report, key == null ? null : key.product()));
    }

    private static boolean isSigned(SnpReport report, EndorsementKey key) {
        return P384.verify(key.certificate().getPublicKey(), Sha384.hash(report.signedBytes()), report.signature96());
    }

    /**
     * Picks the certificate that fits best among those of the right kind. Where none fits, the nearest is judged all
     * the same, so that the refusal tells what is wrong with it.
     */
    private static @Nullable EndorsementKey nearest(SnpReport report, Collateral collateral) {
        List<EndorsementKey> keys = collateral.certificates().stream()
                .map(EndorsementKey::of)
                .filter(Objects::nonNull)
                .filter(key -> key.kind() == report.signingKey())
                .sorted(Comparator.comparingInt((EndorsementKey key) -> -likeness(report, key)))
                .toList();
        if (keys.isEmpty()) {
            return null;
        }
        int best = likeness(report, keys.getFirst());
        return keys.stream()
                .takeWhile(key -> likeness(report, key) == best)
                .limit(EQUAL_CANDIDATES_MAX)
                .filter(key -> isSigned(report, key))
                .findFirst()
                .orElse(keys.getFirst());
    }

    private static int likeness(SnpReport report, EndorsementKey key) {
        int chip = key.isOfChip(report.chipId()) ? 2 : 0;
        int level = key.tcb().equals(TcbVersion.read(report.reportedTcb(), key.product())) ? 1 : 0;
        return chip + level;
    }

    /** The root says whose key it is; certificate and report have to say the same. */
    private void checkProduct(CheckList checks, SnpReport report, EndorsementKey key, AmdChain chain) {
        Product ofRoot = maker.roots().entrySet().stream()
                .filter(root -> root.getValue().equals(chain.links().getLast()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        if (ofRoot != null) {
            checks.require(
                    Check.PRODUCT, ofRoot == key.product(), "a certificate for " + key.productName(), ofRoot.label());
        }
        if (report.namesProcessor()) {
            Product ofReport = Product.ofCpuid(report.cpuidFamily(), report.cpuidModel());
            checks.require(
                    Check.PRODUCT,
                    ofReport == key.product(),
                    "a report of "
                            + (ofReport == null
                                    ? "an unknown processor, family " + report.cpuidFamily() + " model "
                                            + report.cpuidModel()
                                    : ofReport.label()),
                    key.product().label());
        }
    }

    private static void checkChip(CheckList checks, SnpReport report, EndorsementKey key) {
        if (key.kind() == SnpReport.SigningKey.VCEK) {
            String seen = Hex.encode(report.chipId());
            if (report.hidesChipId()) {
                checks.skip(Check.PRODUCT, "the chip's identifier, which the host hides");
            } else {
                checks.require(
                        Check.PRODUCT, key.isOfChip(report.chipId()), "chip " + seen, Hex.encode(key.hardwareId()));
            }
        }
        TcbVersion reported = TcbVersion.read(report.reportedTcb(), key.product());
        checks.require(
                Check.TCB, reported.equals(key.tcb()), reported.toString(), "that of the certificate: " + key.tcb());
    }

    private static void checkPolicy(CheckList checks, SnpReport report) {
        boolean watched = report.isDebug() || report.hasMigrationAgent();
        checks.require(
                Check.DEBUG,
                !watched,
                "guest policy 0x" + Long.toHexString(report.policy())
                        + (report.isDebug() ? ", debug" : watched ? ", a migration agent" : ""),
                "neither debug (bit 19) nor a migration agent");
    }

    private static Claims claims(SnpReport report, @Nullable Product product) {
        byte[] signer = report.idKeyDigest();
        return new Claims(
                Platform.SEV_SNP,
                report.measurement(),
                report.reportData(),
                TcbStatus.NOT_APPLICABLE,
                report.isDebug(),
                Arrays.equals(signer, new byte[signer.length]) ? null : signer,
                (int) Math.min(report.guestSvn(), Integer.MAX_VALUE),
                List.of(),
                details(report, product));
    }

    private static Map<String, String> details(SnpReport report, @Nullable Product product) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("version", Integer.toString(report.version()));
        details.put("guest_svn", Long.toString(report.guestSvn()));
        details.put("policy", String.format("%016x", report.policy()));
        details.put("vmpl", Integer.toString(report.vmpl()));
        details.put("family_id", Hex.encode(report.familyId()));
        details.put("image_id", Hex.encode(report.imageId()));
        details.put("host_data", Hex.encode(report.hostData()));
        details.put("id_key_digest", Hex.encode(report.idKeyDigest()));
        details.put("author_key_digest", Hex.encode(report.authorKeyDigest()));
        details.put("report_id", Hex.encode(report.reportId()));
        details.put("report_id_ma", Hex.encode(report.reportIdOfMigrationAgent()));
        details.put("chip_id", Hex.encode(report.chipId()));
        details.put("platform_info", Hex.encode(report.platformInfo()));
        details.put("signing_key", Objects.toString(report.signingKey()));
        details.put("current_firmware", report.currentFirmware());
        details.put("current_tcb", Hex.encode(report.currentTcb()));
        details.put("reported_tcb", Hex.encode(report.reportedTcb()));
        details.put("committed_tcb", Hex.encode(report.committedTcb()));
        details.put("launch_tcb", Hex.encode(report.launchTcb()));
        if (report.namesProcessor()) {
            details.put("cpuid_family", Integer.toString(report.cpuidFamily()));
            details.put("cpuid_model", Integer.toString(report.cpuidModel()));
            details.put("cpuid_stepping", Integer.toString(report.cpuidStepping()));
        }
        if (report.namesMitigations()) {
            details.put("launch_mit_vector", Hex.encode(report.launchMitigations()));
            details.put("current_mit_vector", Hex.encode(report.currentMitigations()));
        }
        if (product != null) {
            details.put("product", product.label());
            details.putAll(TcbVersion.read(report.reportedTcb(), product).details("reported_tcb"));
        }
        return details;
    }
}
