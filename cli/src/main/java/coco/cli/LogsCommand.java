package coco.cli;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.console.Pause;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NodeLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco logs}. */
@Command(name = "logs", mixinStandardHelpOptions = true, description = "Shows the end of the nodes' logs.")
final class LogsCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 300;

    private final Console console;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what the nodes write from now, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "Lines of each node (default: ${DEFAULT-VALUE}).")
    private int lines = 20;

    @Option(names = "--node", paramLabel = "N", description = "Only this node.")
    private int onlyNode;

    LogsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        LocalNetwork network = directory.network();
        List<Integer> nodes = new ArrayList<>();
        List<NodeLog> logs = new ArrayList<>();
        for (int node = 1; node <= network.description().nodes(); node++) {
            if (onlyNode == 0 || onlyNode == node) {
                NodeLog log = new NodeLog(network.folder().log(node));
                nodes.add(node);
                logs.add(log);
                List<String> tail = new ArrayList<>(log.tail().lines().toList());
                if (!follow) {
                    log.unfinished().lines().forEach(tail::add);
                }
                print(node, tail.subList(Math.max(0, tail.size() - lines), tail.size()));
            }
        }
        while (follow) {
            Pause.millis(POLL_MILLIS);
            for (int i = 0; i < logs.size(); i++) {
                print(nodes.get(i), logs.get(i).more().lines().toList());
            }
        }
        return ExitCode.OK.code();
    }

    private void print(int node, List<String> text) {
        String label = console.dim("node-" + node + " |");
        text.forEach(line -> console.result(label + " " + line));
    }
}
