package coco.evm.transition;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The state tests of the execution specs, each compared with its full post state. */
class EestStateTest {
    private static final String ARCHIVE = "eest-state-tests.zip";

    /** What calls the precompiled contracts that the table does not have: point evaluation and BLS12-381. */
    private static final Pattern MISSING_PRECOMPILES = Pattern.compile("eip2537_bls"
            + "|eip4844_blobs/test_(external_vectors|point_evaluation|invalid_inputs|call_opcode_types|tx_entry_point)"
            + "|test_call_to_precompile_in_pointer_context");

    @Test
    void shouldPassEveryStateTestOfOsaka() {
        StateTests tests = new StateTests();
        Fixtures.forEach(ARCHIVE, name -> name.contains("osaka/"), tests::runFile);
        assertThat(tests.failures).isEmpty();
        assertThat(tests.passed.getOrDefault("Osaka", 0)).isGreaterThan(100);
    }

    @Test
    @Tag("long")
    void shouldPassEveryStateTestOfEveryForkWithTheContractsItHas() throws IOException {
        StateTests tests = new StateTests();
        Fixtures.forEach(ARCHIVE, name -> true, tests::runFile);
        List<String> report = new ArrayList<>(List.of("passed " + tests.passed, "failed " + tests.failed));
        report.addAll(tests.failures);
        Files.write(Path.of("target", "state-tests.txt"), report);
        assertThat(tests.failures)
                .filteredOn(name -> !MISSING_PRECOMPILES.matcher(name).find())
                .isEmpty();
        assertThat(tests.passed.getOrDefault("Osaka", 0)).isGreaterThan(1000);
    }
}
