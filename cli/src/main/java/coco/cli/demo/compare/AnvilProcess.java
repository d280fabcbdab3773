package coco.cli.demo.compare;

import coco.cli.console.CliException;
import coco.cli.console.Pause;
import coco.client.ClientException;
import coco.client.JsonRpcClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running anvil with a genesis document, in memory, on loopback. */
final class AnvilProcess implements AutoCloseable {
    /** A document of 50 MB is read in seconds, on a busy machine. */
    private static final int LOOKS = 600;

    private static final long LOOK_MILLIS = 100;
    private static final long STOP_SECONDS = 5;

    private final Process process;
    private final URI url;
    private final Path folder;

    private AnvilProcess(Process process, URI url, Path folder) {
        this.process = process;
        this.url = url;
        this.folder = folder;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param genesis a document in geth's format
     * @throws CliException it cannot be started
     */
    static AnvilProcess start(Path program, String genesis, long chainId, BaselineSettings settings) {
        try {
            Path folder = Files.createTempDirectory("coco-baseline-");
            Path document = Files.writeString(folder.resolve("genesis.json"), genesis);
            int port = freePort();
            Process process = new ProcessBuilder(command(program, document, port, chainId, settings))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            AnvilProcess anvil = new AnvilProcess(process, URI.create("http://127.0.0.1:" + port), folder);
            anvil.awaitAnswer();
            return anvil;
        } catch (IOException e) {
            throw new CliException(
                    program + " cannot be started: " + e.getMessage(), "Name another with --anvil FILE.", e);
        }
    }

    private static List<String> command(Path program, Path genesis, int port, long chainId, BaselineSettings settings) {
        return List.of(
                program.toString(),
                "--init",
                genesis.toString(),
                "--port",
                Integer.toString(port),
                "--chain-id",
                Long.toString(chainId),
                "--block-time",
                Integer.toString(settings.blockSeconds()),
                "--gas-limit",
                Long.toString(settings.gasLimit()),
                "--base-fee",
                "0",
                "--hardfork",
                "osaka",
                // As they arrive, which is the order of their prices: see SendOrder.
                "--order",
                "fifo",
                "--accounts",
                "0",
                "--disable-default-create2-deployer",
                "--quiet");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitAnswer() {
        try (JsonRpcClient rpc = new JsonRpcClient(url)) {
            for (int look = 0; look < LOOKS && process.isAlive(); look++) {
                try {
                    rpc.result("eth_chainId");
                    return;
                } catch (ClientException notYet) {
                    Pause.millis(LOOK_MILLIS);
                }
            }
        }
        String log = lastWords();
        close();
        throw new CliException("anvil does not answer" + log, "Name another with --anvil FILE.");
    }

    private String lastWords() {
        try {
            String log = Files.readString(folder.resolve("log")).strip();
            return log.isEmpty() ? "" : ": " + log.substring(Math.max(0, log.length() - 400));
        } catch (IOException unreadable) {
            return "";
        }
    }

    URI url() {
        return url;
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
        try {
            Files.deleteIfExists(folder.resolve("genesis.json"));
            Files.deleteIfExists(folder.resolve("log"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
