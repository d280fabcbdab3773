package coco.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EvidenceTest {
    @ParameterizedTest
    @EnumSource(Platform.class)
    void shouldDecodeWhatItEncoded(Platform platform) {
        Evidence evidence = new Evidence(platform, new byte[] {1, 2, 3});
        assertThat(Evidence.decode(evidence.encode())).isEqualTo(evidence).hasSameHashCodeAs(evidence);
    }

    @Test
    void shouldKeepTheCodesOfPlatforms() {
        // They stand in certificates: a changed code would turn one platform's evidence into another's.
        assertThat(Platform.values()).extracting(Platform::code).containsExactly(0, 1, 2, 3, 4);
        assertThat(Platform.values())
                .extracting(Platform::label)
                .containsExactly("simulated", "sev-snp", "tdx", "sgx", "azure-cvm");
        assertThat(Platform.values())
                .filteredOn(platform -> !platform.isHardware())
                .containsExactly(Platform.SIMULATED);
    }

    @Test
    void shouldDecodeToNullWhenFormatPlatformOrLengthIsUnknown() {
        int max = AttestationLimits.DEFAULT.evidenceBytesMax();
        byte[] longest = new byte[max];
        longest[0] = Evidence.FORMAT;
        assertThat(Evidence.decode(longest)).isNotNull();
        byte[] tooLong = new byte[max + 1];
        tooLong[0] = Evidence.FORMAT;
        assertThat(Evidence.decode(tooLong)).isNull();
        assertThat(Evidence.decode(new byte[0])).isNull();
        assertThat(Evidence.decode(new byte[] {Evidence.FORMAT})).isNull();
        assertThat(Evidence.decode(new byte[] {2, 0, 0})).isNull();
        assertThat(Evidence.decode(new byte[] {Evidence.FORMAT, 5, 0})).isNull();
        assertThat(Evidence.decode(new byte[] {Evidence.FORMAT, -1, 0})).isNull();
        assertThatThrownBy(() -> new Evidence(Platform.SGX, new byte[max - 1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNeverThrowWhenInputIsNoise() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            if (noise.length > 1) {
                noise[0] = (byte) random.nextInt(3);
                noise[1] = (byte) random.nextInt(8);
            }
            Evidence evidence = Evidence.decode(noise);
            if (evidence != null) {
                assertThat(evidence.encode()).isEqualTo(noise);
            }
        }
    }

    @Test
    void shouldNotShareItsArrays() {
        byte[] document = {1};
        Evidence evidence = new Evidence(Platform.TDX, document);
        document[0] = 2;
        evidence.document()[0] = 3;
        assertThat(evidence.document()).containsExactly(1);
    }
}
