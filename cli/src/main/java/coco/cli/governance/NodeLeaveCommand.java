package coco.cli.governance;

import coco.cli.console.Console;
import coco.governance.Action;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code coco node leave}. */
@Command(
        name = "leave",
        mixinStandardHelpOptions = true,
        description = "Proposes that a node leaves. Once members have accepted, the network goes on without it: it gets"
                + " no more blocks, secrets change, and its process ends by itself.")
final class NodeLeaveCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", description = "The node.")
    private String node = "";

    @Mixin
    private ProposalOptions proposal = new ProposalOptions();

    NodeLeaveCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return proposal.propose(console, List.of(new Action.RemoveNode(node)), node + " leaves");
    }
}
