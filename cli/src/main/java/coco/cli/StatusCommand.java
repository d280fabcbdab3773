package coco.cli;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code coco status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows what each node says about itself.",
        footer = {"", "Exit code 0 if all nodes are ready, 1 if none is, 3 if some are."})
final class StatusCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        LocalNetwork network = directory.network();
        List<NodeStatus> nodes = new ArrayList<>();
        for (int node = 1; node <= network.description().nodes(); node++) {
            nodes.add(network.status(node));
        }
        if (json) {
            console.result(asJson(network, nodes));
        } else {
            table(network, nodes);
        }
        long ready = nodes.stream().filter(NodeStatus::ready).count();
        if (ready == nodes.size()) {
            return ExitCode.OK.code();
        }
        return ready == 0 ? ExitCode.FAILED.code() : ExitCode.INCOMPLETE.code();
    }

    private void table(LocalNetwork network, List<NodeStatus> nodes) {
        String row = "%-5s %-9s %-8s %-9s %6s %9s  %s";
        console.result(
                console.bold(String.format(Locale.ROOT, row, "node", "state", "pid", "role", "term", "height", "RPC")));
        for (NodeStatus node : nodes) {
            console.result(String.format(
                    Locale.ROOT,
                    row,
                    node.node(),
                    word(node),
                    node.running() ? Long.toString(node.pid()) : "-",
                    node.field("role").toLowerCase(Locale.ROOT),
                    node.field("term"),
                    node.field("height"),
                    network.rpcUrl(node.node())));
        }
    }

    private static String word(NodeStatus node) {
        if (node.ready()) {
            return "ready";
        }
        return node.running() ? "not ready" : "stopped";
    }

    private static String asJson(LocalNetwork network, List<NodeStatus> nodes) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("directory", network.folder().root().toString());
        root.put("serviceCertificate", network.folder().serviceCertificate().toString());
        root.put("chainId", network.description().chainId());
        ArrayNode list = root.putArray("nodes");
        for (NodeStatus node : nodes) {
            ObjectNode entry = list.addObject();
            entry.put("node", node.node());
            entry.put("pid", node.pid());
            entry.put("ready", node.ready());
            entry.put("rpc", network.rpcUrl(node.node()).toString());
            entry.put("https", network.httpsUrl(node.node()).toString());
            entry.set("state", node.state());
        }
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }
}
