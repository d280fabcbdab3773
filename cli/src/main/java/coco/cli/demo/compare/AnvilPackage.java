package coco.cli.demo.compare;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Anvil, Foundry's Ethereum node, from npm: one version, whose files npm compares with the hashes of a lock file that
 * is part of this program. It is put into the user's cache once.
 */
final class AnvilPackage {
    /** As in {@code package.json} beside this class. */
    static final String VERSION = "1.7.1";

    private static final List<String> FILES = List.of("package.json", "package-lock.json");
    private static final long INSTALL_MINUTES = 5;

    private final Path cache;
    private final Console console;

    AnvilPackage(Path cache, Console console) {
        this.cache = cache;
        this.console = console;
    }

    /** The cache of the user, by the XDG base directory specification. */
    static Path cacheOf(Map<String, String> environment, Path home) {
        String named = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = named.isEmpty() ? home.resolve(".cache") : Path.of(named);
        return base.resolve("coco").resolve("anvil-" + VERSION);
    }

    /**
     * The program, installed if it is not there.
     *
     * @throws CliException npm is not there, or cannot install it
     */
    Path program() {
        Path found = installed();
        if (found != null) {
            return found;
        }
        console.note("fetching anvil " + VERSION + " from npm into " + cache);
        install();
        found = installed();
        if (found == null) {
            throw new CliException(
                    "npm has no anvil for this system",
                    "Name one with --anvil FILE, or another network with --baseline URL.");
        }
        return found;
    }

    private @Nullable Path installed() {
        Path scope = cache.resolve("node_modules").resolve("@foundry-rs");
        if (!Files.isDirectory(scope)) {
            return null;
        }
        try (Stream<Path> packages = Files.list(scope)) {
            return packages.map(each -> each.resolve("bin").resolve("anvil"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw new CliException(scope + " cannot be read: " + e.getMessage(), "Delete that folder.", e);
        }
    }

    private void install() {
        try {
            Files.createDirectories(cache);
            for (String file : FILES) {
                try (InputStream in = AnvilPackage.class.getResourceAsStream("anvil/" + file)) {
                    if (in == null) {
                        throw new IllegalStateException("anvil/" + file + " is missing from the jar");
                    }
                    Files.copy(in, cache.resolve(file), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Path log = cache.resolve("npm.log");
            Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .directory(cache.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!npm.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                npm.destroyForcibly();
                throw new CliException("npm could not install anvil", "See what it says in " + log + ".");
            }
        } catch (IOException e) {
            throw new CliException(
                    "anvil cannot be installed: " + e.getMessage(),
                    "Install npm, name a program with --anvil FILE, or another network with --baseline URL.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", "", e);
        }
    }
}
