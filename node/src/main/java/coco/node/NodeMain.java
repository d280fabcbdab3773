package coco.node;

import coco.ledgers.api.Faults;
import coco.node.config.Configuration;
import coco.node.config.ConfigurationException;
import coco.node.config.Keys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a node: {@code NodeMain --config FILE [--measured FILE] [--check]}. The measured file is part of the
 * attested image, whose launcher names it; only on the simulated platform one file may hold everything.
 *
 * <p>Ends with 0 after an orderly stop or a check without findings, with 1 if the node could not start or found itself
 * wrong, with 2 if it was called wrongly. SIGTERM and SIGINT stop it in order.
 */
public final class NodeMain {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMain.class);
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /** What a failed node gets for closing its files before the process ends regardless. */
    private static final long LAST_WORDS_SECONDS = 10;

    private NodeMain() {}

    /** Runs a node until it is told to stop. */
    public static void main(String[] arguments) {
        Logging.configure();
        List<String> words = List.of(arguments);
        boolean check = !words.isEmpty() && words.getLast().equals("--check");
        int named = words.size() - (check ? 1 : 0);
        boolean measured = named == 4 && words.get(2).equals("--measured");
        if (!(named == 2 || measured) || !words.getFirst().equals("--config")) {
            LOG.error("usage: NodeMain --config FILE [--measured FILE] [--check]");
            System.exit(USAGE);
        }
        System.exit(run(Path.of(words.get(1)), measured ? Path.of(words.get(3)) : null, check));
    }

    private static int run(Path file, @Nullable Path measured, boolean check) {
        try {
            Configuration configuration = measured == null
                    ? Configuration.parse(read(file, "--config"), true)
                    : Configuration.parse(read(file, "--config"), read(measured, "--measured"));
            if (measured == null && Machine.platformOf(configuration).isHardware()) {
                throw new NodeException("attestation.platform: on hardware measured keys come from the attested image;"
                        + " its launcher names their file with --measured");
            }
            if (check) {
                NodeStart.check(configuration);
                LOG.info("{} is in order", file);
                return 0;
            }
            Logging.configure(configuration);
            return serve(configuration);
        } catch (ConfigurationException refused) {
            refused.problems().forEach(problem -> LOG.error("{}: {}", file, problem));
        } catch (RuntimeException refused) {
            LOG.error("this node cannot start: {}", words(refused));
            LOG.debug("in detail", refused);
        }
        return FAILED;
    }

    private static String read(Path file, String option) {
        return new String(NodeFiles.read(file, NodeLimits.SMALL_FILE_BYTES_MAX, option), StandardCharsets.UTF_8);
    }

    /** Our own refusals say what to do; of anything else kind and place are what helps. */
    private static String words(RuntimeException refused) {
        return refused.getClass().getName().startsWith("coco.") && refused.getMessage() != null
                ? refused.getMessage()
                : Faults.withoutText(refused);
    }

    private static int serve(Configuration configuration) {
        TemporaryFolder temporary = TemporaryFolder.open(configuration.get(Keys.NODE_DATA_DIRECTORY));
        LOG.info("temporary files go to {}", temporary.path());
        Node node;
        try {
            node = Node.start(configuration, InstantSource.system(), new SecureRandom());
        } catch (RuntimeException refused) {
            temporary.close();
            throw refused;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                node.stop();
                                temporary.close();
                            } finally {
                                stopped.countDown();
                            }
                        },
                        "stop"));
        node.failure().join();
        // The hook closes what still can be closed; a node that is wrong may hang in that, and must end all the same.
        Thread.ofPlatform().name("last-words").daemon().start(() -> {
            try {
                if (!stopped.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                    Runtime.getRuntime().halt(FAILED);
                }
            } catch (InterruptedException hurried) {
                Runtime.getRuntime().halt(FAILED);
            }
        });
        return FAILED;
    }
}
