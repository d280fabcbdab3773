package coco.attestation.simulated;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.AttestationLimits;
import coco.attestation.Sealing;
import coco.crypto.Hex;
import coco.crypto.Sha256;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SimulatedSealingTest {
    private static final byte[] SECRET = "a canary that must not be seen".getBytes(US_ASCII);

    private final Sealing sealing = sealing(1, new TestRandom(1));

    @Test
    void shouldUnsealWhatItSealedWhenRestartedOnTheSameMachine() {
        byte[] sealed = sealing.seal("epochs", SECRET);
        assertThat(sealing(1, new TestRandom(99)).unseal("epochs", sealed)).isEqualTo(SECRET);
        assertThat(Hex.encode(sealed)).doesNotContain(Hex.encode(SECRET));
        assertThat(sealing.unseal("x", sealing.seal("x", new byte[0]))).isEmpty();
    }

    @Test
    void shouldUnsealToNullWhenLabelOrMachineDiffers() {
        byte[] sealed = sealing.seal("epochs", SECRET);
        assertThat(sealing.unseal("epoch", sealed)).isNull();
        assertThat(sealing.unseal("", sealed)).isNull();
        assertThat(sealing(2, new TestRandom(1)).unseal("epochs", sealed)).isNull();
    }

    @Test
    void shouldUnsealToNullWhenAnyBitIsFlippedOrBytesAreMissing() {
        byte[] sealed = sealing.seal("epochs", SECRET);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] mutated = sealed.clone();
            mutated[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(sealing.unseal("epochs", mutated)).isNull();
        }
        for (int length = 0; length < sealed.length; length++) {
            assertThat(sealing.unseal("epochs", Arrays.copyOf(sealed, length))).isNull();
        }
    }

    @Test
    void shouldUnsealToNullWhenInputIsNoise() {
        Random random = new Random(2);
        for (int i = 0; i < 3000; i++) {
            byte[] noise = new byte[random.nextInt(120)];
            random.nextBytes(noise);
            if (noise.length > 0) {
                noise[0] = (byte) random.nextInt(3);
            }
            assertThat(sealing.unseal("epochs", noise)).isNull();
        }
    }

    @Test
    void shouldGiveAnotherBlobEachTime() {
        assertThat(sealing.seal("epochs", SECRET)).isNotEqualTo(sealing.seal("epochs", SECRET));
    }

    @Test
    void shouldKeepItsLimits() {
        AttestationLimits limits = AttestationLimits.DEFAULT;
        byte[] longest = new byte[limits.sealedBytesMax() - 29];
        assertThat(sealing.unseal("x", sealing.seal("x", longest))).isEqualTo(longest);
        assertThatThrownBy(() -> sealing.seal("x", new byte[longest.length + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sealing.seal("x".repeat(limits.labelBytesMax() + 1), SECRET))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(sealing.unseal("x", new byte[limits.sealedBytesMax() + 1])).isNull();
    }

    private static Sealing sealing(int machine, TestRandom random) {
        return new SimulatedPlatform(Sha256.hash(new byte[] {(byte) machine}), new byte[32], random).sealing();
    }
}
