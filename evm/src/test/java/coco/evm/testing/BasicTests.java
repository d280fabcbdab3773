package coco.evm.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The RLP, trie and transaction tests of ethereum/tests, read from {@code ethereum-basic-tests.zip}. */
public final class BasicTests {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private BasicTests() {}

    /** All files below a folder of ethereum-basic-tests.zip, by name; skips the test where the archive is missing. */
    public static Map<String, JsonNode> files(String folder) {
        return files("ethereum-basic-tests.zip", folder);
    }

    /** All files of an archive whose names begin so, by name; skips the test where the archive is missing. */
    public static Map<String, JsonNode> files(String archiveName, String folder) {
        String root = System.getProperty("coco.testdata", "");
        Path archive = Path.of(root, archiveName);
        Assumptions.assumeTrue(Files.exists(archive), () -> "test data is missing: " + archive);
        Map<String, JsonNode> found = new TreeMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory() && entry.getName().startsWith(folder)) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        found.put(entry.getName(), MAPPER.readTree(in.readAllBytes()));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Assumptions.assumeTrue(!found.isEmpty(), () -> "no " + folder + " in " + archive);
        return found;
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
