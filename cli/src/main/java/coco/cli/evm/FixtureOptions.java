package coco.cli.evm;

import coco.evm.fixtures.RunnerOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all commands that run fixtures understand. */
final class FixtureOptions {
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
        return Math.max(1, jobs);
    }

    @Nullable
    Path json() {
        return json;
    }
}
