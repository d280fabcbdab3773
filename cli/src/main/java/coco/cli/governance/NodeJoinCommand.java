package coco.cli.governance;

import coco.cli.console.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code coco node join}. */
@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        description =
                "Makes a node's keys, has its owner sign its entry, and starts it: it asks to join until members have"
                        + " admitted it, then takes part. Everything that is there already is kept, so that it may be run again.",
        footer = {"", "Exit code 0 if it takes part (with --dry-run: if nothing speaks against it), else 1."})
final class NodeJoinCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private NewcomerOptions newcomer = new NewcomerOptions();

    NodeJoinCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return new NodeArrival(console, newcomer).run(null);
    }
}
