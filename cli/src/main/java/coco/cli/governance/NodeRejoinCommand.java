package coco.cli.governance;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco node rejoin}. */
@Command(
        name = "rejoin",
        mixinStandardHelpOptions = true,
        description = "Brings a node back whose Raft files are lost, damaged or older than they were: under a new name,"
                + " with new keys, in the place of its old entry. It votes when the others have committed that. The"
                + " journal of its data folder is taken along and verified, so that only the rest is fetched.")
final class NodeRejoinCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--old", paramLabel = "ID", required = true, description = "The node as it was.")
    private @Nullable String old;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "Its data folder, or another copy of a journal; nothing in it is changed.")
    private @Nullable Path from;

    @Mixin
    private NewcomerOptions newcomer = new NewcomerOptions();

    NodeRejoinCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        NodeArrival arrival = new NodeArrival(console, newcomer);
        Path copy = from;
        return arrival.run(old, copy == null ? folder -> {} : folder -> take(copy, folder));
    }

    /** Whole files only: what is torn or wrong in them is found when the node verifies its journal. */
    private static void take(Path copy, Path data) {
        Path inner = copy.resolve("journal");
        Path journal = Files.isDirectory(inner) ? inner : copy;
        Path target = data.resolve("journal");
        try (Stream<Path> there = Files.list(target);
                Stream<Path> files = Files.list(journal)) {
            if (there.findAny().isPresent()) {
                return;
            }
            List<Path> chunks = files.filter(
                            file -> file.getFileName().toString().endsWith(".chunk"))
                    .sorted()
                    .toList();
            for (Path chunk : chunks) {
                Files.copy(chunk, target.resolve(chunk.getFileName()));
            }
        } catch (IOException e) {
            throw new CliException(
                    "the journal in " + journal + " cannot be copied: " + e.getMessage(),
                    "Leave --from out: all of it is fetched then.",
                    e);
        }
    }
}
