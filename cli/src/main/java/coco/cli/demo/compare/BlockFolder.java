package coco.cli.demo.compare;

import coco.cli.console.CliException;
import coco.evm.fixtures.FixtureFile;
import coco.evm.fixtures.FixtureFiles;
import coco.evm.fixtures.MainnetRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder of blocks with the state that they ran on: {@code NUMBER.json.gz} in it or below it, and {@code
 * codes.json.gz} with the code of all contracts. The same files as {@code coco evm replay} executes.
 */
final class BlockFolder {
    private static final Pattern NAME = Pattern.compile("([0-9]{1,18})\\.json(\\.gz)?");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;
    private final List<Entry> entries;

    private record Entry(long number, Path file) {}

    private BlockFolder(Path folder, List<Entry> entries) {
        this.folder = folder;
        this.entries = List.copyOf(entries);
    }

    /**
     * Looks what is there; reads nothing yet. Of a block that is there twice the first file counts, in the order of
     * paths.
     *
     * @throws CliException there is no such folder, or no block in it
     */
    static BlockFolder open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw CliException.usage(
                    folder + " is no folder",
                    "Name one that holds NUMBER.json.gz and codes.json.gz with --transactions.");
        }
        Map<Long, Entry> found = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    long number = Long.parseLong(name.group(1));
                    found.putIfAbsent(number, new Entry(number, file));
                }
            }
        } catch (IOException e) {
            throw new CliException(
                    folder + " cannot be read: " + e.getMessage(), "Check the rights of that folder.", e);
        }
        if (found.isEmpty()) {
            throw CliException.usage(
                    "there is no block in " + folder,
                    "A block is a file NUMBER.json.gz; coco demo compare --fetch URL --blocks A..B makes them.");
        }
        List<Entry> entries = new ArrayList<>(found.values());
        entries.sort(Comparator.comparingLong(Entry::number));
        return new BlockFolder(folder, entries);
    }

    /** The numbers of the blocks in a range, in order. */
    List<Long> numbers(BlockRange range) {
        return entries.stream().map(Entry::number).filter(range::contains).toList();
    }

    /**
     * Reads a block.
     *
     * @throws CliException it cannot be read, or is not one
     */
    SourceBlock read(long number) {
        Path file = entries.stream()
                .filter(entry -> entry.number == number)
                .findFirst()
                .orElseThrow()
                .file;
        SourceBlock block = new BlockFileReader(file.toString()).read(tree(file));
        if (block.number() != number) {
            throw damaged(file.toString(), "it is block " + block.number());
        }
        return block;
    }

    /**
     * The code of all contracts: hash to code, both hexadecimal with 0x.
     *
     * @throws CliException there is none, or it cannot be read
     */
    Map<String, String> codes() {
        return codes(folder);
    }

    /** The same of a folder that may hold no block. */
    static Map<String, String> codes(Path folder) {
        Path file = MainnetRunner.codes(folder);
        if (file == null) {
            throw CliException.usage(
                    "there is no codes.json.gz in " + folder,
                    "Without it every call of a contract would do nothing. Name the folder that holds it.");
        }
        Map<String, String> codes = new HashMap<>();
        for (Map.Entry<String, JsonNode> code : tree(file).properties()) {
            codes.put(code.getKey(), code.getValue().asString(""));
        }
        return codes;
    }

    static CliException damaged(String file, String what) {
        return new CliException(file + " is damaged: " + what, "Fetch it again, or take it out of the folder.");
    }

    private static JsonNode tree(Path path) {
        List<FixtureFile> files = new ArrayList<>(1);
        try {
            FixtureFiles.forEach(path, _ -> true, files::add);
            FixtureFile file = files.getFirst();
            if (file.fault() != null) {
                throw damaged(file.name(), file.fault());
            }
            return JSON.readTree(file.content());
        } catch (IOException e) {
            throw new CliException(path + " cannot be read: " + e.getMessage(), "Check the rights of that file.", e);
        } catch (JacksonException e) {
            throw damaged(path.toString(), "no JSON, " + e.getOriginalMessage());
        }
    }
}
