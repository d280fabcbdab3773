package coco.cli.evm;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.evm.fixtures.FixtureFile;
import coco.evm.fixtures.FixtureResult;
import coco.evm.fixtures.FixtureRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs fixtures, several files at a time, and reports in the order of the files. Holds few files at once: the next is
 * read only when a result has been taken.
 */
final class FixtureRun {
    /** Where files come from. */
    @FunctionalInterface
    interface Source {
        void forEach(Consumer<FixtureFile> each) throws IOException;
    }

    /** Files waiting or running per job: enough that no job waits for the reader. */
    private static final int AHEAD = 4;

    private final Console console;
    private final FixtureOptions options;
    private final List<Map<String, String>> records = new ArrayList<>();
    private long passed;
    private long failed;
    private long skipped;

    FixtureRun(Console console, FixtureOptions options) {
        this.console = console;
        this.options = options;
    }

    /** Runs everything and says how the process ends. */
    int run(FixtureRunner runner, List<Source> sources) {
        // Whoever cannot write there should hear it before the work.
        writeRecords();
        ExecutorService pool = Executors.newFixedThreadPool(options.jobs());
        Deque<Future<List<FixtureResult>>> running = new ArrayDeque<>();
        try {
            for (Source source : sources) {
                source.forEach(file -> {
                    if (running.size() >= options.jobs() * AHEAD) {
                        report(running.removeFirst());
                    }
                    running.add(pool.submit(() -> {
                        List<FixtureResult> results = new ArrayList<>();
                        try {
                            runner.run(file, results::add);
                        } catch (RuntimeException | Error e) {
                            results.add(FixtureResult.thrown(file.name(), e));
                        }
                        return results;
                    }));
                });
            }
            while (!running.isEmpty()) {
                report(running.removeFirst());
            }
        } catch (IOException e) {
            throw new CliException("the fixtures cannot be read: " + e.getMessage(), "Check the path.", e);
        } finally {
            pool.shutdownNow();
        }
        writeRecords();
        if (skipped > 0) {
            console.result(skipped + " skipped");
        }
        console.result(passed + " passed, " + failed + " failed");
        if (failed > 0) {
            return ExitCode.FAILED.code();
        }
        if (passed == 0) {
            console.note("Nothing was run: no test matches.");
            return ExitCode.INCOMPLETE.code();
        }
        return ExitCode.OK.code();
    }

    private void report(Future<List<FixtureResult>> results) {
        try {
            results.get().forEach(this::report);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", "", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a runner throws", e.getCause());
        }
        console.progress(passed + " passed, " + failed + " failed");
    }

    private void report(FixtureResult result) {
        switch (result) {
            case FixtureResult.Passed(String name) -> {
                passed++;
                record(name, "passed", "");
            }
            case FixtureResult.Failed(String name, String difference) -> {
                failed++;
                console.result(console.red("failed ") + name + ": " + difference);
                record(name, "failed", difference);
            }
            case FixtureResult.Skipped(String name, String reason) -> {
                skipped++;
                console.result(console.yellow("skipped ") + name + ": " + reason);
                record(name, "skipped", reason);
            }
        }
    }

    private void record(String name, String outcome, String reason) {
        if (options.json() != null) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("name", name);
            fields.put("outcome", outcome);
            if (!reason.isEmpty()) {
                fields.put("reason", reason);
            }
            records.add(fields);
        }
    }

    private void writeRecords() {
        Path file = options.json();
        if (file != null) {
            try {
                Files.writeString(
                        file,
                        JsonMapper.builder()
                                .build()
                                .writerWithDefaultPrettyPrinter()
                                .writeValueAsString(records));
            } catch (IOException e) {
                throw new CliException(file + " cannot be written: " + e.getMessage(), "Name another file.", e);
            }
        }
    }
}
