package coco.node.admission;

import coco.attestation.CertificateEvidence;
import coco.attestation.CheckResult;
import coco.attestation.Claims;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.ReportData;
import coco.attestation.TcbStatus;
import coco.attestation.Verdict;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.governance.CodeEntry;
import coco.governance.Constitution;
import coco.governance.FormerNode;
import coco.governance.NodeEntry;
import coco.governance.PlatformEntry;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges the certificates with which nodes come: each check by name, with what was seen and what is allowed.
 *
 * <p>The evidence itself is verified once for each certificate and remembered; what depends on the constitution, the
 * chain and the time is compared anew at each use, so that a removal or a retired code takes effect on connections that
 * live. Any thread.
 */
public final class CertificateJudge {
    /** Nodes of a large consortium, each with a few certificates of a day. */
    private static final int REMEMBERED_MAX = 512;

    /** A peer's clock may run ahead or behind by this much; nodes date their certificates back as far. */
    public static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(10);

    /**
     * How far above the newest known height a header may be that evidence names: some minutes of blocks at a network
     * under load, which a node may not have applied yet. A node that is further behind asks for the head. Evidence
     * that names a block of the future outlives its lease by as many blocks at most.
     */
    static final long AHEAD_MAX = 1_000;

    private final byte[] serviceId;
    private final EvidenceVerifier verifier;
    private final HeaderLookup headers;
    private final byte[] genesisDigest;
    private final InstantSource clock;
    private final Duration lease;
    private final Map<String, Known> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    /** A certificate whose evidence was verified. */
    private static final class Known {
        private final @Nullable CertificateEvidence carried;
        private final @Nullable Claims claims;
        /** Whether the evidence is wrong, rather than that something is missing to be sure. */
        private final boolean refused;

        private final String measurement;
        private final List<Finding> findings;
        /** Whether this chain has the header that the evidence names; it never loses it again. */
        private volatile boolean headerIsOurs;

        /** When the block after it was sealed; null while it is the head. */
        private volatile @Nullable Instant followedAt;

        /** A certificate without evidence that can be read. */
        Known(List<Finding> findings) {
            this.carried = null;
            this.claims = null;
            this.refused = false;
            this.measurement = "";
            this.findings = List.copyOf(findings);
        }

        Known(CertificateEvidence carried, Verdict verdict, List<Finding> findings) {
            this.carried = carried;
            this.claims = verdict instanceof Verdict.Verified verified ? verified.claims() : null;
            this.refused = verdict instanceof Verdict.Refused;
            this.measurement = claims == null ? "" : Hex.encode(claims.measurement());
            this.findings = List.copyOf(findings);
        }
    }

    /**
     * A judge for one network.
     *
     * @param genesisDigest freshness of a node that has no block yet: SHA-256 of the genesis document
     * @param lease the longest life of a certificate
     */
    public CertificateJudge(
            byte[] serviceId,
            EvidenceVerifier verifier,
            HeaderLookup headers,
            byte[] genesisDigest,
            InstantSource clock,
            Duration lease) {
        this.serviceId = serviceId.clone();
        this.verifier = verifier;
        this.headers = headers;
        this.genesisDigest = genesisDigest.clone();
        this.clock = clock;
        this.lease = lease;
    }

    /** All checks but whether the node is in the constitution: those that a node must pass before anybody votes. */
    public List<Finding> fitness(X509Certificate certificate, Standing standing) {
        return checks(certificate, standing, true);
    }

    private List<Finding> checks(X509Certificate certificate, Standing standing, boolean isNewcomer) {
        List<Finding> findings = new ArrayList<>();
        dates(certificate, findings);
        Known known = known(certificate);
        findings.addAll(known.findings);
        Claims claims = known.claims;
        if (claims != null && known.carried != null) {
            manifests(claims, known.measurement, standing, isNewcomer, findings);
            findings.add(freshness(known, known.carried, standing.height()));
        }
        return findings;
    }

    /** All checks of a node that wants to speak as one of the constitution's. */
    public List<Finding> admission(X509Certificate certificate, Standing standing) {
        List<Finding> findings = new ArrayList<>(listing(certificate, standing));
        findings.addAll(checks(certificate, standing, false));
        NodeEntry node = standing.node(certificate.getPublicKey());
        CertificateEvidence carried = known(certificate).carried;
        if (node != null && carried != null) {
            findings.add(Finding.of(
                    Check.WRAPPING_KEY,
                    node.wrappingKey().equals(carried.wrappingKey()),
                    Standing.digest(carried.wrappingKey()),
                    Standing.digest(node.wrappingKey())));
        }
        return findings;
    }

    /**
     * The first check that fails of a node that wants to speak as one of the constitution's. Of a key that is not
     * listed nothing further is looked at: strangers must not have this node verify their evidence.
     */
    public Optional<Finding> refusal(X509Certificate certificate, Standing standing) {
        return failed(listing(certificate, standing)).or(() -> failed(admission(certificate, standing)));
    }

    private static Optional<Finding> failed(List<Finding> findings) {
        return findings.stream().filter(finding -> !finding.passed()).findFirst();
    }

    /**
     * Whether the manifests have the platform, its patch level and the code that this certificate proves. Evidence that
     * is refused, as that of a revoked chip, is trusted no longer; that for which collateral is missing stays trusted,
     * since a maker's service that is down must not put a network into quarantine.
     */
    public boolean trusted(X509Certificate certificate, Standing standing) {
        Known known = known(certificate);
        Claims claims = known.claims;
        if (claims == null) {
            return !known.refused;
        }
        List<Finding> findings = new ArrayList<>();
        manifests(claims, known.measurement, standing, false, findings);
        return findings.stream().allMatch(Finding::passed);
    }

    /** There may be other collateral now: evidence is verified anew, whatever was found before. */
    public void collateralChanged() {
        synchronized (remembered) {
            remembered.clear();
        }
    }

    /** What the certificate carries, if it can be read. */
    public @Nullable CertificateEvidence carried(X509Certificate certificate) {
        return known(certificate).carried;
    }

    /** The measurement that the certificate's evidence proves, lower-case hexadecimal; empty if it proves none. */
    public String measurement(X509Certificate certificate) {
        return known(certificate).measurement;
    }

    /** The checks of an answer to a challenge: evidence of this very moment, by a node on the list. */
    public List<Finding> challenge(Evidence evidence, NodeEntry node, byte[] freshness, Standing standing) {
        byte[] expected = ReportData.of(
                ReportData.Purpose.CHALLENGE,
                serviceId,
                node.certificate().getPublicKey(),
                node.wrappingKey(),
                freshness);
        Verdict verdict = verifier.verify(evidence).expectingReportData(expected);
        List<Finding> findings = new ArrayList<>();
        verdict.checks().forEach(check -> findings.add(finding(check, verdict)));
        if (verdict instanceof Verdict.Verified verified) {
            Claims claims = verified.claims();
            manifests(claims, Hex.encode(claims.measurement()), standing, false, findings);
        }
        return findings;
    }

    private static List<Finding> listing(X509Certificate certificate, Standing standing) {
        PublicKey key = certificate.getPublicKey();
        FormerNode former = standing.formerNode(key);
        if (former != null) {
            String seen = former.id() + ", removed by block " + former.lastHeight();
            return List.of(Finding.of(Check.REMOVED, false, seen, "nodes that were not removed"));
        }
        NodeEntry node = standing.node(key);
        String listed = standing.constitution().nodes().nodes().stream()
                .map(NodeEntry::id)
                .collect(Collectors.joining(", "));
        return List.of(Finding.of(
                Check.LISTED, node != null, node == null ? "key " + Standing.digest(key) : node.id(), listed));
    }

    private void dates(X509Certificate certificate, List<Finding> findings) {
        Instant now = clock.instant();
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        findings.add(Finding.of(
                Check.CLOCK,
                !now.isBefore(from) && !now.isAfter(until),
                "certificate valid from " + from + " to " + until,
                "valid at " + now + ", which is the time here"));
        Duration life = Duration.between(from, until);
        Duration longest = lease.plus(CLOCK_TOLERANCE);
        findings.add(Finding.of(Check.LEASE, life.compareTo(longest) <= 0, words(life), "at most " + words(longest)));
    }

    private static String words(Duration duration) {
        return duration.toSeconds() + " s";
    }

    private Known known(X509Certificate certificate) {
        String name = Hex.encode(Certificates.fingerprint(certificate));
        synchronized (remembered) {
            Known known = remembered.get(name);
            if (known != null) {
                return known;
            }
        }
        Known known = verify(certificate);
        synchronized (remembered) {
            remembered.put(name, known);
        }
        return known;
    }

    private Known verify(X509Certificate certificate) {
        List<Finding> findings = new ArrayList<>();
        CertificateEvidence carried = CertificateEvidence.of(certificate);
        findings.add(Finding.of(
                Check.EVIDENCE,
                carried != null,
                carried == null ? "none" : carried.evidence().platform().label(),
                "evidence in extension " + CertificateEvidence.OID));
        if (carried == null) {
            return new Known(findings);
        }
        findings.add(Finding.of(
                Check.SERVICE,
                MessageDigest.isEqual(carried.serviceId(), serviceId),
                Hex.encode(carried.serviceId()),
                Hex.encode(serviceId)));
        Verdict verdict = verifier.verify(carried.evidence())
                .expectingReportData(carried.expectedReportData(certificate.getPublicKey()));
        verdict.checks().forEach(check -> findings.add(finding(check, verdict)));
        return new Known(carried, verdict, findings);
    }

    /**
     * A check that could not be made counts as failed where the verdict hangs on it, since collateral that is missing
     * proves nothing. Where it does not, as on AMD's list of revoked certificates, the others decide.
     */
    private static Finding finding(CheckResult check, Verdict verdict) {
        boolean passed = switch (check.outcome()) {
            case PASSED -> true;
            case FAILED -> false;
            case NOT_CHECKED -> !(verdict instanceof Verdict.Incomplete);
        };
        return new Finding("evidence_" + check.check().label(), passed, check.seen(), check.allowed());
    }

    private static void manifests(
            Claims claims, String measurement, Standing standing, boolean isNewcomer, List<Finding> findings) {
        Constitution constitution = standing.constitution();
        String platform = claims.platform().label();
        PlatformEntry entry = constitution.platform(platform);
        findings.add(Finding.of(
                Check.PLATFORM,
                entry != null,
                platform,
                constitution.platforms().stream().map(PlatformEntry::platform).collect(Collectors.joining(", "))));
        if (entry == null) {
            return;
        }
        findings.add(tcb(claims, entry));
        findings.add(Finding.of(
                Check.MEASUREMENT,
                isNewcomer
                        ? constitution.admitsNewcomer(platform, measurement)
                        : constitution.admitsCode(platform, measurement, standing.height() + 1),
                platform + " " + measurement,
                constitution.code().isEmpty()
                        ? "any"
                        : constitution.code().stream()
                                .map(CertificateJudge::words)
                                .collect(Collectors.joining(", "))));
    }

    private static String words(CodeEntry code) {
        Long end = code.retiresAtHeight();
        return code.platform() + " " + code.measurement() + (end == null ? "" : " below height " + end);
    }

    private static Finding tcb(Claims claims, PlatformEntry entry) {
        TcbStatus status = claims.tcbStatus();
        List<String> low = new ArrayList<>();
        if (status != TcbStatus.UP_TO_DATE
                && status != TcbStatus.NOT_APPLICABLE
                && !entry.accepted().contains(status.label())) {
            low.add(status.label());
        }
        if (!entry.signers().isEmpty()
                && (claims.signer() == null || !entry.signers().contains(Hex.encode(claims.signer())))) {
            low.add("signer " + (claims.signer() == null ? "none" : Hex.encode(claims.signer())));
        }
        entry.minimum().forEach((component, least) -> {
            String seen = claims.details().get(component);
            if (seen == null || !seen.matches("[0-9]{1,18}") || Long.parseLong(seen) < least) {
                low.add(component + " " + seen);
            }
        });
        return Finding.of(
                Check.TCB_MINIMUM,
                low.isEmpty(),
                low.isEmpty() ? status.label() : String.join(", ", low),
                "up-to-date " + entry.accepted() + ", signers " + entry.signers() + ", at least " + entry.minimum());
    }

    /**
     * Evidence is as fresh as the header that it names, with its height: it signs both. A header that this node has
     * must have been the head within the lease; one that it has not yet, and that follows soon, cannot be older than
     * what it has. The genesis document is fresh while nothing else is there.
     */
    private Finding freshness(Known known, CertificateEvidence carried, long height) {
        if (carried.height() == CertificateEvidence.FOUNDING) {
            boolean genesis = height <= 0 && MessageDigest.isEqual(carried.freshness(), genesisDigest);
            return Finding.of(
                    Check.FRESHNESS,
                    genesis,
                    "genesis document " + Hex.encode(carried.freshness()) + " at height " + height,
                    "that only before the first block, as " + Hex.encode(genesisDigest));
        }
        String named = "block " + carried.height() + " " + Hex.encode(carried.freshness());
        if (!known.headerIsOurs) {
            byte[] own = headers.hash(carried.height());
            if (own == null) {
                long newest = Math.max(height, headers.newest());
                return Finding.of(
                        Check.FRESHNESS,
                        carried.height() > height && carried.height() - AHEAD_MAX <= newest,
                        named + ", not known here",
                        "at most " + AHEAD_MAX + " blocks above " + newest);
            }
            if (!MessageDigest.isEqual(own, carried.freshness())) {
                return Finding.of(Check.FRESHNESS, false, named, "block " + carried.height() + " " + Hex.encode(own));
            }
            known.headerIsOurs = true;
        }
        if (known.followedAt == null && height > carried.height()) {
            // Looked at first: what becomes durable between the two is not damaged.
            boolean isDurable = headers.durable() > carried.height();
            known.followedAt = headers.time(carried.height() + 1);
            if (known.followedAt == null && isDurable) {
                return Finding.of(
                        Check.FRESHNESS,
                        false,
                        named + ", followed by a block that cannot be read here",
                        "a block after it whose time can be read");
            }
        }
        Instant next = known.followedAt;
        Instant oldest = clock.instant().minus(lease).minus(CLOCK_TOLERANCE);
        return Finding.of(
                Check.FRESHNESS,
                next == null || !next.isBefore(oldest),
                named + (next == null ? "" : ", followed at " + next),
                "followed no earlier than " + oldest);
    }
}
