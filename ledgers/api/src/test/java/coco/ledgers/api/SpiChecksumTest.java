package coco.ledgers.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Others write ledgers against these sources, contracts in comments included. A change of them is a decision, so it has
 * to be written down a second time, here.
 */
final class SpiChecksumTest {
    private static final Path SOURCES =
            Path.of(System.getProperty("coco.root", "../..")).resolve("ledgers/api/src/main/java");

    private static final String CHECKSUM = "3645862855e39a06f853c57998ad8db043c432dcfdafb7dbb97e0de66092c37b";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldChangeOnPurposeOnly() throws Exception {
        assertThat(checksum(SOURCES))
                .as("The interface of ledgers has changed. If that is meant, say so in CHANGELOG.md and write the new"
                        + " checksum into this test.")
                .isEqualTo(CHECKSUM);
    }

    @Test
    void shouldSeeChangedTextNewFilesAndOtherNames() throws Exception {
        Path file = Files.writeString(folder.resolve("A.java"), "interface A {}\n");
        String before = checksum(folder);
        Files.writeString(file, "interface A { /** Never null. */ }\n");
        String changed = checksum(folder);
        Files.writeString(folder.resolve("B.java"), "");
        String added = checksum(folder);
        Files.move(folder.resolve("B.java"), folder.resolve("C.java"));

        assertThat(Stream.of(before, changed, added, checksum(folder)).distinct())
                .hasSize(4);
    }

    private static String checksum(Path folder) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> sources = all.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            assertThat(sources).isNotEmpty();
            for (Path source : sources) {
                String text = folder.relativize(source) + "\n"
                        + Files.readString(source).replace("\r\n", "\n") + "\0";
                digest.update(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
