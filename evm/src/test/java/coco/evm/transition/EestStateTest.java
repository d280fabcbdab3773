package coco.evm.transition;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** The state tests of the execution specs, all forks, each compared with its full post state. */
@Tag("long")
class EestStateTest {
    @Test
    void shouldReportHowManyStateTestsPass(TestReporter reporter) throws IOException {
        StateTests tests = new StateTests();
        String part = System.getProperty("coco.statetests", "");
        Fixtures.forEach("eest-state-tests.zip", name -> name.contains(part), tests::runFile);
        Map<String, Integer> groups = new TreeMap<>();
        for (String failure : tests.failures) {
            groups.merge(failure.replaceAll("\\.json.*", ""), 1, Integer::sum);
        }
        reporter.publishEntry(Map.of(
                "passed", tests.passed.toString(), "failed", tests.failed.toString(), "where", groups.toString()));
        Files.write(Path.of("target", "state-test-failures.txt"), tests.failures);
        assertThat(tests.passed.values()).anyMatch(count -> count > 0);
    }
}
