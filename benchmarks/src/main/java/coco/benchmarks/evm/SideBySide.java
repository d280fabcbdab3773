package coco.benchmarks.evm;

import coco.benchmarks.evm.Machine.Run;
import coco.evm.types.Fork;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Our machine, geth's and that of ethereumjs on the same {@link Program}s in one run, in turns, so that whatever else
 * the computer does meets all of them. Gas and output must be the same everywhere, or the run fails.
 *
 * <p>Times are processor time: the median of the runs, less what the same machine takes for {@link Program#EMPTY}, so
 * that no machine pays for how it is called. How to run: docs/benchmarks.md.
 */
public final class SideBySide {
    private static final String USAGE =
            "arguments: [--runs N] [--warmup-seconds N] [--peers DIR] [--only PROGRAM,PROGRAM] [--json FILE]";

    private final Options options;
    private final PrintStream out;
    private final List<Machine> machines = new ArrayList<>();
    private final Map<Program, List<long[]>> nanos = new EnumMap<>(Program.class);
    private final Map<Program, Run> expected = new EnumMap<>(Program.class);

    private SideBySide(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        SideBySide sideBySide = new SideBySide(Options.parse(arguments), System.out);
        try {
            sideBySide.open();
            sideBySide.warmUp();
            sideBySide.measure();
            sideBySide.report();
        } finally {
            for (Machine machine : sideBySide.machines) {
                machine.close();
            }
        }
    }

    private void open() {
        machines.add(new CocoMachine(Fork.PARIS));
        try {
            machines.add(new GethMachine());
        } catch (LinkageError e) {
            out.println("geth: skipped, its library does not load here: " + e.getMessage());
        }
        Path script = options.peers.resolve("ethereumjs.mjs");
        if (!Files.isDirectory(options.peers.resolve("node_modules"))) {
            out.println("ethereumjs: skipped, no node_modules in " + options.peers + " (npm ci)");
            return;
        }
        try {
            machines.add(new EthereumjsMachine(script));
        } catch (IOException e) {
            out.println("ethereumjs: skipped, " + e.getMessage());
        }
    }

    /** By time and not by rounds: the slowest machine is not the one that needs it most. */
    private void warmUp() {
        for (Machine machine : machines) {
            long end = System.nanoTime() + options.warmUpSeconds * 1_000_000_000L;
            do {
                for (Program program : options.programs) {
                    check(program, machine, machine.run(program, program.repetitions()));
                }
            } while (System.nanoTime() < end);
        }
    }

    private void check(Program program, Machine machine, Run run) {
        Run first = expected.putIfAbsent(program, run);
        if (first != null && (first.gasUsed() != run.gasUsed() || !Arrays.equals(first.output(), run.output()))) {
            throw new IllegalStateException(program + ": " + machines.getFirst().name() + " used " + first.gasUsed()
                    + " gas, " + machine.name() + " " + run.gasUsed() + "; the output is "
                    + (Arrays.equals(first.output(), run.output()) ? "the same" : "another"));
        }
    }

    private void measure() {
        for (Program program : options.programs) {
            List<long[]> runs = new ArrayList<>();
            for (int i = 0; i < machines.size(); i++) {
                runs.add(new long[options.runs]);
            }
            nanos.put(program, runs);
            for (int run = 0; run < options.runs; run++) {
                for (int i = 0; i < machines.size(); i++) {
                    Run result = machines.get(i).run(program, program.repetitions());
                    check(program, machines.get(i), result);
                    runs.get(i)[run] = result.cpuNanos() / program.repetitions();
                }
            }
        }
    }

    private long gasUsed(Program program) {
        return Objects.requireNonNull(expected.get(program)).gasUsed();
    }

    /** For each machine the processor time of each run, in nanoseconds. */
    private List<long[]> runsOf(Program program) {
        return Objects.requireNonNull(nanos.get(program));
    }

    private double micros(Program program, int machine) {
        double empty = program == Program.EMPTY ? 0 : median(Program.EMPTY, machine);
        return (median(program, machine) - empty) / 1000;
    }

    private double median(Program program, int machine) {
        long[] sorted = runsOf(program).get(machine).clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void report() throws IOException {
        out.printf("%-44s %12s", "processor time in microseconds", "gas");
        for (Machine machine : machines) {
            out.printf(" %22s", machine.name());
        }
        for (int i = 1; i < machines.size(); i++) {
            out.printf(" %8s", "ratio");
        }
        out.println();
        for (Program program : options.programs) {
            out.print(line(program));
        }
        if (options.json != null) {
            Files.writeString(options.json, json());
            out.println("written to " + options.json);
        }
    }

    private String line(Program program) {
        StringBuilder line = new StringBuilder();
        line.append(String.format(Locale.ROOT, "%-44s %12d", program.title(), gasUsed(program)));
        for (int i = 0; i < machines.size(); i++) {
            line.append(String.format(Locale.ROOT, " %22.2f", micros(program, i)));
        }
        for (int i = 1; i < machines.size(); i++) {
            line.append(String.format(Locale.ROOT, " %8.3f", micros(program, 0) / micros(program, i)));
        }
        return line.append('\n').toString();
    }

    private String json() {
        StringJoiner programs = new StringJoiner(",\n    ", "{\"programs\": [\n    ", "\n]}\n");
        for (Program program : options.programs) {
            StringJoiner times = new StringJoiner(", ", "{", "}");
            for (int i = 0; i < machines.size(); i++) {
                times.add(String.format(
                        Locale.ROOT, "\"%s\": %.3f", machines.get(i).name(), micros(program, i)));
            }
            programs.add(String.format(
                    Locale.ROOT,
                    "{\"program\": \"%s\", \"gas\": %d, \"runs\": %d, \"cpuMicros\": %s, \"cpuNanosOfRuns\": %s}",
                    program,
                    gasUsed(program),
                    options.runs,
                    times,
                    runsOf(program).stream().map(Arrays::toString).toList()));
        }
        return programs.toString();
    }

    /** What was asked for. */
    private static final class Options {
        int runs = 5;
        int warmUpSeconds = 15;
        Path peers = Path.of("benchmarks", "peers");

        @Nullable
        Path json;

        Set<Program> programs = EnumSet.allOf(Program.class);

        static Options parse(String[] arguments) {
            Options options = new Options();
            for (int i = 0; i < arguments.length; i += 2) {
                if (i + 1 == arguments.length) {
                    throw new IllegalArgumentException(USAGE);
                }
                options.set(arguments[i], arguments[i + 1]);
            }
            return options;
        }

        private void set(String option, String value) {
            switch (option) {
                case "--runs" -> runs = Integer.parseInt(value);
                case "--warmup-seconds" -> warmUpSeconds = Integer.parseInt(value);
                case "--peers" -> peers = Path.of(value);
                case "--json" -> json = Path.of(value);
                case "--only" -> {
                    programs = EnumSet.of(Program.EMPTY);
                    for (String name : value.split(",", -1)) {
                        programs.add(Program.valueOf(name));
                    }
                }
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
    }
}
