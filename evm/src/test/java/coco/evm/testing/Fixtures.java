package coco.evm.testing;

import coco.evm.rlp.RlpWriter;
import coco.evm.state.InMemoryWorld;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Archives of execution tests, one file at a time, and the forms in which they write state. */
public final class Fixtures {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Fixtures() {}

    /** Hands over every JSON file of an archive whose name is wanted; skips the test where the archive is missing. */
    public static void forEach(String archiveName, Predicate<String> wanted, BiConsumer<String, JsonNode> each) {
        Path archive = Path.of(System.getProperty("coco.testdata", ""), archiveName);
        Assumptions.assumeTrue(Files.exists(archive), () -> "test data is missing: " + archive);
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().endsWith(".json") && wanted.test(entry.getName())) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        byte[] content = in.readAllBytes();
                        // Files that were too large for the archive are a pointer to where they lie.
                        if (content.length > 0 && content[0] == '{') {
                            each.accept(entry.getName(), MAPPER.readTree(content));
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A number as fixtures write it: any number of hexadecimal digits. */
    public static Word word(JsonNode node) {
        String digits = node.asString().substring(2);
        int from = 0;
        while (from < digits.length() - 64) {
            from++;
        }
        return digits.isEmpty() ? Word.ZERO : Word.fromHex(digits.substring(from));
    }

    /** A number of at most 64 bits, unsigned. */
    public static long number(JsonNode node) {
        return word(node).l0();
    }

    public static Address address(JsonNode node) {
        return Address.fromHex(node.asString());
    }

    public static byte[] bytes(JsonNode node) {
        return BasicTests.hex(node.asString());
    }

    /** The world of a {@code pre} or {@code post} object. */
    public static InMemoryWorld world(JsonNode accounts) {
        InMemoryWorld world = new InMemoryWorld();
        for (Map.Entry<String, JsonNode> entry : accounts.properties()) {
            Address address = Address.fromHex(entry.getKey());
            JsonNode account = entry.getValue();
            world.put(address, number(account.get("nonce")), word(account.get("balance")), bytes(account.get("code")));
            for (Map.Entry<String, JsonNode> slot : account.get("storage").properties()) {
                world.slotChanged(address, Word.fromHex(slot.getKey()), word(slot.getValue()));
            }
        }
        return world;
    }

    /** The first difference between what should be and what is, or nothing. */
    public static String difference(InMemoryWorld expected, InMemoryWorld actual) {
        for (Address address : expected.accounts().keySet()) {
            var should = expected.accounts().get(address);
            var is = actual.accounts().get(address);
            if (should == null || is == null) {
                return address + " is missing";
            }
            if (should.nonce() != is.nonce()) {
                return address + " nonce " + is.nonce() + " instead of " + should.nonce();
            }
            if (!should.balance().equals(is.balance())) {
                return address + " balance " + is.balance() + " instead of " + should.balance();
            }
            if (!Arrays.equals(should.codeHash(), is.codeHash())) {
                return address + " code differs";
            }
            if (!expected.storage(address).equals(actual.storage(address))) {
                return address + " storage " + actual.storage(address) + " instead of " + expected.storage(address);
            }
        }
        for (Address address : actual.accounts().keySet()) {
            if (!expected.accounts().containsKey(address)) {
                return address + " should not be there";
            }
        }
        return "";
    }

    /** What fixtures hash as {@code logs}. */
    public static byte[] encodeLogs(List<Log> logs) {
        RlpWriter out = new RlpWriter().beginList();
        for (Log log : logs) {
            out.beginList().string(log.address().bytes()).beginList();
            log.topics().forEach(out::string);
            out.endList().string(log.data()).endList();
        }
        return out.endList().toBytes();
    }
}
