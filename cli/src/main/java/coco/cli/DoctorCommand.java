package coco.cli;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.NetworkPlan;
import coco.cli.network.PortPlan;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Checks that this machine can run a network: Java, memory, ports, disk, fsync, clock.")
final class DoctorCommand implements Callable<Integer> {
    private static final long MEBIBYTE = 1024L * 1024;
    /** A few hours of a busy journal, and room to stop in order. */
    private static final long DISK_LEAST_MEBIBYTES = 2_048;
    /** The same that the launcher and the build ask for. */
    private static final int JAVA_LEAST = 25;
    /** Half of what a commit on an idle network may take. */
    private static final long SYNC_SLOW_MICROS = 5_000;
    /** No disk that keeps what it was given is as fast. */
    private static final long SYNC_FREE_MICROS = 20;
    /** No clock in order can stand before the code was written. */
    private static final Instant CLOCK_EARLIEST = Instant.parse("2026-01-01T00:00:00Z");
    /** File systems round times, and some hosts serve them. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

    private static final String CLOCK_REMEDY =
            "Set the clock: certificates are judged by it, and blocks carry its time."
                    + " It stands before this program, or this network, was made.";

    private final Console console;
    private boolean failed;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(names = "--nodes", paramLabel = "N", description = "Nodes to plan for (default: ${DEFAULT-VALUE}).")
    private int nodes = NetworkPlan.DEFAULT_NODES;

    @Option(names = "--port", paramLabel = "BASE", description = "First port (default: ${DEFAULT-VALUE}).")
    private int port = PortPlan.DEFAULT_BASE;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (nodes < 1 || nodes > PortPlan.NODES_MAX) {
            throw CliException.usage(
                    nodes + " nodes cannot be", "Choose 1 to " + PortPlan.NODES_MAX + " with --nodes.");
        }
        java();
        memory();
        ports();
        Path folder = existingFolder();
        disk(folder);
        sync(folder);
        clock();
        return failed ? ExitCode.FAILED.code() : ExitCode.OK.code();
    }

    private void java() {
        report(
                Runtime.version().feature() >= JAVA_LEAST,
                "Java",
                Runtime.version() + " in " + System.getProperty("java.home"),
                "Install a JDK " + JAVA_LEAST + " or newer, or name one in COCO_JAVA_HOME.");
    }

    private void memory() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean host) {
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

    /** The network's folder, or the nearest one above it that is there already: they share a disk. */
    private Path existingFolder() {
        Path folder = directory.folder().root();
        while (!Files.isDirectory(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return folder;
    }

    private void disk(Path folder) {
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

    private void sync(Path folder) {
        try {
            long micros = SyncProbe.medianMicros(folder, System::nanoTime);
            String finding = String.format(Locale.ROOT, "%.2f ms to make a write durable in %s", micros / 1e3, folder);
            if (micros > SYNC_SLOW_MICROS) {
                warn("Fsync", finding, "Every commit waits for this; a network on a faster disk answers sooner.");
            } else if (micros < SYNC_FREE_MICROS) {
                warn("Fsync", finding, "So fast is only memory: what nodes write here is gone with the power.");
            } else {
                report(true, "Fsync", finding, "");
            }
        } catch (IOException e) {
            report(
                    false,
                    "Fsync",
                    "nothing can be written in " + folder + ": " + e.getMessage(),
                    "Choose another folder with --dir.");
        }
    }

    private void clock() {
        Instant now = Instant.now();
        report(clockMayBeRight(now), "Clock", now.toString(), CLOCK_REMEDY);
    }

    /** No file of the network was written, and no certificate of it begins, later than now. */
    private boolean clockMayBeRight(Instant now) {
        if (now.isBefore(CLOCK_EARLIEST)) {
            return false;
        }
        Instant latest = now.plus(CLOCK_TOLERANCE);
        Path certificate = directory.folder().serviceCertificate();
        try {
            if (!Files.exists(certificate)) {
                return true;
            }
            X509Certificate service = Certificates.fromPem(Files.readString(certificate));
            boolean written = Files.getLastModifiedTime(certificate).toInstant().isBefore(latest);
            return written && service.getNotBefore().toInstant().isBefore(latest);
        } catch (IOException | CryptoException e) {
            // A certificate that cannot be read says nothing about the clock; coco up says what is wrong with it.
            return true;
        }
    }

    private void warn(String what, String finding, String advice) {
        console.result(console.yellow("warn") + " " + what + ": " + finding);
        console.result("    " + advice);
    }

    private void report(boolean good, String what, String finding, String remedy) {
        console.result((good ? console.green("ok  ") : console.red("BAD ")) + " " + what + ": " + finding);
        if (!good) {
            failed = true;
            console.result("    " + remedy);
        }
    }
}
