package coco.systemtests.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The verifier in docs/specs/verifier, which was written from the documents in another language. */
final class SecondVerifier {
    private static final Path FOLDER = Path.of(System.getProperty("coco.root", ".."), "docs", "specs", "verifier");
    private static final long PATIENCE_SECONDS = 180;

    private SecondVerifier() {}

    /** How it ended, and what it printed. */
    record Ended(int code, String printed) {}

    static boolean isInstalled() throws InterruptedException {
        try {
            return run(List.of("python3", "-c", "import cryptography")).code() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    static Ended run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("python3", FOLDER.resolve("coco_verify.py").toString()));
        command.addAll(List.of(words));
        return run(command);
    }

    /**
     * The same with something of it changed first: what it reads then differs from what lies on the disk.
     *
     * @param change Python; the verifier's module is {@code v}
     */
    static Ended changed(String change, String... words) throws IOException, InterruptedException {
        String program = "import sys\nsys.path.insert(0, '" + FOLDER.toAbsolutePath()
                + "')\nsys.dont_write_bytecode = True\nimport coco_verify as v\n" + change + "\nv.main()\n";
        List<String> command = new ArrayList<>(List.of("python3", "-c", program));
        command.addAll(List.of(words));
        return run(command);
    }

    private static Ended run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the second verifier does not end: " + printed);
        }
        return new Ended(process.exitValue(), printed);
    }
}
