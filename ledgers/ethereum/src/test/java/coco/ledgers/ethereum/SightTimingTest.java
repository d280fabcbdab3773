package coco.ledgers.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.Caller;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.ethereum.testing.Rpc;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether the time of an answer tells what is hidden from what is not there: pairs of requests in turns, by Welch's t,
 * which is below 4.5 where nothing can be told. The controls show that the same figures tell it where answers leave at
 * once.
 */
@Tag("long")
class SightTimingTest {
    private static final Caller OTHER = SightNetwork.user(SightNetwork.OTHER);
    private static final double LINE = 4.5;
    private static final int PAIRS = Integer.getInteger("coco.timing.pairs", 20_000);
    private static final int CLIENTS = 24;
    /** At once the difference is so large that few show it. */
    private static final int CONTROL_PAIRS = 2_000;

    private static final long GRID_MILLIS = 5;
    private static final long MOST_THINKING_NANOS = 1_000_000;

    /** Looks at the clock of the machine, and answers on a grid. */
    private static final class RealTime extends OtherContext {
        private final RpcSettings settings;

        RealTime(LedgerContext node, RpcSettings settings) {
            super(node);
            this.settings = settings;
        }

        @Override
        public RpcSettings settings() {
            return settings;
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }
    }

    /** Nanoseconds that answers of two kinds took. */
    private record Measured(long[] first, long[] second) {
        /** The largest |t| of all times, and of those below two quantiles, as outliers hide much. */
        double t() {
            long[] pooled = LongStream.concat(Arrays.stream(first), Arrays.stream(second))
                    .sorted()
                    .toArray();
            double most = 0;
            for (double quantile : new double[] {1, 0.99, 0.9}) {
                long bound = pooled[(int) (quantile * (pooled.length - 1))];
                most = Math.max(most, Math.abs(welch(below(first, bound), below(second, bound))));
            }
            return most;
        }

        double differenceMicros() {
            return (mean(second) - mean(first)) / 1_000;
        }

        private static double[] below(long[] nanos, long bound) {
            return Arrays.stream(nanos)
                    .filter(each -> each <= bound)
                    .asDoubleStream()
                    .toArray();
        }

        private static double mean(long[] nanos) {
            return Arrays.stream(nanos).average().orElseThrow();
        }

        private static double welch(double[] left, double[] right) {
            double leftMean = Arrays.stream(left).average().orElseThrow();
            double rightMean = Arrays.stream(right).average().orElseThrow();
            return (leftMean - rightMean)
                    / Math.sqrt(variance(left, leftMean) / left.length + variance(right, rightMean) / right.length);
        }

        private static double variance(double[] values, double mean) {
            return Arrays.stream(values)
                            .map(each -> (each - mean) * (each - mean))
                            .sum()
                    / (values.length - 1);
        }
    }

    /** One request of either kind, whose time counts. */
    private interface Kind {
        void ask();
    }

    private static void measure(Kind first, Kind second, int pairs, long seed, long[] one, long[] two, int at) {
        Random random = new Random(seed);
        for (int pair = 0; pair < pairs; pair++) {
            boolean isFirst = random.nextBoolean();
            for (int half = 0; half < 2; half++) {
                // Whoever listens asks at any time, and not right after an answer.
                LockSupport.parkNanos(random.nextLong(MOST_THINKING_NANOS));
                boolean asksFirst = isFirst == (half == 0);
                long start = System.nanoTime();
                (asksFirst ? first : second).ask();
                (asksFirst ? one : two)[at + pair] = System.nanoTime() - start;
            }
        }
    }

    private static Measured measure(Kind first, Kind second, int all, int clients) throws InterruptedException {
        int pairs = all / clients;
        Measured measured = new Measured(new long[pairs * clients], new long[pairs * clients]);
        List<Thread> threads = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            int number = client;
            threads.add(Thread.ofVirtual()
                    .start(() -> measure(
                            first, second, pairs, number, measured.first(), measured.second(), number * pairs)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return measured;
    }

    private static SightNetwork network(long gridMillis) {
        return new SightNetwork(node -> new RealTime(node, Rpc.withAnswerGrid(gridMillis)));
    }

    private static SightNetwork.Content content(SightNetwork network, String name) {
        return Objects.requireNonNull(network.contents.get(name));
    }

    private static Kind asking(SightNetwork network, String method, String content) {
        byte[] body = SightQuestions.lookup(method, content(network, content), OTHER);
        return () -> network.exchange(OTHER, body);
    }

    static List<String> methods() {
        return SightQuestions.LOOKUPS;
    }

    private static void warmUp(Kind... kinds) {
        for (int i = 0; i < 2_000; i++) {
            for (Kind kind : kinds) {
                kind.ask();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void shouldTakeAsLongForWhatIsHiddenAsForWhatIsNotThere(String method) throws InterruptedException {
        SightNetwork swift = network(0);
        Kind hidden = asking(swift, method, "unreadable");
        Kind absent = asking(swift, method, "nothing");
        warmUp(hidden, absent);
        Measured atOnce = measure(absent, hidden, CONTROL_PAIRS, 1);

        SightNetwork network = network(GRID_MILLIS);
        Measured onGrid =
                measure(asking(network, method, "nothing"), asking(network, method, "unreadable"), PAIRS, CLIENTS);
        System.out.printf(
                "%-28s on the grid |t| %5.2f (%+.1f µs)   at once |t| %7.2f (%+.1f µs)%n",
                method, onGrid.t(), onGrid.differenceMicros(), atOnce.t(), atOnce.differenceMicros());
        assertThat(atOnce.t()).as("control: what the grid hides").isGreaterThan(LINE);
        assertThat(onGrid.t()).isLessThan(LINE);
    }

    @Test
    void shouldNoticeOneLookupMore() throws InterruptedException {
        SightNetwork network = network(0);
        Kind plain = asking(network, "eth_getTransactionByHash", "nothing");
        byte[] hash =
                HexFormat.of().parseHex(content(network, "unreadable").hash().substring(2));
        Kind more = () -> {
            network.extra = hash;
            plain.ask();
            network.extra = null;
        };
        warmUp(plain, more);
        Measured mutant = measure(plain, more, CONTROL_PAIRS, 1);
        Measured same = measure(plain, plain, CONTROL_PAIRS, 1);
        System.out.printf("one lookup more: |t| %.2f, none: |t| %.2f%n", mutant.t(), same.t());
        assertThat(mutant.t()).isGreaterThan(LINE);
        assertThat(same.t()).isLessThan(LINE);
    }
}
