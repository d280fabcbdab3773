package coco.evm.reference;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Fork;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The random programs of {@link EvmFuzzTest} on a machine that others wrote. */
@Tag("processes")
class EthereumJsTest {
    private static final long SEED = Long.getLong("coco.fuzz.seed", 20_261_123L);
    private static final long FIRST_ROUND = Long.getLong("coco.fuzz.round", 0);
    private static final long SECONDS = Long.getLong("coco.fuzz.seconds", 20);
    private static final long SHRINKING_SECONDS = 30;
    private static final BigInteger VALUE_MAX = BigInteger.TEN.pow(20);

    @Test
    void shouldAgreeWithEthereumJsWhateverTheProgram() throws IOException {
        Path folder = Path.of(System.getProperty("coco.root", ".."), "system-tests", "evm-peers");
        Assumptions.assumeTrue(
                Files.isDirectory(folder.resolve("node_modules")), () -> "npm ci was not run in " + folder);
        try (EthereumJs other = new EthereumJs(folder)) {
            EthereumJsComparison comparison = new EthereumJsComparison(other);
            long end = System.nanoTime() + SECONDS * 1_000_000_000L;
            long round = FIRST_ROUND;
            for (; System.nanoTime() - end < 0; round++) {
                check(comparison, round);
            }
            System.out.printf(
                    "fuzz: evm against %s, %,d rounds, %,d calls, known deviations in %d%n",
                    other.version, round - FIRST_ROUND, comparison.calls, comparison.knownDeviations);
            assertThat(comparison.calls).isPositive();
        }
    }

    private static void check(EthereumJsComparison comparison, long round) {
        Random random = new Random(SEED * 1_000_003 + round);
        Fork[] forks = Fork.values();
        Fork fork = random.nextInt(3) == 0 ? Fork.OSAKA : forks[random.nextInt(forks.length)];
        Scenario scenario = payable(new Scenarios(random, fork).next());
        String difference = comparison.difference(scenario);
        if (!difference.isEmpty()) {
            Scenario smallest = Shrinker.shrink(
                    scenario,
                    SHRINKING_SECONDS,
                    smaller -> !comparison.difference(smaller).isEmpty());
            throw new AssertionError("round %d (again: -Dcoco.fuzz.seed=%d -Dcoco.fuzz.round=%d): %s%nsmallest: %s%n%s"
                    .formatted(round, SEED, round, difference, comparison.difference(smallest), smallest));
        }
    }

    /** Value that the caller has: without it ethereumjs throws out of a creation, where ours answers. */
    private static Scenario payable(Scenario scenario) {
        List<Scenario.Call> calls = scenario.calls().stream()
                .map(call -> new Scenario.Call(
                        call.kind(), call.target(), call.value().min(VALUE_MAX), call.data(), call.gas(), call.warm()))
                .toList();
        return scenario.withCalls(calls);
    }
}
