package coco.evm.testing;

import coco.evm.fixtures.FixtureFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Archives of the public test data as trees of JSON, for tests that no runner of {@code coco.evm.fixtures} is for. */
public final class Archives {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Archives() {}

    /** All files below a folder of ethereum-basic-tests.zip, by name; skips the test where the archive is missing. */
    public static Map<String, JsonNode> files(String folder) {
        return files("ethereum-basic-tests.zip", folder);
    }

    /** All files of an archive whose names begin so, by name; skips the test where the archive is missing. */
    public static Map<String, JsonNode> files(String archiveName, String folder) {
        Map<String, JsonNode> found = new TreeMap<>();
        forEach(archiveName, name -> name.startsWith(folder), found::put);
        Assumptions.assumeTrue(!found.isEmpty(), () -> "no " + folder + " in " + archiveName);
        return found;
    }

    /** Hands over every JSON file of an archive whose name is wanted; skips the test where the archive is missing. */
    public static void forEach(String archiveName, Predicate<String> wanted, BiConsumer<String, JsonNode> each) {
        Path archive = Path.of(System.getProperty("coco.testdata", ""), archiveName);
        Assumptions.assumeTrue(Files.exists(archive), () -> "test data is missing: " + archive);
        try {
            FixtureFiles.forEach(archive, wanted, file -> {
                // Files that were too large for the archive are a pointer to where they lie.
                if (file.content().length > 0 && file.content()[0] == '{') {
                    each.accept(file.name(), MAPPER.readTree(file.content()));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Decodes hexadecimal digits, with or without 0x. */
    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.startsWith("0x") ? digits.substring(2) : digits);
    }

    /** Encodes as 0x and hexadecimal digits. */
    public static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
