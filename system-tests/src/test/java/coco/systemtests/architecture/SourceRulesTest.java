package coco.systemtests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules that only the sources show: how long a method is, how wide a comment. */
final class SourceRulesTest {
    private static final Path ROOT = Path.of(System.getProperty("coco.root", ".."));

    /** Methods that are longer than STYLE.md allows, each for a reason that stands above it. No more may join them. */
    private static final Set<String> LONG_FOR_A_REASON = Set.of("Interpreter.run", "OutOfLine.run", "Keccak256.sponge");

    @Test
    void shouldKeepMethodsShort() throws IOException {
        assertThat(SourceRules.longMethods(sources()))
                .as("no other method is longer, and none of these has become shorter")
                .extracting(SourceRules.Method::name)
                .containsExactlyInAnyOrderElementsOf(LONG_FOR_A_REASON);
    }

    @Test
    void shouldKeepCommentsToTheWidthOfThePage() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path source : sources()) {
            SourceRules.wideComments(Files.readAllLines(source)).forEach(line -> found.add(source + ":" + line));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void shouldFindALongMethodAndAWideComment() throws IOException {
        String body = "        assert true;\n".repeat(SourceRules.METHOD_LINES_MAX - 1);
        Path source = Files.createTempFile("Offender", ".java");
        try {
            Files.writeString(
                    source,
                    "class A {\n    void fits() {\n" + body.replaceFirst(".*\n", "") + "    }\n    void tooLong() {\n"
                            + body + "    }\n    Runnable inner = new Runnable() {\n    public void run() {\n" + body
                            + "    }};\n}\n");
            assertThat(SourceRules.longMethods(List.of(source)))
                    .extracting(SourceRules.Method::name)
                    .containsExactly("A.tooLong", "A.run");
        } finally {
            Files.delete(source);
        }
        assertThat(SourceRules.wideComments(
                        List.of("// " + "x".repeat(118), "    // short", "String s = \"" + "x".repeat(120))))
                .containsExactly(1);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            List<Path> sources = all.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
            assertThat(sources).hasSizeGreaterThan(400);
            return sources;
        }
    }
}
