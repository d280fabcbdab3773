package coco.cli.evm;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.evm.fixtures.MainnetRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code coco evm replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Executes real blocks of the main network on the state they ran on.",
        footer = {"", "Exit code 0 all passed, 1 a block failed, 3 there was none."})
public final class ReplayCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private FixtureOptions options = new FixtureOptions();

    @Parameters(paramLabel = "DIR", description = "Holds blocks/, witness/ and codes.json.gz.")
    private Path folder = Path.of("");

    /** The command for a console. */
    public ReplayCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!Files.isDirectory(folder)) {
            throw CliException.usage(folder + " is no folder", "Name the folder that holds blocks/ and witness/.");
        }
        Path codes = MainnetRunner.codes(folder);
        if (codes == null) {
            console.note("There is no codes.json.gz: blocks that call contracts will fail.");
        }
        MainnetRunner runner;
        try {
            runner = MainnetRunner.of(codes, options.runnerOptions());
        } catch (IOException e) {
            throw new CliException("the contracts' code cannot be read: " + e.getMessage(), "Check " + folder + ".", e);
        }
        return new FixtureRun(console, options).run(runner, List.of(each -> MainnetRunner.forEach(folder, each)));
    }
}
