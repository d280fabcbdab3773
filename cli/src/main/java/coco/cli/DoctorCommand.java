package coco.cli;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.PortPlan;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Checks that this machine can run a network: Java, memory, ports, disk, clock.")
final class DoctorCommand implements Callable<Integer> {
    private static final long MEBIBYTE = 1024L * 1024;
    /** A few hours of a busy journal, and room to stop in order. */
    private static final long DISK_LEAST_MEBIBYTES = 2_048;
    /** No clock in order can stand before the code was written. */
    private static final Instant CLOCK_EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

    private final Console console;
    private boolean failed;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(names = "--nodes", paramLabel = "N", description = "Nodes to plan for (default: ${DEFAULT-VALUE}).")
    private int nodes = 3;

    @Option(names = "--port", paramLabel = "BASE", description = "First port (default: ${DEFAULT-VALUE}).")
    private int port = PortPlan.DEFAULT_BASE;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        java();
        memory();
        ports();
        disk();
        clock();
        return failed ? ExitCode.FAILED.code() : ExitCode.OK.code();
    }

    private void java() {
        report(
                Runtime.version().feature() >= 25,
                "Java",
                Runtime.version() + " in " + System.getProperty("java.home"),
                "Install a JDK 25 or newer, or name one in COCO_JAVA_HOME.");
    }

    private void memory() {
        Object system = java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof com.sun.management.OperatingSystemMXBean host) {
            long free = host.getFreeMemorySize() / MEBIBYTE;
            long total = host.getTotalMemorySize() / MEBIBYTE;
            report(
                    total >= 1_024L * nodes,
                    "Memory",
                    free + " of " + total + " MiB free, " + Runtime.getRuntime().availableProcessors() + " processors",
                    nodes + " nodes want about 1 GiB each; use fewer nodes.");
        }
    }

    private void ports() {
        List<PortPlan.Use> taken = new PortPlan(port).taken(nodes);
        report(
                taken.isEmpty(),
                "Ports",
                taken.isEmpty()
                        ? "all " + 4 * nodes + " from " + port + " are free"
                        : "taken: "
                                + String.join(
                                        ", ",
                                        taken.stream().map(DoctorCommand::words).toList()),
                "A network may be running already (coco status); otherwise choose another base with --port.");
    }

    private static String words(PortPlan.Use use) {
        return use.port() + " (" + use.purpose() + ")";
    }

    private void disk() {
        Path folder = directory.folder().root();
        while (!Files.exists(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        try {
            FileStore store = Files.getFileStore(folder);
            long free = store.getUsableSpace() / MEBIBYTE;
            report(
                    free >= DISK_LEAST_MEBIBYTES && Files.isWritable(folder),
                    "Disk",
                    free + " MiB free in " + folder + " (" + store.type() + ")",
                    "Make room, or put the network elsewhere with --dir; at least " + DISK_LEAST_MEBIBYTES
                            + " MiB and the right to write are needed.");
        } catch (IOException e) {
            report(
                    false,
                    "Disk",
                    folder + " cannot be examined: " + e.getMessage(),
                    "Choose another folder with --dir.");
        }
    }

    private void clock() {
        Instant now = Instant.now();
        report(
                now.isAfter(CLOCK_EARLIEST),
                "Clock",
                now.toString(),
                "Set the clock; certificates are judged by it, and nodes more than 2 s apart do not lead.");
    }

    private void report(boolean good, String what, String finding, String remedy) {
        console.result((good ? console.green("ok  ") : console.red("BAD ")) + what + ": " + finding);
        if (!good) {
            failed = true;
            console.result("    " + remedy);
        }
    }
}
