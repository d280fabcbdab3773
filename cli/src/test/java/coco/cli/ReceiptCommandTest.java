package coco.cli;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ReceiptCommandTest {
    private static final Path VECTORS =
            Path.of(System.getProperty("coco.root", ".."), "docs", "specs", "vectors", "receipts");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String file, String certificate, String... more) {
        out.reset();
        err.reset();
        List<String> words = new ArrayList<>(
                List.of("receipt", "verify", VECTORS.resolve(file).toString()));
        words.addAll(List.of("--service-cert", VECTORS.resolve(certificate).toString()));
        words.addAll(List.of(more));
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        return Main.run(console, Map.of(), words.toArray(String[]::new));
    }

    private String result() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldJudgeEachVectorAsItSays() throws IOException {
        int judged = 0;
        for (String line : Files.readAllLines(VECTORS.resolve("index.txt"))) {
            if (line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(" ", 3);
            int code = run(parts[0], parts[1], "--json");
            JsonNode root = JsonMapper.shared().readTree(result());
            boolean isValid = parts[2].equals("valid");
            assertThat(code).as(line).isEqualTo(isValid ? 0 : 1);
            assertThat(root.path("verdict").asString()).as(line).isEqualTo(isValid ? "verified" : "refused");
            String failed = root.path("checks")
                    .valueStream()
                    .filter(check -> check.path("verdict").asString().equals("failed"))
                    .map(check -> check.path("name").asString())
                    .findFirst()
                    .orElse(root.has("reason") ? "malformed" : "valid");
            assertThat(failed).as(line).isEqualTo(parts[2]);
            judged++;
        }
        assertThat(judged).isGreaterThan(40);
    }

    @Test
    void shouldRefuseAnotherTransactionOrClaimThanExpected() {
        assertThat(run("good-newer.json", "service-0.pem")).isZero();
        assertThat(result()).contains("passed  commit evidence", "verdict: verified");
        String claims = "33".repeat(32);
        assertThat(result()).contains("claims digest: " + claims);
        assertThat(run("good-newer.cose", "service-0.pem", "--claims", claims)).isZero();
        assertThat(run("good-newer.cose", "service-0.pem", "--claims", "34".repeat(32)))
                .isEqualTo(1);
        assertThat(result()).contains("FAILED  expected", "verdict: refused");
        assertThat(run("good-newer.json", "service-0.pem", "--transaction", "0x" + "12".repeat(32)))
                .isEqualTo(1);
        assertThat(run("good-newer.json", "service-0.pem", "--ethereum-receipt", "0x02f8"))
                .isEqualTo(1);
    }

    @Test
    void shouldEndWithUsageWhenWhatIsExpectedCannotBeRead() {
        assertThat(run("good-newer.json", "service-0.pem", "--claims", "12")).isEqualTo(2);
        assertThat(run("good-newer.json", "service-0.pem", "--ethereum-receipt", "0xzz"))
                .isEqualTo(2);
        assertThat(run("nowhere.json", "service-0.pem")).isEqualTo(2);
        assertThat(run("good-newer.json", "nowhere.pem")).isEqualTo(1);
    }
}
