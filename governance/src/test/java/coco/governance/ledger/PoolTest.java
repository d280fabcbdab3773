package coco.governance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.GovernanceLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PoolTest {
    private final Pool pool = new Pool();

    private void add(String signer, String id) {
        pool.add(new Pool.Pooled(id.getBytes(StandardCharsets.UTF_8), new byte[0], signer));
    }

    private List<String> inTurn() {
        return pool.inTurn().stream()
                .map(pooled -> new String(pooled.id(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void shouldHaveRoomForEverybodyWhenOneFillsIt() {
        for (int i = 0; i < GovernanceLimits.POOL_PER_SIGNER; i++) {
            assertThat(pool.hasRoom("mallory")).isTrue();
            add("mallory", "m" + i);
        }
        assertThat(pool.hasRoom("mallory")).isFalse();
        assertThat(pool.hasRoom("alice")).isTrue();
    }

    @Test
    void shouldHaveRoomForTheFirstFewOfEachWhenItIsFull() {
        for (int i = 0; i < GovernanceLimits.POOL; i++) {
            add("mallory-" + i % 20, "m" + i);
        }
        assertThat(pool.hasRoom("mallory-1")).isFalse();
        for (int i = 0; i < GovernanceLimits.POOL_ASSURED; i++) {
            assertThat(pool.hasRoom("alice")).isTrue();
            add("alice", "a" + i);
        }
        assertThat(pool.hasRoom("alice")).isFalse();
    }

    @Test
    void shouldLetSignersTakeTurns() {
        List.of("m1", "m2", "m3", "m4").forEach(id -> add("mallory", id));
        add("alice", "a1");
        add("bob", "b1");
        add("alice", "a2");
        assertThat(inTurn()).containsExactly("m1", "a1", "b1", "m2", "a2", "m3", "m4");
    }

    @Test
    void shouldKeepTheOrderOfExecutionWhenBlocksAreLost() {
        add("alice", "proposal 1");
        add("alice", "proposal 2");
        pool.executed("proposal 1".getBytes(StandardCharsets.UTF_8));
        pool.executed("proposal 2".getBytes(StandardCharsets.UTF_8));
        add("bob", "ballot on 2");
        pool.executed("ballot on 2".getBytes(StandardCharsets.UTF_8));
        add("carol", "later");
        assertThat(inTurn()).containsExactly("later");

        pool.rebase();
        // By turns, the ballot would come before what it is about.
        assertThat(inTurn()).containsExactly("proposal 1", "proposal 2", "ballot on 2", "later");
        pool.executed("proposal 1".getBytes(StandardCharsets.UTF_8));
        pool.rebase();
        assertThat(inTurn()).containsExactly("proposal 1", "proposal 2", "ballot on 2", "later");
        pool.remove("proposal 2".getBytes(StandardCharsets.UTF_8));
        assertThat(inTurn()).containsExactly("proposal 1", "ballot on 2", "later");
        assertThat(pool.size()).isEqualTo(3);
    }
}
