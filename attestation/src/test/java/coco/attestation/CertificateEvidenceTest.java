package coco.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Certificates;
import coco.crypto.P256;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CertificateEvidenceTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyPair wrapping = P256.generate(RANDOM);
    private final CertificateEvidence carried = new CertificateEvidence(
            new byte[32],
            17,
            new byte[32],
            new byte[CertificateEvidence.INCARNATION_BYTES],
            wrapping.getPublic(),
            new Evidence(Platform.SIMULATED, new byte[] {1, 2, 3}));

    @Test
    void shouldReadBackWhatWasWrittenIntoACertificate() {
        KeyPair keys = P256.generate(RANDOM);
        X509Certificate certificate = Certificates.selfIssued(
                keys.getPrivate(),
                new Certificates.EndEntity(
                        "node-1",
                        keys.getPublic(),
                        List.of("localhost", "127.0.0.1"),
                        Instant.ofEpochSecond(1_800_000_000L),
                        Instant.ofEpochSecond(1_800_086_400L),
                        Map.of(CertificateEvidence.OID, carried.encode())),
                RANDOM);

        CertificateEvidence read = Objects.requireNonNull(CertificateEvidence.of(certificate));

        assertThat(read.encode()).isEqualTo(carried.encode());
        assertThat(read.height()).isEqualTo(17);
        assertThat(Certificates.names(certificate)).containsExactly("localhost", "127.0.0.1");
        assertThat(Certificates.commonName(certificate)).isEqualTo("node-1");
        assertThat(Certificates.extension(certificate, "2.25.1")).isNull();
        assertThat(Certificates.extension(certificate, "2.5.29.19"))
                .as("no OCTET STRING")
                .isNull();
    }

    @Test
    void shouldBindHeightHashAndIncarnationIntoTheReportData() {
        PublicKey tls = P256.generate(RANDOM).getPublic();
        byte[] one = new byte[32];
        one[31] = 1;
        byte[] process = new byte[CertificateEvidence.INCARNATION_BYTES];
        process[0] = 1;
        List<CertificateEvidence> others = List.of(
                with(18, carried.freshness(), carried.incarnation()),
                with(CertificateEvidence.FOUNDING, carried.freshness(), carried.incarnation()),
                with(17, one, carried.incarnation()),
                with(17, carried.freshness(), process));

        assertThat(others)
                .allSatisfy(other ->
                        assertThat(other.expectedReportData(tls)).isNotEqualTo(carried.expectedReportData(tls)));
        assertThat(with(17, carried.freshness(), carried.incarnation()).expectedReportData(tls))
                .isEqualTo(carried.expectedReportData(tls));
    }

    private CertificateEvidence with(long height, byte[] hash, byte[] incarnation) {
        return new CertificateEvidence(
                carried.serviceId(), height, hash, incarnation, carried.wrappingKey(), carried.evidence());
    }

    @Test
    void shouldTakeNothingThatIsNotExactlyOneOfTheForm() {
        byte[] whole = carried.encode();
        for (int length = 0; length < whole.length - 3; length++) {
            assertThat(CertificateEvidence.decode(Arrays.copyOf(whole, length)))
                    .as("%d bytes", length)
                    .isNull();
        }
        byte[] otherFormat = whole.clone();
        otherFormat[0] = 1;
        byte[] noPoint = whole.clone();
        noPoint[1 + 32 + 8 + 32 + 16] = 5;
        byte[] noHeight = whole.clone();
        noHeight[33] = (byte) 0x80;
        for (byte[] bad : List.of(otherFormat, noPoint, noHeight, new byte[200_000])) {
            assertThat(CertificateEvidence.decode(bad)).isNull();
        }
        Random random = new Random(3);
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            CertificateEvidence read = CertificateEvidence.decode(changed);
            taken += read == null ? 0 : 1;
            assertThat(read == null || Arrays.equals(read.encode(), changed)).isTrue();
        }
        assertThat(taken).isBetween(1_000, 19_000);
    }
}
