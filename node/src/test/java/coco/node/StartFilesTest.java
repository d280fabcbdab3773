package coco.node;

import static org.assertj.core.api.Assertions.assertThat;

import coco.journal.ReadResult.Missing;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files by which a node's next life knows what the one before was about. */
final class StartFilesTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldKnowRangesThatWereNotJudgedWhenANodeEndsInBetween() {
        UnjudgedRanges ranges = new UnjudgedRanges(folder.resolve("unjudged"));
        assertThat(ranges.all()).isEmpty();
        ranges.add(5, 9);
        ranges.add(20, 40);
        ranges.add(5, 9);
        List<Missing> later = new UnjudgedRanges(folder.resolve("unjudged")).all();
        assertThat(later).extracting(Missing::firstHeight).containsExactly(5L, 20L);
        assertThat(later).extracting(Missing::lastHeight).containsExactly(9L, 40L);
        ranges.clear();
        assertThat(new UnjudgedRanges(folder.resolve("unjudged")).all()).isEmpty();
    }

    @Test
    void shouldJudgeEverythingWhenTheFileOfRangesIsNotUnderstood() throws IOException {
        Path file = folder.resolve("unjudged");
        Random random = new Random(6);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = "5 9\n20 40\n".getBytes(StandardCharsets.US_ASCII);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            Files.write(file, bytes);
            long judged = new UnjudgedRanges(file)
                    .all().stream()
                            .filter(range -> range.firstHeight() <= range.lastHeight())
                            .count();
            assertThat(judged).isLessThanOrEqualTo(2);
        }
        Files.writeString(file, "5 nine\n");
        Missing all = new UnjudgedRanges(file).all().getFirst();
        assertThat(all.firstHeight()).isZero();
        assertThat(all.lastHeight()).isEqualTo(UnjudgedRanges.TO_THE_END);
    }

    @Test
    void shouldPassOverWhatIsNoAddressOfANode() throws IOException {
        Path file = folder.resolve("nodes");
        assertThat(new KnownNodes(file).doors()).isEmpty();
        Files.writeString(
                file,
                "https://node-4.example:7443\nfile:///etc/passwd\n\nhttps://[::1]:7443\nhttps://a/b\nhttps://:\n");
        assertThat(new KnownNodes(file).doors())
                .contains(URI.create("https://node-4.example:7443"), URI.create("https://[::1]:7443"))
                .allMatch(door -> "https".equals(door.getScheme()))
                .noneMatch(door ->
                        door.toString().contains("passwd") || door.toString().endsWith("/b"));
    }
}
