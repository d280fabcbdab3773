package coco.cli;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.evm.EvmCommand;
import coco.client.ClientException;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** Where the {@code coco} launcher enters. */
public final class Main {
    private static final String DEBUG = "COCO_DEBUG";

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Console console = Console.ofProcess(environment);
        System.exit(run(console, environment, arguments));
    }

    /** Runs one command and gives its exit code. */
    public static int run(Console console, Map<String, String> environment, String... arguments) {
        boolean debug = !environment.getOrDefault(DEBUG, "").isEmpty();
        // Describing a command loads what it knows; who asks for the machine alone need not wait for a node's classes.
        boolean evm = arguments.length > 0 && arguments[0].equals("evm");
        Object root = evm ? new EvmOnly() : new CocoCommand(console);
        CommandLine line = new CommandLine(root, new CommandFactory(console));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(console.interactive() ? Ansi.AUTO : Ansi.OFF));
        line.setExitCodeExceptionMapper(Main::exitCode);
        line.setParameterExceptionHandler((e, args) -> usage(console, e));
        line.setExecutionExceptionHandler((e, command, result) -> {
            explain(console, e, debug);
            return exitCode(e);
        });
        return line.execute(arguments);
    }

    /** {@code coco} as far as {@code coco evm} needs it. */
    @Command(name = "coco", subcommands = EvmCommand.class)
    private static final class EvmOnly {}

    private static int exitCode(Throwable e) {
        return e instanceof CliException failure ? failure.exitCode().code() : ExitCode.FAILED.code();
    }

    private static int usage(Console console, ParameterException e) {
        console.failure(String.valueOf(e.getMessage()), "");
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        console.note("      See: " + command + " --help");
        return ExitCode.USAGE.code();
    }

    private static void explain(Console console, Exception e, boolean debug) {
        switch (e) {
            case CliException failure -> console.failure(message(failure), failure.remedy());
            case ClientException failure ->
                console.failure(message(failure), "See whether the network runs with: coco status");
            default ->
                console.failure(
                        "a mistake in Coco itself: " + e,
                        "Please report it, with the output of the same command under " + DEBUG + "=1.");
        }
        if (debug) {
            e.printStackTrace();
        }
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }
}
