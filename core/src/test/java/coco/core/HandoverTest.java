package coco.core;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Certificates;
import coco.crypto.Hpke;
import coco.crypto.P256;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HandoverTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] serviceId = new byte[32];
    private final KeyPair key = P256.generate(RANDOM);
    private final KeyPair service = P256.generate(RANDOM);
    private final Roster.Node node = new Roster.Node(
            "joiner",
            Certificates.selfSigned("joiner", key, Instant.EPOCH, Instant.EPOCH.plusSeconds(1), RANDOM),
            key.getPublic());
    private final Keyring keys = new Keyring();

    HandoverTest() {
        for (int epoch : new int[] {0, 30, 7}) {
            keys.add(new EpochSecrets(serviceId, epoch, filled(epoch)));
        }
        for (int number = 0; number < 3; number++) {
            keys.add(new Generation(
                    number,
                    new EvidenceKey(serviceId, filled(100 + number)),
                    (number == 2 ? service : P256.generate(RANDOM)).getPrivate()));
        }
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void shouldHandOverAllEpochsAndGenerationsButOldServiceKeys() {
        byte[] sealed = Handover.seal(keys, serviceId, node, RANDOM);
        Secrets secrets =
                Handover.open(sealed, serviceId, "joiner", key.getPrivate()).orElseThrow();

        assertThat(secrets.epochs()).extracting(EpochSecrets::epoch).containsExactly(0L, 7L, 30L);
        assertThat(secrets.epochs()).allMatch(epoch -> Arrays.equals(epoch.secret(), filled((int) epoch.epoch())));
        assertThat(secrets.generations()).extracting(Generation::number).containsExactly(0, 1, 2);
        assertThat(secrets.generations())
                .allMatch(each ->
                        Arrays.equals(Objects.requireNonNull(each.evidence()).secret(), filled(100 + each.number())));
        assertThat(secrets.generations().subList(0, 2)).allMatch(old -> old.serviceKey() == null);
        assertThat(Objects.requireNonNull(secrets.keyring().newest().serviceKey())
                        .getEncoded())
                .isEqualTo(service.getPrivate().getEncoded());
        assertThat(secrets.indexKey(new byte[] {1}))
                .isEqualTo(new EpochSecrets(serviceId, 0, filled(0)).indexKey(new byte[] {1}));
    }

    @Test
    void shouldForgetOldServiceKeysWhateverTheOrder() {
        Keyring other = new Keyring();
        other.add(new Generation(1, new EvidenceKey(serviceId, filled(1)), service.getPrivate()));
        other.add(new Generation(0, new EvidenceKey(serviceId, filled(0)), service.getPrivate()));
        assertThat(Objects.requireNonNull(other.generation(0)).serviceKey()).isNull();
        assertThat(other.newest().number()).isEqualTo(1);
        assertThat(other.newest().serviceKey()).isNotNull();
        assertThat(other.evidenceKey(0)).isNotNull();
        assertThat(other.evidenceKey(2)).isNull();
    }

    @Test
    void shouldOpenForNobodyElseAndNeverThrow() {
        byte[] sealed = Handover.seal(keys, serviceId, node, RANDOM);
        assertThat(Handover.open(sealed, serviceId, "another", key.getPrivate()))
                .isEmpty();
        assertThat(Handover.open(sealed, filled(1), "joiner", key.getPrivate())).isEmpty();
        assertThat(Handover.open(sealed, serviceId, "joiner", service.getPrivate()))
                .isEmpty();
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            byte[] changed = sealed.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(Handover.open(changed, serviceId, "joiner", key.getPrivate()))
                    .isEmpty();
        }
        byte[] info = ByteBuffer.allocate(15 + 32)
                .put("coco handover 1".getBytes(StandardCharsets.UTF_8))
                .put(serviceId)
                .array();
        for (int round = 0; round < 200; round++) {
            byte[] plaintext = new byte[random.nextInt(200)];
            random.nextBytes(plaintext);
            if (plaintext.length > 5) {
                plaintext[0] = 1;
                Arrays.fill(plaintext, 1, 4, (byte) 0);
                plaintext[4] &= 3;
            }
            byte[] forged =
                    Hpke.seal(key.getPublic(), info, "joiner".getBytes(StandardCharsets.UTF_8), plaintext, RANDOM);
            assertThat(Handover.open(forged, serviceId, "joiner", key.getPrivate()))
                    .as("round %d", round)
                    .isEmpty();
        }
    }
}
