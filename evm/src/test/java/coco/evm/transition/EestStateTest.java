package coco.evm.transition;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The state tests of the execution specs, each compared with its full post state. */
class EestStateTest {
    private static final String ARCHIVE = "eest-state-tests.zip";

    @Test
    void shouldPassEveryStateTestOfOsaka() {
        StateTests tests = new StateTests();
        Fixtures.forEach(ARCHIVE, name -> name.contains("osaka/"), tests::runFile);
        assertThat(tests.failures).isEmpty();
        assertThat(tests.passed.getOrDefault("Osaka", 0)).isGreaterThan(100);
    }

    @Test
    @Tag("long")
    void shouldPassEveryStateTestOfEveryFork() throws IOException {
        StateTests tests = new StateTests();
        Fixtures.forEach(ARCHIVE, name -> true, tests::runFile);
        List<String> report = new ArrayList<>(List.of("passed " + tests.passed, "failed " + tests.failed));
        report.addAll(tests.failures);
        Files.write(Path.of("target", "state-tests.txt"), report);
        assertThat(tests.failures).isEmpty();
        assertThat(tests.passed.getOrDefault("Osaka", 0)).isGreaterThan(1000);
    }
}
