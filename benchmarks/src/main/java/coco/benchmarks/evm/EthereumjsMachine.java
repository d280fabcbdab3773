package coco.benchmarks.evm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * The EVM of ethereumjs in a process of Node, told by lines what to do ({@code peers/ethereumjs.mjs}). It measures
 * itself, by the processor time of its process: the collector is part of that.
 */
final class EthereumjsMachine implements Machine {
    private static final HexFormat HEX = HexFormat.of();
    private static final long STOP_SECONDS = 10;

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final String version;

    /**
     * Starts it.
     *
     * @param script {@code ethereumjs.mjs}, with its modules installed
     * @throws IOException if there is no Node, or it did not start as expected
     */
    EthereumjsMachine(Path script) throws IOException {
        this.process = new ProcessBuilder("node", script.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
        this.questions = process.outputWriter(StandardCharsets.US_ASCII);
        this.version = answer();
        for (BenchmarkWorld.Contract contract : BenchmarkWorld.Contract.ALL) {
            ask("put", contract.address().hex(), HEX.formatHex(contract.code()));
        }
        for (BenchmarkWorld.Call call : BenchmarkWorld.SETUP) {
            ask("setup", call.target().hex(), HEX.formatHex(call.input()));
        }
    }

    @Override
    public String name() {
        return version;
    }

    @Override
    public Run run(Program program, int repetitions) {
        BenchmarkWorld.Call call = program.call();
        try {
            String[] answer = ask(
                    "run",
                    call.target().hex(),
                    HEX.formatHex(call.input()),
                    Long.toString(Program.GAS),
                    Integer.toString(repetitions));
            return new Run(
                    Long.parseLong(answer[0]),
                    HEX.parseHex(answer[1]),
                    TimeUnit.MICROSECONDS.toNanos(Long.parseLong(answer[2])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String[] ask(String... words) throws IOException {
        questions.write(String.join(" ", words) + "\n");
        questions.flush();
        String answer = answer();
        if (!answer.startsWith("ok")) {
            throw new IOException(words[0] + " " + words[1] + ": " + answer);
        }
        return answer.substring(2).strip().split(" ", -1);
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("node ended");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
