package coco.attestation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.ReportData.Purpose;
import coco.crypto.P256;
import coco.crypto.Sha512;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class ReportDataTest {
    private static final byte[] SERVICE = new byte[32];
    private static final PublicKey TLS =
            P256.derive(new byte[32], new byte[] {1}).getPublic();
    private static final PublicKey WRAPPING =
            P256.derive(new byte[32], new byte[] {2}).getPublic();
    private static final byte[] FRESH = {7, 7, 7};

    @Test
    void shouldHashThePartsInTheOrderOfTheDesign() {
        assertThat(ReportData.of(Purpose.CHALLENGE, SERVICE, TLS, WRAPPING, FRESH))
                .hasSize(ReportData.BYTES)
                .isEqualTo(Sha512.hash(
                        "coco/report-data/challenge/1\n".getBytes(US_ASCII),
                        SERVICE,
                        P256.encode(TLS),
                        P256.encode(WRAPPING),
                        FRESH));
    }

    @Test
    @Tag("T3")
    void shouldDifferWhenAnyPartDiffers() {
        byte[] otherService = new byte[32];
        otherService[31] = 1;
        Set<List<Byte>> all = new HashSet<>();
        List.of(
                        ReportData.of(Purpose.CERTIFICATE, SERVICE, TLS, WRAPPING, FRESH),
                        ReportData.of(Purpose.CHALLENGE, SERVICE, TLS, WRAPPING, FRESH),
                        ReportData.of(Purpose.CERTIFICATE, otherService, TLS, WRAPPING, FRESH),
                        ReportData.of(Purpose.CERTIFICATE, SERVICE, WRAPPING, TLS, FRESH),
                        ReportData.of(Purpose.CERTIFICATE, SERVICE, TLS, TLS, FRESH),
                        ReportData.of(Purpose.CERTIFICATE, SERVICE, TLS, WRAPPING, new byte[] {7, 7}))
                .forEach(data -> all.add(boxed(data)));
        assertThat(all).hasSize(6);
    }

    @Test
    void shouldRefuseWhenTheServiceIdHasAnotherLength() {
        assertThatThrownBy(() -> ReportData.of(Purpose.CERTIFICATE, new byte[31], TLS, WRAPPING, FRESH))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Byte> boxed(byte[] bytes) {
        Byte[] out = new Byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = bytes[i];
        }
        return List.of(out);
    }
}
