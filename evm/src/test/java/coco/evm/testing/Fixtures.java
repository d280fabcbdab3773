package coco.evm.testing;

import coco.evm.fixtures.Accounts;
import coco.evm.fixtures.FixtureFiles;
import coco.evm.fixtures.Json;
import coco.evm.state.InMemoryWorld;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Archives of the public test data as trees of JSON, for tests that no runner of {@code coco.evm.fixtures} is for. */
public final class Fixtures {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Fixtures() {}

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

    /** A number of at most 256 bits. */
    public static Word word(JsonNode node) {
        return Json.word(node);
    }

    /** A number of at most 64 bits, unsigned. */
    public static long number(JsonNode node) {
        return Json.number(node);
    }

    public static Address address(JsonNode node) {
        return Json.address(node);
    }

    public static byte[] bytes(JsonNode node) {
        return Json.bytes(node);
    }

    /** The world of a {@code pre} or {@code post} object. */
    public static InMemoryWorld world(JsonNode accounts) {
        return Accounts.read(accounts);
    }

    /** The first difference between what should be and what is, or nothing. */
    public static String difference(InMemoryWorld expected, InMemoryWorld actual) {
        return Accounts.difference(expected, actual);
    }

    /** What fixtures hash as {@code logs}. */
    public static byte[] encodeLogs(List<Log> logs) {
        return Json.encodeLogs(logs);
    }
}
