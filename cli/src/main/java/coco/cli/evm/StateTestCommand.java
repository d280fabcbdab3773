package coco.cli.evm;

import coco.cli.console.Console;
import coco.evm.fixtures.StateTestRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code coco evm statetest}. */
@Command(
        name = "statetest",
        mixinStandardHelpOptions = true,
        description = "Runs state tests: one transaction on a given state.",
        footer = {"", "Exit code 0 all passed, 1 a case failed, 3 there was none."})
public final class StateTestCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private FixtureOptions options = new FixtureOptions();

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files, folders, or zip archives of them.")
    private List<Path> paths = new ArrayList<>();

    /** The command for a console. */
    public StateTestCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return new FixtureRun(console, options).run(new StateTestRunner(options.runnerOptions()), Sources.of(paths));
    }
}
