package coco.core;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Hpke;
import coco.crypto.P256;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WrapsTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] serviceId = filled(1);
    private final KeyPair wrapping = P256.generate(RANDOM);
    private final KeyPair service = P256.generate(RANDOM);
    private final EpochSecrets epoch = new EpochSecrets(serviceId, 7, filled(2));
    private final Generation generation =
            new Generation(3, new EvidenceKey(serviceId, filled(4)), service.getPrivate());

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private byte[] seal(Wraps.Brought brought) {
        return Wraps.seal(brought, serviceId, "node-1", wrapping.getPublic(), RANDOM);
    }

    @Test
    void shouldGiveTheNodeWhatTheBlockBrings() {
        Wraps.Brought alone = Objects.requireNonNull(
                Wraps.open(seal(new Wraps.Brought(epoch, null)), serviceId, 7, "node-1", wrapping.getPrivate()));
        assertThat(alone.epoch().secret()).isEqualTo(filled(2));
        assertThat(alone.epoch().epoch()).isEqualTo(7);
        assertThat(alone.generation()).isNull();

        Wraps.Brought both = Objects.requireNonNull(
                Wraps.open(seal(new Wraps.Brought(epoch, generation)), serviceId, 7, "node-1", wrapping.getPrivate()));
        Generation brought = Objects.requireNonNull(both.generation());
        assertThat(brought.number()).isEqualTo(3);
        assertThat(Objects.requireNonNull(brought.evidence()).secret()).isEqualTo(filled(4));
        assertThat(Objects.requireNonNull(brought.serviceKey()).getEncoded())
                .isEqualTo(service.getPrivate().getEncoded());
    }

    @Test
    void shouldGiveNothingToAnotherNodeEpochServiceOrKey() {
        byte[] wrapped = seal(new Wraps.Brought(epoch, generation));
        assertThat(Wraps.open(wrapped, serviceId, 7, "node-2", wrapping.getPrivate()))
                .isNull();
        assertThat(Wraps.open(wrapped, serviceId, 8, "node-1", wrapping.getPrivate()))
                .isNull();
        assertThat(Wraps.open(wrapped, filled(9), 7, "node-1", wrapping.getPrivate()))
                .isNull();
        assertThat(Wraps.open(wrapped, serviceId, 7, "node-1", service.getPrivate()))
                .isNull();
    }

    @Test
    void shouldGiveNothingWhenItWasChangedOrIsMalformedInside() {
        byte[] wrapped = seal(new Wraps.Brought(epoch, generation));
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            byte[] changed = round % 2 == 0 ? wrapped.clone() : Arrays.copyOf(wrapped, random.nextInt(wrapped.length));
            if (round % 2 == 0) {
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            }
            assertThat(Wraps.open(changed, serviceId, 7, "node-1", wrapping.getPrivate()))
                    .as("round %d", round)
                    .isNull();
        }
        // An epoch's secret alone is well formed; so is one with a generation, if the service key is a key.
        byte[] info = ByteBuffer.allocate(17 + 32)
                .put("coco epoch wrap 1".getBytes(StandardCharsets.UTF_8))
                .put(serviceId)
                .array();
        for (int length : List.of(0, 31, 33, 68, 69, 100, 200)) {
            byte[] plaintext = new byte[length];
            random.nextBytes(plaintext);
            byte[] sealed = Hpke.seal(wrapping.getPublic(), info, Wraps.key(7, "node-1"), plaintext, RANDOM);
            assertThat(Wraps.open(sealed, serviceId, 7, "node-1", wrapping.getPrivate()))
                    .as("%d bytes", length)
                    .isNull();
        }
    }
}
