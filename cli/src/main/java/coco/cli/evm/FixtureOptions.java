package coco.cli.evm;

import coco.cli.console.CliException;
import coco.evm.fixtures.RunnerOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all commands that run fixtures understand. */
final class FixtureOptions {
    /** More threads than any machine has processors. */
    private static final int JOBS_MAX = 1024;

    @Option(
            names = "--fork",
            paramLabel = "NAME",
            description = "Only cases of this fork, by the fixtures' name for it.")
    private @Nullable String fork;

    @Option(names = "--filter", paramLabel = "TEXT", description = "Only tests with this text in file or name.")
    private String filter = "";

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Files run at the same time; as many as there are processors if not given.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(names = "--guard", description = "With a frame guard that lets every frame in.")
    private boolean guard;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes what became of each case, for programs.")
    private @Nullable Path json;

    RunnerOptions runnerOptions() {
        RunnerOptions options = new RunnerOptions(fork, filter, null);
        return guard ? options.withAllowingGuard() : options;
    }

    int jobs() {
        if (jobs < 1 || jobs > JOBS_MAX) {
            throw CliException.usage(
                    "--jobs " + jobs + " is out of range", "Name a number from 1 to " + JOBS_MAX + ".");
        }
        return jobs;
    }

    @Nullable
    Path json() {
        return json;
    }
}
