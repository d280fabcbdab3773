package coco.cli;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.LocalNetwork;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code coco down}. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stops the nodes of a network. Its data stays; coco up starts it again.")
final class DownCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    DownCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        LocalNetwork network = directory.network();
        int running = network.running().size();
        if (running == 0) {
            console.note("nothing runs in " + network.folder().root());
            return ExitCode.OK.code();
        }
        List<Integer> forced = LocalNetwork.stop(network.running());
        forced.forEach(node -> console.note("node " + node + " did not stop in time and was ended by force"));
        console.note("stopped " + running + (running == 1 ? " node" : " nodes"));
        return ExitCode.OK.code();
    }
}
