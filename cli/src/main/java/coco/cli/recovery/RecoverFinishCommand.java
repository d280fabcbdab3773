package coco.cli.recovery;

import coco.attestation.Collateral;
import coco.attestation.platforms.EvidenceVerifiers;
import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.console.Pause;
import coco.cli.network.NodeJvm;
import coco.cli.network.NodeLog;
import coco.cli.network.NodePlace;
import coco.cli.network.NodeProcess;
import coco.crypto.Certificates;
import coco.node.NodeException;
import coco.node.Recovering;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco recover finish}. */
@Command(
        name = "finish",
        mixinStandardHelpOptions = true,
        description =
                "Takes ballots and shares of members. While there are too few it says what it waits for, and changes"
                        + " nothing. Then it opens the journal, begins the new generation, and starts the node.",
        footer = {"", "Exit code 0 done, 3 waits for more."})
final class RecoverFinishCommand implements Callable<Integer> {
    private static final long LOOK_AGAIN_MILLIS = 300;

    private final Console console;

    @Mixin
    private CopyOptions copies = new CopyOptions();

    @Mixin
    private PlaceOptions place = new PlaceOptions();

    @Option(names = "--ballot", paramLabel = "FILE", description = "A member's ballot; for each member.")
    private List<Path> ballots = List.of();

    @Option(names = "--share", paramLabel = "FILE", description = "A member's shares; for each member.")
    private List<Path> shares = List.of();

    @Option(names = "--collateral", paramLabel = "DIR", description = "The makers' statements, for hardware.")
    private @Nullable Path collateral;

    @Option(names = "--heap", paramLabel = "MIB", description = "The node's heap (default: ${DEFAULT-VALUE}).")
    private int heapMebibytes = NodeJvm.DEFAULT_HEAP_MEBIBYTES;

    RecoverFinishCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Collateral known = collateral == null ? Collateral.EMPTY : Collateral.ofFolder(collateral);
        NodePlace node = place.place(Certificates.toPem(copies.service()).getBytes(StandardCharsets.US_ASCII));
        Recovering.Outcome outcome;
        try {
            outcome = PlaceOptions.open(node)
                    .finish(
                            ballots.stream().map(CopyOptions::bytes).toList(),
                            shares.stream().map(CopyOptions::bytes).toList(),
                            new EvidenceVerifiers(InstantSource.system(), () -> known));
        } catch (NodeException refused) {
            throw new CliException(
                    "the service is not recovered: " + refused.getMessage(), "Nothing was begun.", refused);
        }
        return switch (outcome) {
            case Recovering.Outcome.Waiting(List<String> reasons) -> {
                reasons.forEach(reason -> console.result("waits for   " + reason));
                yield ExitCode.INCOMPLETE.code();
            }
            case Recovering.Outcome.Done(long height, String hash, int generation) -> {
                console.result("recovered   by block " + height + ", hash " + hash);
                console.result("generation  " + generation);
                yield start(node);
            }
        };
    }

    private int start(NodePlace place) {
        NodeProcess process = place.start(NodeJvm.sameAsThis(heapMebibytes));
        console.result("process     " + process.pid() + ", log " + place.log());
        while (process.isAlive()) {
            if (place.isReady()) {
                console.result("It serves. Other nodes may join: coco node join");
                return ExitCode.OK.code();
            }
            Pause.millis(LOOK_AGAIN_MILLIS);
        }
        throw new CliException(
                "the node ended\n" + NodeLog.lastLines(place.log(), 12), "Its whole log: " + place.log());
    }
}
