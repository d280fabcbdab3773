package coco.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import coco.attestation.CheckResult;
import coco.attestation.CheckResult.Outcome;
import coco.attestation.Claims;
import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.TcbStatus;
import coco.attestation.TestPki;
import coco.attestation.Verdict;
import coco.attestation.Verdict.Check;
import java.security.KeyPair;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every rule of the verifier, on a processor whose keys are ours. */
final class SnpVerifierTest {
    private static final Instant CRL_END = TestMachine.NOW.plus(Duration.ofDays(30));

    private final TestMachine machine = new TestMachine();

    @Test
    void shouldGiveTheClaimsWhenAllFits() {
        Claims claims = verified(machine.verifier().verify(machine.evidence(report -> report.put(0xe0, (byte) 9))));
        assertThat(claims.platform()).isEqualTo(Platform.SEV_SNP);
        assertThat(claims.measurement()).isEqualTo(TestMachine.filled(48, 2));
        assertThat(claims.reportData()).isEqualTo(TestMachine.filled(64, 1));
        assertThat(claims.tcbStatus()).isEqualTo(TcbStatus.NOT_APPLICABLE);
        assertThat(claims.debug()).isFalse();
        assertThat(claims.signer()).hasSize(48).startsWith(9);
        assertThat(claims.securityVersion()).isEqualTo(7);
        assertThat(claims.details())
                .containsEntry("host_data", "03".repeat(32))
                .containsEntry("chip_id", "5a".repeat(64))
                .containsEntry("policy", "000000000003001f")
                .containsEntry("vmpl", "0")
                .containsEntry("product", "Milan")
                .containsEntry("reported_tcb_bootloader", "3")
                .containsEntry("reported_tcb_snp", "8")
                .containsEntry("reported_tcb_microcode", "115")
                .doesNotContainKey("cpuid_family");
    }

    @Test
    void shouldListEveryCheckInOrder() {
        assertThat(machine.verifier().verify(machine.evidence()).checks())
                .extracting(CheckResult::check)
                .containsExactly(
                        Check.PLATFORM,
                        Check.FORMAT,
                        Check.CERTIFICATE_CHAIN,
                        Check.ROOT,
                        Check.VALIDITY_PERIOD,
                        Check.VALIDITY_PERIOD,
                        Check.VALIDITY_PERIOD,
                        Check.REVOCATION,
                        Check.PRODUCT,
                        Check.SIGNATURE,
                        Check.PRODUCT,
                        Check.TCB,
                        Check.DEBUG);
    }

    @Test
    void shouldRefuseWhenPlatformIsAnother() {
        assertRefused(new Evidence(Platform.TDX, machine.report(report -> {})), Check.PLATFORM, "tdx");
    }

    @Test
    void shouldRefuseTheFormatWhenUnsignedOrUnknownBytesAreSet() {
        assertRefused(machine.evidence(report -> report.putInt(0, 1)), Check.FORMAT, "report version 1");
        assertRefused(machine.evidence(report -> report.putInt(0, 6)), Check.FORMAT, "report version 6");
        assertRefused(machine.evidence(report -> report.putInt(0x34, 2)), Check.FORMAT, "signature algorithm 2");
        assertRefused(machine.evidence(report -> report.putInt(0x30, 4)), Check.FORMAT, "privilege level 4");
        assertRefused(machine.evidence(report -> report.putInt(0x30, -1)), Check.FORMAT, "privilege level 4294967295");
        assertRefused(machine.evidence(report -> report.putLong(8, 0x1001f)), Check.FORMAT, "guest policy 0x1001f");
        assertRefused(machine.evidence(report -> report.putLong(8, 0x403001f)), Check.FORMAT, "guest policy");
        assertRefused(machine.evidence(report -> report.putInt(0x48, 0x20)), Check.FORMAT, "flags 0x20");
        assertRefused(machine.evidence(report -> report.putInt(0x48, 0x1c)), Check.FORMAT, "flags 0x1c");
        for (int at : new int[] {0x2a0 + 48, 0x2a0 + 71, 0x2e8 + 48, 0x2e8 + 71, 0x330, SnpReport.BYTES - 1}) {
            byte[] report = machine.report(r -> {});
            report[at] = 1;
            assertRefused(new Evidence(Platform.SEV_SNP, report), Check.FORMAT, "bytes other than zero");
        }
    }

    @Test
    void shouldRefuseTheFormatWhenLengthIsAnother() {
        byte[] report = machine.report(r -> {});
        for (int length = 0; length < SnpReport.BYTES; length++) {
            assertRefused(
                    new Evidence(Platform.SEV_SNP, Arrays.copyOf(report, length)), Check.FORMAT, length + " bytes");
        }
        assertRefused(
                new Evidence(Platform.SEV_SNP, Arrays.copyOf(report, SnpReport.BYTES + 3)),
                Check.FORMAT,
                "3 bytes after the report");
    }

    @Test
    void shouldTakeCertificatesFromTheTableBehindTheReport() {
        SnpDocument document =
                new SnpDocument(machine.report(report -> {}), List.of(TestMachine.der(machine.key()), new byte[] {1}));
        Collateral intermediateOnly = Collateral.of(List.of(TestMachine.der(machine.intermediate())));
        Evidence evidence = new Evidence(Platform.SEV_SNP, document.encode());
        verified(machine.verifier(intermediateOnly).verify(evidence));
        byte[] encoded = document.encode();
        encoded[SnpReport.BYTES + 16]++;
        assertThat(machine.verifier(intermediateOnly)
                        .verify(new Evidence(Platform.SEV_SNP, encoded))
                        .checks())
                .isNotEmpty();
        for (int length = SnpReport.BYTES + 1; length < encoded.length; length++) {
            Evidence cut = new Evidence(Platform.SEV_SNP, Arrays.copyOf(document.encode(), length));
            assertThat(machine.verifier(intermediateOnly).verify(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(Verdict.Refused.class);
        }
    }

    @Test
    void shouldBeIncompleteWhenTheKeysCertificateIsMissing() {
        Collateral intermediateOnly = Collateral.of(List.of(TestMachine.der(machine.intermediate())));
        Verdict verdict = machine.verifier(intermediateOnly).verify(machine.evidence());
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Incomplete.class, incomplete -> {
            assertThat(incomplete.missing()).contains("VCEK certificate of chip 5a5a");
            assertThat(incomplete.claims().measurement()).isEqualTo(TestMachine.filled(48, 2));
        });
    }

    @Test
    void shouldBeIncompleteWithoutAnyCollateral() {
        byte[] document = new SnpDocument(
                        machine.report(report -> {}),
                        List.of(TestMachine.der(machine.key()), TestMachine.der(machine.intermediate())))
                .encode();
        Verdict verdict = machine.verifier(Collateral.EMPTY).verify(new Evidence(Platform.SEV_SNP, document));
        assertThat(verdict).isInstanceOf(Verdict.Incomplete.class);
        assertThat(verdict.checks())
                .filteredOn(result -> result.outcome() == Outcome.NOT_CHECKED)
                .extracting(CheckResult::check)
                .containsExactly(Check.COLLATERAL, Check.REVOCATION);
    }

    @Test
    void shouldStillRefuseDebugWhenTheCertificateIsMissing() {
        Verdict verdict = machine.verifier(Collateral.EMPTY).verify(machine.evidence(r -> r.putLong(8, 0xb0000)));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.check()).isEqualTo(Check.DEBUG));
    }

    @Test
    void shouldRefuseTheSignatureWhenItIsAnothers() {
        byte[] report = new TestMachine().report(r -> {});
        assertRefused(new Evidence(Platform.SEV_SNP, report), Check.SIGNATURE, "by another key");
    }

    @Test
    void shouldRefuseTheRootWhenTheChainIsWholeUnderAnother() {
        // All the right names, and signatures that fit, but the root is not AMD's.
        Collateral all = Collateral.of(List.of(
                TestMachine.der(machine.key()),
                TestMachine.der(machine.intermediate()),
                TestMachine.der(machine.root())));
        SnpVerifier ofAmd = new SnpVerifier(InstantSource.fixed(TestMachine.NOW), () -> all);
        Verdict verdict = ofAmd.verify(machine.evidence());
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
            assertThat(refused.check()).isEqualTo(Check.ROOT);
            assertThat(refused.seen()).isEqualTo("ARK-Milan with another key");
        });
        assertThat(verdict.checks())
                .filteredOn(result -> result.check() == Check.CERTIFICATE_CHAIN)
                .extracting(CheckResult::outcome)
                .containsExactly(Outcome.PASSED);
    }

    @Test
    void shouldRefuseTheChainWhenALinkIsBroken() {
        Collateral keyOnly = Collateral.of(List.of(TestMachine.der(machine.key())));
        assertThat(machine.verifier(keyOnly).verify(machine.evidence()))
                .isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
                    assertThat(refused.check()).isEqualTo(Check.CERTIFICATE_CHAIN);
                    assertThat(refused.allowed()).isEqualTo("a signature by SEV-Milan");
                });
        // An intermediate of the right name with another key.
        Collateral others = Collateral.of(
                List.of(TestMachine.der(machine.key()), TestMachine.der(new TestMachine().intermediate())));
        assertThat(machine.verifier(others).verify(machine.evidence()))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.check()).isEqualTo(Check.CERTIFICATE_CHAIN));
    }

    @Test
    void shouldRefuseTheChainWhenTheIntermediateIsForTheOtherKindOfKey() {
        machine.intermediateName = "SEV-VLEK-Milan";
        assertRefused(machine.evidence(), Check.CERTIFICATE_CHAIN, "VCEK signed by SEV-VLEK-Milan");
        machine.ofProvider = true;
        verified(machine.verifier().verify(machine.evidence()));
        machine.intermediateName = "SEV-Milan";
        assertRefused(machine.evidence(), Check.CERTIFICATE_CHAIN, "VLEK signed by SEV-Milan");
    }

    @Test
    void shouldRefuseTheValidityPeriodWhenAnyLinkIsNotValidNow() {
        Instant past = TestMachine.NOW.minusSeconds(1);
        machine.keyEnd = past;
        assertRefused(machine.evidence(), Check.VALIDITY_PERIOD, "SEV-VCEK at 2026-06-01T00:00:00Z");
        machine.keyEnd = TestMachine.NOW;
        machine.intermediateEnd = past;
        assertRefused(machine.evidence(), Check.VALIDITY_PERIOD, "SEV-Milan at");
        machine.intermediateEnd = TestMachine.END;
        machine.rootEnd = past;
        assertRefused(machine.evidence(), Check.VALIDITY_PERIOD, "ARK-Milan at");
        machine.rootEnd = TestMachine.END;
        verified(machine.verifier().verify(machine.evidence()));
        Collateral collateral = machine.collateral();
        SnpVerifier early = new SnpVerifier(
                InstantSource.fixed(TestMachine.START.minusSeconds(1)), () -> collateral, machine.maker());
        assertThat(early.verify(machine.evidence()))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.check()).isEqualTo(Check.VALIDITY_PERIOD));
    }

    @Test
    void shouldRefuseTheRevocationWhenTheIntermediateIsOnTheList() {
        X509CRL listed = crl(TestMachine.START, CRL_END, TestMachine.INTERMEDIATE_SERIAL);
        assertThat(machine.verifier(listed).verify(machine.evidence()))
                .isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
                    assertThat(refused.check()).isEqualTo(Check.REVOCATION);
                    assertThat(refused.seen()).isEqualTo("SEV-Milan is revoked");
                });
        // An old list proves a revocation as well as a new one.
        X509CRL old = crl(TestMachine.START, TestMachine.START.plusSeconds(1), TestMachine.INTERMEDIATE_SERIAL);
        assertThat(machine.verifier(old).verify(machine.evidence())).isInstanceOf(Verdict.Refused.class);
        X509CRL clean = crl(TestMachine.START, CRL_END, 5);
        Verdict verdict = machine.verifier(clean).verify(machine.evidence());
        assertThat(outcomes(verdict, Check.REVOCATION)).containsExactly(Outcome.PASSED);
        assertThat(verdict).isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void shouldRefuseTheRevocationWhenTheKeyItselfIsOnItsIssuersList() {
        X509CRL listed = TestPki.crl("SEV-Milan", machine.intermediateKey.getPrivate(), TestMachine.START, CRL_END, 0);
        assertThat(machine.verifier(listed).verify(machine.evidence()))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.seen()).isEqualTo("SEV-VCEK is revoked"));
    }

    @Test
    void shouldBeIncompleteWhenTheListHasExpired() {
        X509CRL old = crl(TestMachine.START, TestMachine.NOW.minusSeconds(1), 5);
        assertThat(machine.verifier(old).verify(machine.evidence()))
                .isInstanceOfSatisfying(
                        Verdict.Incomplete.class,
                        incomplete -> assertThat(incomplete.missing()).contains("valid now"));
        X509CRL future = crl(TestMachine.NOW.plusSeconds(1), CRL_END, 5);
        assertThat(machine.verifier(future).verify(machine.evidence())).isInstanceOf(Verdict.Incomplete.class);
    }

    @Test
    void shouldRefuseTheRevocationWhenTheListIsForged() {
        KeyPair other = TestPki.p384();
        X509CRL forged = TestPki.crl("ARK-Milan", other.getPrivate(), TestMachine.START, CRL_END);
        assertThat(machine.verifier(forged).verify(machine.evidence()))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.seen()).contains("another signature"));
        X509CRL unrelated = TestPki.crl("ARK-Other", other.getPrivate(), TestMachine.START, CRL_END);
        Verdict verdict = machine.verifier(unrelated).verify(machine.evidence());
        assertThat(outcomes(verdict, Check.REVOCATION)).containsExactly(Outcome.NOT_CHECKED);
        assertThat(verdict).isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void shouldRefuseTheProductWhenCertificateRootOrReportDiffer() {
        machine.productName = "Genoa";
        assertRefused(machine.evidence(), Check.PRODUCT, "a certificate for Genoa");
        machine.productName = "Milan-B0";
        assertRefused(machine.evidence(report -> cpu(report, 0x19, 0x11)), Check.PRODUCT, "a report of Genoa");
        assertRefused(machine.evidence(report -> cpu(report, 0x1a, 0x02)), Check.PRODUCT, "a report of Turin");
        assertRefused(
                machine.evidence(report -> cpu(report, 0x1b, 0x02)), Check.PRODUCT, "an unknown processor, family 27");
        verified(machine.verifier().verify(machine.evidence(report -> cpu(report, 0x19, 0x01))));
    }

    private static void cpu(java.nio.ByteBuffer report, int family, int model) {
        report.putInt(0, 3).put(0x188, (byte) family).put(0x189, (byte) model).put(0x18a, (byte) 1);
    }

    @Test
    void shouldRefuseTheProductWhenTheChipIsAnother() {
        assertRefused(machine.evidence(report -> report.put(0x1a0, (byte) 1)), Check.PRODUCT, "chip 015a");
        // A host may hide the identifier; the key is the chip's all the same.
        Verdict hidden = machine.verifier().verify(machine.evidence(report -> report.put(0x1a0, new byte[64])));
        assertThat(hidden).isInstanceOf(Verdict.Verified.class);
        assertThat(outcomes(hidden, Check.PRODUCT)).containsExactly(Outcome.PASSED, Outcome.NOT_CHECKED);
    }

    @Test
    void shouldRefuseTheTcbWhenTheReportSaysAnotherThanTheCertificate() {
        for (int at : new int[] {0x180, 0x181, 0x186, 0x187}) {
            assertRefused(machine.evidence(report -> report.put(at, (byte) 99)), Check.TCB, "99");
        }
    }

    @Test
    void shouldReadTurinsOwnLayout() {
        machine.line = "Turin";
        machine.productName = "Turin";
        machine.intermediateName = "SEV-Turin";
        machine.tcb = new int[] {1, 2, 3, 4, 200};
        machine.reportedTcb = new byte[] {1, 2, 3, 4, 0, 0, 0, (byte) 200};
        machine.chipId = Arrays.copyOf(TestMachine.filled(8, 0x77), 64);
        Claims claims = verified(machine.verifier().verify(machine.evidence(report -> {
            cpu(report, 0x1a, 0x11);
            report.putInt(0, 5).putLong(0x1f8, 5).putLong(0x200, 6);
        })));
        assertThat(claims.details())
                .containsEntry("product", "Turin")
                .containsEntry("reported_tcb_fmc", "1")
                .containsEntry("reported_tcb_snp", "4")
                .containsEntry("launch_mit_vector", "0500000000000000")
                .containsEntry("current_mit_vector", "0600000000000000");
        assertRefused(
                machine.evidence(report -> {
                    cpu(report, 0x1a, 0x11);
                    report.put(0x1a8, (byte) 1);
                }),
                Check.PRODUCT,
                "chip 7777");
    }

    @Test
    void shouldRefuseWhenTheHostOrAnotherGuestMayLookInside() {
        assertRefused(machine.evidence(report -> report.putLong(8, 0xb001f)), Check.DEBUG, "0xb001f, debug");
        assertRefused(
                machine.evidence(report -> report.putLong(8, 0x7001f).put(0x160, (byte) 0)),
                Check.DEBUG,
                "a migration agent");
        verified(machine.verifier().verify(machine.evidence(report -> report.putLong(8, 0x7001f))));
    }

    @Test
    void shouldPickTheFittingCertificateOfMany() {
        TestMachine other = new TestMachine();
        other.chipId = TestMachine.filled(64, 1);
        Collateral mixed = other.collateral().merge(machine.collateral());
        verified(machine.verifier(mixed).verify(machine.evidence()));
        // Of the same chip at another patch level.
        byte[] fitting = TestMachine.der(machine.key());
        machine.tcb = new int[] {0, 3, 0, 9, 115};
        Collateral levels = Collateral.of(
                List.of(TestMachine.der(machine.key()), fitting, TestMachine.der(machine.intermediate())));
        verified(machine.verifier(levels).verify(machine.evidence()));
    }

    @Test
    void shouldCompareReportDataWhenAsked() {
        Verdict verdict = machine.verifier().verify(machine.evidence());
        assertThat(verdict.expectingReportData(TestMachine.filled(64, 1))).isInstanceOf(Verdict.Verified.class);
        assertThat(verdict.expectingReportData(TestMachine.filled(64, 2)))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.check()).isEqualTo(Check.REPORT_DATA));
    }

    @Test
    void shouldRefuseWhenAnyByteOfTheIntermediateIsFlipped() {
        byte[] intermediate = TestMachine.der(machine.intermediate());
        int verified = 0;
        for (int at = 0; at < intermediate.length; at++) {
            byte[] flipped = intermediate.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Collateral collateral = Collateral.of(List.of(TestMachine.der(machine.key()), flipped));
            if (machine.verifier(collateral).verify(machine.evidence()) instanceof Verdict.Verified) {
                verified++;
            }
        }
        assertThat(verified).as("of %d flips", intermediate.length).isZero();
    }

    private X509CRL crl(Instant from, Instant to, int... serials) {
        return TestPki.crl("ARK-Milan", machine.rootKey.getPrivate(), from, to, serials);
    }

    private static List<Outcome> outcomes(Verdict verdict, Check check) {
        return verdict.checks().stream()
                .filter(result -> result.check() == check)
                .map(CheckResult::outcome)
                .toList();
    }

    private void assertRefused(Evidence evidence, Check check, String seen) {
        assertThat(machine.verifier().verify(evidence)).isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
            assertThat(refused.check()).as(refused.toString()).isEqualTo(check);
            assertThat(refused.seen()).contains(seen);
        });
    }

    private static Claims verified(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Verified.class);
        return ((Verdict.Verified) verdict).claims();
    }
}
