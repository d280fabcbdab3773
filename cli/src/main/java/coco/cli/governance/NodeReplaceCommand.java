package coco.cli.governance;

import coco.cli.console.Console;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco node replace}. */
@Command(
        name = "replace",
        mixinStandardHelpOptions = true,
        description =
                "Prepares a node under a new name to take the place of one of the same owner, starts it, and, with"
                        + " --propose, proposes the exchange. A name is never used twice: consensus would take its votes for those"
                        + " of the other.")
final class NodeReplaceCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--old", paramLabel = "ID", required = true, description = "The node that goes.")
    private @Nullable String old;

    @Mixin
    private NewcomerOptions newcomer = new NewcomerOptions();

    NodeReplaceCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return new NodeArrival(console, newcomer).run(old);
    }
}
