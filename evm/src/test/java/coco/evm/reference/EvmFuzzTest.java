package coco.evm.reference;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.CallKind;
import coco.evm.Halt;
import coco.evm.Tracer;
import coco.evm.testing.Assembler;
import coco.evm.testing.EvmFixture;
import coco.evm.types.Fork;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random programs on the machine and on the plain one. Each round has a seed of its own. {@code -Dcoco.fuzz.seconds},
 * {@code -Dcoco.fuzz.seed} and {@code -Dcoco.fuzz.round} as everywhere.
 */
class EvmFuzzTest {
    private static final long SEED = Long.getLong("coco.fuzz.seed", 20_261_123L);
    private static final long FIRST_ROUND = Long.getLong("coco.fuzz.round", 0);
    private static final long SECONDS = Long.getLong("coco.fuzz.seconds", 0);
    private static final int ROUNDS = 2_000;
    /** What every opcode is executed at least in so many rounds: the fuzzer forgets none. */
    private static final int EXECUTIONS_MIN = 100;

    /** One in so many scenarios is run by the loop for tracers. */
    private static final int WATCHED = 4;

    /** How often a scenario is run again with less gas than it used. */
    private static final int STARVATIONS = 3;

    private static final long SHRINKING_SECONDS = 20;

    private final Map<Halt, Integer> halts = new EnumMap<>(Halt.class);
    private final Map<Opcode, Integer> executions = new EnumMap<>(Opcode.class);

    /** One round; the difference with all it takes to see it again, or nothing. */
    @FunctionalInterface
    private interface Round {
        String run(Random random);
    }

    @Test
    void shouldAgreeWithThePlainMachineWhateverTheProgram() {
        long rounds = fuzz("machine", ROUNDS, random -> {
            Fork fork = fork(random);
            return round(random, fork, new Gas(fork), new Arithmetic());
        });
        if (rounds >= ROUNDS) {
            assertThat(halts).containsKeys(reachable());
            assertThat(executions).containsKeys(Opcode.values());
            assertThat(executions)
                    .as("%s", executions)
                    .allSatisfy((_, count) -> assertThat(count).isGreaterThan(EXECUTIONS_MIN));
        }
    }

    @Test
    void shouldAgreeWithThePlainTransitionWhateverTheTransaction() {
        int[] counts = new int[2];
        fuzz("transition", ROUNDS / 2, random -> {
            Fork fork = fork(random);
            Scenario scenario = new Scenarios(random, fork).next();
            TransactionComparison comparison = new TransactionComparison(new Gas(fork), random.nextLong());
            String difference = comparison.difference(scenario);
            counts[0] += comparison.executed;
            counts[1] += comparison.rejected;
            return difference.isEmpty() ? "" : smallest(difference, scenario, comparison::difference);
        });
        assertThat(counts[0]).as("executed; %d rejected", counts[1]).isGreaterThan(counts[1]);
    }

    @Test
    void shouldAgreeWhereCallsAreAsDeepAsTheyMayBe() {
        // Calls itself with all gas, then leaves what came of it and how much gas there was in storage and a log.
        Assembler code = new Assembler().push(32).push(0).push(0).push(0).push(0);
        code.op(Opcode.ADDRESS.value, Opcode.GAS.value, Opcode.CALL.value, Opcode.GAS.value, Opcode.SSTORE.value);
        code.op(Opcode.MSIZE.value).push(0).op(Opcode.LOG.value);
        Scenario.Contract contract =
                new Scenario.Contract(EvmFixture.CONTRACT, 1, BigInteger.ZERO, Program.of(code.bytes()), Map.of());
        Scenario.Call call = new Scenario.Call(
                CallKind.CALL, EvmFixture.CONTRACT, BigInteger.ZERO, new byte[0], 1L << 50, List.of());
        for (Fork fork : Fork.values()) {
            Scenario scenario = new Scenario(fork, List.of(contract), List.of(call));
            assertThat(LargeStack.call(() -> new Comparison(new Gas(fork), new Arithmetic()).difference(scenario)))
                    .as(fork.name())
                    .isEmpty();
        }
    }

    private static Halt[] reachable() {
        List<Halt> reachable = new ArrayList<>(List.of(Halt.values()));
        // Two that only calls inside of programs meet, one that nobody asks for, and one that needs a guard.
        reachable.removeAll(List.of(Halt.DEPTH, Halt.NONCE_OVERFLOW, Halt.CANCELLED, Halt.ACCESS_DENIED));
        return reachable.toArray(new Halt[0]);
    }

    /** Runs so many rounds, or as many as there is time for. */
    private long fuzz(String target, int rounds, Round toRun) {
        long done = LargeStack.call(() -> {
            long end = System.nanoTime() + SECONDS * 1_000_000_000L;
            long round = FIRST_ROUND;
            while (SECONDS == 0 ? round - FIRST_ROUND < rounds : System.nanoTime() - end < 0) {
                String difference = toRun.run(new Random((SEED * 1_000_003 + round) ^ target.hashCode()));
                if (!difference.isEmpty()) {
                    throw new AssertionError("%s, round %d (again: -Dcoco.fuzz.seed=%d -Dcoco.fuzz.round=%d): %s"
                            .formatted(target, round, SEED, round, difference));
                }
                round++;
            }
            return round - FIRST_ROUND;
        });
        if (SECONDS > 0) {
            System.out.printf("fuzz: evm %s, %,d rounds, %s%n", target, done, halts);
        }
        return done;
    }

    /** The newest more often than the others. */
    private static Fork fork(Random random) {
        Fork[] forks = Fork.values();
        return random.nextInt(3) == 0 ? Fork.OSAKA : forks[random.nextInt(forks.length)];
    }

    /** One scenario, and again with less gas; the difference with all it takes to see it again, or nothing. */
    private String round(Random random, Fork fork, Gas gas, Arithmetic arithmetic) {
        Scenario scenario = new Scenarios(random, fork).next();
        Tracer tracer = random.nextInt(WATCHED) == 0 ? () -> true : null;
        Comparison comparison = new Comparison(gas, arithmetic, tracer);
        String difference = comparison.difference(scenario);
        long used = comparison.gasUsed;
        for (int i = 0; i < STARVATIONS && difference.isEmpty() && used > 0; i++) {
            scenario = starved(scenario, random.nextLong(used));
            difference = comparison.difference(scenario);
        }
        comparison.halts.forEach((halt, count) -> halts.merge(halt, count, Integer::sum));
        comparison.executions.forEach((opcode, count) -> executions.merge(opcode, count, Integer::sum));
        return difference.isEmpty()
                ? ""
                : smallest(
                        difference, scenario, smaller -> new Comparison(gas, arithmetic, tracer).difference(smaller));
    }

    private static String smallest(String difference, Scenario scenario, Function<Scenario, String> comparison) {
        Scenario smallest = Shrinker.shrink(
                scenario,
                SHRINKING_SECONDS,
                smaller -> !comparison.apply(smaller).isEmpty());
        return difference + "\nsmallest: " + comparison.apply(smallest) + "\n" + smallest;
    }

    private static Scenario starved(Scenario scenario, long gas) {
        List<Scenario.Call> calls = new ArrayList<>(scenario.calls());
        calls.set(calls.size() - 1, calls.getLast().withGas(gas));
        return scenario.withCalls(calls);
    }

    // ---- the control: mistakes that must be found ----

    /** A wrong rule, and the fork it is planted in. */
    enum Mistake {
        CLEARING_REFUNDS_ONE_MORE(Fork.OSAKA),
        MEMORY_COPY_COSTS_NOTHING_BY_WORD(Fork.OSAKA),
        COLD_SLOT_IS_CHEAPER(Fork.BERLIN),
        CALL_TAKES_ALL_GAS(Fork.TANGERINE_WHISTLE),
        NEW_HEIR_IS_FREE(Fork.TANGERINE_WHISTLE),
        SHIFT_BY_255_IS_SHIFT_BY_254(Fork.CONSTANTINOPLE);

        private final Fork fork;

        Mistake(Fork fork) {
            this.fork = fork;
        }

        private boolean is(Mistake other) {
            return this == other;
        }
    }

    private static Gas gas(Mistake mistake) {
        return new Gas(mistake.fork) {
            @Override
            long clearRefund() {
                return super.clearRefund() + (mistake.is(Mistake.CLEARING_REFUNDS_ONE_MORE) ? 1 : 0);
            }

            @Override
            long memoryCopyWord() {
                return mistake.is(Mistake.MEMORY_COPY_COSTS_NOTHING_BY_WORD) ? 0 : super.memoryCopyWord();
            }

            @Override
            long coldSlot() {
                return super.coldSlot() - (mistake.is(Mistake.COLD_SLOT_IS_CHEAPER) ? 1 : 0);
            }

            @Override
            long forCall(long left) {
                return mistake.is(Mistake.CALL_TAKES_ALL_GAS) ? left : super.forCall(left);
            }

            @Override
            long newHeir() {
                return mistake.is(Mistake.NEW_HEIR_IS_FREE) ? 0 : super.newHeir();
            }
        };
    }

    private static Arithmetic arithmetic(Mistake mistake) {
        return new Arithmetic() {
            @Override
            BigInteger apply(Opcode opcode, BigInteger a, BigInteger b) {
                boolean wrong = mistake.is(Mistake.SHIFT_BY_255_IS_SHIFT_BY_254)
                        && opcode == Opcode.SAR
                        && a.equals(BigInteger.valueOf(255));
                return super.apply(opcode, wrong ? BigInteger.valueOf(254) : a, b);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindAMistakeWithinSoManyProgramsAndMakeItSmall(Mistake mistake) {
        String found = LargeStack.call(() -> {
            for (int round = 0; round < 20 * ROUNDS; round++) {
                String difference = round(new Random(round), mistake.fork, gas(mistake), arithmetic(mistake));
                if (!difference.isEmpty()) {
                    return "round " + round + ": " + difference;
                }
            }
            return "";
        });
        assertThat(found).contains("as the plain machine says");
        String smallest = found.substring(found.indexOf("smallest: "));
        assertThat(smallest.lines().count()).as(smallest).isLessThan(100);
    }
}
