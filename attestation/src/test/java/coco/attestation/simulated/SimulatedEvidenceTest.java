package coco.attestation.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.Attester;
import coco.attestation.Claims;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.TcbStatus;
import coco.attestation.Verdict;
import coco.crypto.Sha256;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SimulatedEvidenceTest {
    private static final byte[] MEASUREMENT = Sha256.hash(new byte[] {1});
    private static final byte[] REPORT_DATA = new byte[64];

    private final Attester attester = platform(1).attester();
    private final EvidenceVerifier verifier = SimulatedPlatform.verifier();

    @Test
    void shouldGiveTheClaimsWhenEvidenceIsItsOwn() {
        byte[] reportData = REPORT_DATA.clone();
        reportData[63] = 9;
        Claims claims = claims(verifier.verify(attester.attest(reportData)));
        assertThat(claims.platform()).isEqualTo(Platform.SIMULATED);
        assertThat(claims.measurement()).isEqualTo(MEASUREMENT).isEqualTo(attester.measurement());
        assertThat(claims.reportData()).isEqualTo(reportData);
        assertThat(claims.tcbStatus()).isEqualTo(TcbStatus.NOT_APPLICABLE);
        assertThat(claims.debug()).isFalse();
        assertThat(claims.securityVersion()).isZero();
        assertThat(claims.signer()).hasSize(32);
    }

    @Test
    void shouldNameTheMachineBySignerWhenRestarted() {
        byte[] signer = claims(verifier.verify(attester.attest(REPORT_DATA))).signer();
        assertThat(claims(verifier.verify(platform(1).attester().attest(REPORT_DATA)))
                        .signer())
                .isEqualTo(signer);
        assertThat(claims(verifier.verify(platform(2).attester().attest(REPORT_DATA)))
                        .signer())
                .isNotEqualTo(signer);
    }

    @Test
    void shouldRefuseWhenAnyBitIsFlipped() {
        byte[] document = attester.attest(REPORT_DATA).document();
        assertThat(document).hasSize(SimulatedEvidence.DOCUMENT_BYTES);
        for (int bit = 0; bit < document.length * 8; bit += 3) {
            byte[] mutated = document.clone();
            mutated[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(verifier.verify(new Evidence(Platform.SIMULATED, mutated)))
                    .as("bit %d", bit)
                    .isInstanceOf(Verdict.Refused.class);
        }
    }

    @Test
    void shouldSayWhatItSawWhenItRefuses() {
        byte[] document = attester.attest(REPORT_DATA).document();
        byte[] otherData = document.clone();
        otherData[100] ^= 1;
        byte[] otherVersion = document.clone();
        otherVersion[0] = 2;
        assertThat(verifier.verify(new Evidence(Platform.SIMULATED, otherData)))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.check()).isEqualTo(Verdict.Check.SIGNATURE));
        assertRefused(new Evidence(Platform.SIMULATED, otherVersion), Verdict.Check.FORMAT, "version 2", "version 1");
        assertRefused(
                new Evidence(Platform.SIMULATED, Arrays.copyOf(document, 225)),
                Verdict.Check.FORMAT,
                "225 bytes",
                "226 bytes");
        assertRefused(new Evidence(Platform.SEV_SNP, document), Verdict.Check.PLATFORM, "sev-snp", "simulated");
    }

    private void assertRefused(Evidence evidence, Verdict.Check check, String seen, String allowed) {
        assertThat(verifier.verify(evidence)).isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
            assertThat(refused.check()).isEqualTo(check);
            assertThat(refused.seen()).isEqualTo(seen);
            assertThat(refused.allowed()).isEqualTo(allowed);
        });
    }

    @Test
    void shouldNeverThrowWhenInputIsNoise() {
        Random random = new Random(3);
        byte[] document = attester.attest(REPORT_DATA).document();
        for (int i = 0; i < 2000; i++) {
            byte[] mutated = Arrays.copyOf(document, i % 3 == 0 ? random.nextInt(400) : document.length);
            for (int n = 1 + random.nextInt(8); n > 0 && mutated.length > 0; n--) {
                mutated[random.nextInt(mutated.length)] ^= (byte) (1 + random.nextInt(255));
            }
            assertThat(verifier.verify(new Evidence(Platform.SIMULATED, mutated)))
                    .isInstanceOf(Verdict.Refused.class);
        }
    }

    @Test
    void shouldRefuseToAttestWhenReportDataHasAnotherLength() {
        assertThatThrownBy(() -> attester.attest(new byte[63])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSayThatNothingIsProtected() {
        assertThat(SimulatedPlatform.BANNER)
                .contains("SIMULATED", "Nothing protects")
                .endsWith("\n");
        assertThat(SimulatedPlatform.BANNER.lines().map(String::length)).containsOnly(64);
    }

    private static SimulatedPlatform platform(int machine) {
        return new SimulatedPlatform(Sha256.hash(new byte[] {(byte) machine}), MEASUREMENT, new TestRandom(1));
    }

    private static Claims claims(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Verified verified -> verified.claims();
            case Verdict.Incomplete _, Verdict.Refused _ -> throw new AssertionError("not verified: " + verdict);
        };
    }
}
