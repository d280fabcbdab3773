package coco.evm.transition;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.testing.Fixtures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole transactions in the loop that takes single steps, compared with the fast one. */
class TwoLoopsStateTest {
    private static final String ARCHIVE = "eest-state-tests.zip";

    @Test
    void shouldEndEveryStateTestOfOsakaInBothLoopsAlike() {
        StateTests tests = new StateTests();
        Fixtures.forEach(ARCHIVE, name -> name.contains("osaka/"), tests::compareLoops);
        assertThat(tests.failures).isEmpty();
        assertThat(tests.passed.getOrDefault("Osaka", 0)).isGreaterThan(100);
        assertThat(tests.steps).isGreaterThan(10_000);
    }

    @Test
    @Tag("long")
    void shouldEndEveryStateTestOfEveryForkInBothLoopsAlike() {
        StateTests tests = new StateTests();
        Fixtures.forEach(ARCHIVE, name -> true, tests::compareLoops);
        assertThat(tests.failures).isEmpty();
        assertThat(tests.passed.values().stream().mapToInt(Integer::intValue).sum())
                .isGreaterThan(20_000);
    }
}
