package coco.cli;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.NetworkPlan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco init}. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Makes a network without starting it, so that its files can be looked at and changed first.",
        footer = {
            "",
            "development: anonymous reads, any sender, plain HTTP on loopback, well-known funded accounts.",
            "consortium:  none of that; nobody holds anything at the start, and nothing is taken before members have"
                    + " voted",
            "             to open the service. Nodes belong to the owners, who sign for them.",
            "Both run on the simulated platform, which protects nothing."
        })
final class InitCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private FoundingOptions options = new FoundingOptions();

    @Option(
            names = "--chain-id",
            paramLabel = "ID",
            description = "Of the Ethereum ledger (default: ${DEFAULT-VALUE}).")
    private long chainId = NetworkPlan.DEFAULT_CHAIN_ID;

    InitCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        options.found(chainId, null, console);
        return ExitCode.OK.code();
    }
}
