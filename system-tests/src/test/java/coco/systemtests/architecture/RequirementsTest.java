package coco.systemtests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each requirement of the white paper on trusted environments, identity and governance has a test that carries its id,
 * or a reason why not in docs/design/system-tests.md.
 */
final class RequirementsTest {
    private static final Path ROOT = Path.of(System.getProperty("coco.root", ".."));
    private static final Map<Character, Integer> ROWS = Map.of('T', 6, 'I', 9, 'N', 29);
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([TIN][0-9]+)\"\\)");
    private static final Pattern REASON = Pattern.compile("(?m)^\\| ([TIN][0-9]+) \\| \\S");

    @Test
    void shouldHaveATestOrAReasonForEachRow() throws IOException {
        Set<String> tagged = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> tests = files.filter(file -> file.toString().contains("src/test/java")
                            && file.toString().endsWith(".java"))
                    .toList();
            for (Path test : tests) {
                tagged.addAll(found(TAG, Files.readString(test)));
            }
        }
        Set<String> reasons = found(REASON, Files.readString(ROOT.resolve("docs/design/system-tests.md")));

        assertThat(tagged).isSubsetOf(rows());
        assertThat(reasons).as("reasons for rows that have a test").doesNotContainAnyElementsOf(tagged);
        assertThat(Stream.concat(tagged.stream(), reasons.stream())).containsExactlyInAnyOrderElementsOf(rows());
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> rows() {
        return ROWS.entrySet().stream()
                .flatMap(kind ->
                        IntStream.rangeClosed(1, kind.getValue()).mapToObj(number -> kind.getKey() + "" + number))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
