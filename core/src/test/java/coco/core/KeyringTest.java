package coco.core;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Epochs that nobody asks for rest encrypted, and are the same when they are asked for. */
final class KeyringTest {
    private static final byte[] SERVICE = new byte[32];
    private static final SecureRandom RANDOM = new SecureRandom();

    private final AtomicLong nanos = new AtomicLong();
    private final Keyring keys = new Keyring();

    private static EpochSecrets epoch(long id) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) (id + 1));
        return new EpochSecrets(SERVICE, id, secret);
    }

    private void add(long... ids) {
        keys.keepTime(SERVICE, RANDOM, nanos::get);
        for (long id : ids) {
            keys.add(epoch(id));
        }
    }

    @Test
    void shouldLayOldEpochsToRestAndGiveThemWhenTheyAreAskedFor() {
        add(0, 3, 5, 9);
        keys.add(EpochSecrets.opened(SERVICE, epoch(1).sealRoot()));
        assertThat(keys.rest(100)).as("used just now").isEqualTo(5);
        nanos.set(100);
        assertThat(keys.rest(100)).as("the two newest stay").isEqualTo(2);
        for (long id : new long[] {0, 1, 3, 5, 9}) {
            assertThat(Objects.requireNonNull(keys.sealRoot(id)).secret())
                    .as("epoch %d", id)
                    .isEqualTo(epoch(id).sealRoot().secret());
        }
        assertThat(Objects.requireNonNull(keys.epoch(3)).secret()).isEqualTo(epoch(3).secret());
        assertThat(Objects.requireNonNull(keys.epoch(1)).isWhole()).isFalse();
        assertThat(keys.sealRoot(4)).isNull();
        assertThat(keys.rest(100))
                .as("those that were asked for are awake again")
                .isEqualTo(5);
        nanos.set(199);
        assertThat(keys.rest(100)).isEqualTo(5);
        nanos.set(200);
        assertThat(keys.rest(100)).isEqualTo(2);
    }

    @Test
    void shouldKeepEverythingInMemoryWithoutAClock() {
        keys.add(epoch(0));
        keys.add(epoch(1));
        keys.add(epoch(2));
        assertThat(keys.rest(0)).isEqualTo(3);
    }

    @Test
    void shouldCommitToZerosOfAGenerationThatWentBeforeARecovery() {
        assertThat(keys.generationOrLost(0)).as("nothing is known yet").isNull();
        keys.add(new Generation(2, new EvidenceKey(SERVICE, new byte[32]), null));
        Generation lost = Objects.requireNonNull(keys.generationOrLost(1));
        assertThat(lost).isEqualTo(Generation.lost(1));
        assertThat(lost.commitment()).isEqualTo(new byte[32]);
        assertThat(Objects.requireNonNull(keys.generationOrLost(2)).commitment())
                .isNotEqualTo(new byte[32]);
        assertThat(keys.generationOrLost(3))
                .as("a newer one may only not be here yet")
                .isNull();
    }

    @Test
    void shouldHandOverWhatRestsAndDealItAgain() {
        add(0, 3, 5, 9);
        KeyPair key = P256.generate(RANDOM);
        keys.add(new Generation(0, new EvidenceKey(SERVICE, new byte[32]), key.getPrivate()));
        nanos.set(1_000);
        assertThat(keys.rest(1)).isEqualTo(2);
        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        Roster.Node node = new Roster.Node(
                "node-1", Certificates.selfSigned("node-1", key, from, from.plusSeconds(9), RANDOM), key.getPublic());
        byte[] sealed = Handover.seal(keys, SERVICE, node, RANDOM);
        List<EpochSecrets> opened = Handover.open(sealed, SERVICE, "node-1", key.getPrivate())
                .orElseThrow()
                .epochs();
        assertThat(opened).extracting(EpochSecrets::epoch).containsExactly(0L, 3L, 5L, 9L);
        assertThat(opened)
                .allSatisfy(each ->
                        assertThat(each.secret()).isEqualTo(epoch(each.epoch()).secret()));
        assertThat(keys.sealRootsBefore(9)).hasSize(3);
        assertThat(keys.rest(1)).as("nothing was woken").isEqualTo(2);
    }
}
