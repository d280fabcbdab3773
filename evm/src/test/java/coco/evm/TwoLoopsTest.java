package coco.evm;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.testing.CheckingTracer;
import coco.evm.testing.EvmFixture;
import coco.evm.testing.Fixtures;
import coco.evm.testing.RecordedChanges;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The loop that takes single steps means what the fast one means. */
class TwoLoopsTest {
    private static final CodeCache CODES = new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES);

    /** Those that loop for long are left to {@link #shouldEndEveryLegacyVmTestThatTakesLongInBothLoopsAlike}. */
    @Test
    void shouldEndEveryLegacyVmTestInBothLoopsAlike() {
        assertThat(compare(false)).isGreaterThan(480);
    }

    @Test
    @Tag("long")
    void shouldEndEveryLegacyVmTestThatTakesLongInBothLoopsAlike() {
        assertThat(compare(true)).isPositive();
    }

    /** How many tests ended alike. */
    private static int compare(boolean takingLong) {
        List<String> differences = new ArrayList<>();
        int[] tests = {0};
        Fixtures.forEach("legacy-vm-tests.zip", name -> name.contains("VMTests/"), (name, file) -> {
            if (name.contains("vmPerformance") != takingLong) {
                return;
            }
            for (Map.Entry<String, JsonNode> test : file.properties()) {
                CheckingTracer tracer = new CheckingTracer();
                String fast = run(test.getValue(), null);
                String stepped = run(test.getValue(), tracer);
                tests[0]++;
                if (!fast.equals(stepped)) {
                    differences.add(test.getKey() + ": " + stepped + " instead of " + fast);
                }
                tracer.faults.forEach(fault -> differences.add(test.getKey() + ": " + fault));
            }
        });
        assertThat(differences).as("of %d tests", tests[0]).isEmpty();
        return tests[0];
    }

    /** Exit, gas, output, logs and every change of the state as text. */
    private static String run(JsonNode test, @Nullable CheckingTracer tracer) {
        InMemoryWorld world = Fixtures.world(test.get("pre"));
        JournaledState state = new JournaledState(world, CODES, 1);
        JsonNode exec = test.get("exec");
        JsonNode env = test.get("env");
        state.beginTransaction();
        byte[] input = Fixtures.bytes(exec.get("data"));
        InvocationResult result = new Evm(Fork.FRONTIER, 1, null)
                .execute(
                        state,
                        new BlockEnvironment(
                                Fixtures.number(env.get("currentNumber")),
                                Fixtures.number(env.get("currentTimestamp")),
                                Fixtures.number(env.get("currentGasLimit")),
                                Word.ZERO,
                                Fixtures.word(env.get("currentDifficulty")),
                                Fixtures.address(env.get("currentCoinbase")),
                                Word.ZERO),
                        new TransactionContext(
                                Fixtures.address(exec.get("origin")), Fixtures.word(exec.get("gasPrice")), List.of()),
                        new Invocation(
                                CallKind.CALL,
                                Fixtures.address(exec.get("caller")),
                                Fixtures.address(exec.get("address")),
                                Word.ZERO,
                                input,
                                Fixtures.number(exec.get("gas"))),
                        null,
                        tracer);
        if (tracer != null) {
            tracer.faultsAtEnd();
        }
        String logs = HexFormat.of().formatHex(Fixtures.encodeLogs(state.logs()));
        RecordedChanges changes = new RecordedChanges();
        state.commitTransaction(false, changes);
        return "%s %d %s %s %s"
                .formatted(
                        result.halt(),
                        result.gasLeft(),
                        HexFormat.of().formatHex(result.output()),
                        logs,
                        changes.lines());
    }

    @Test
    void shouldLeaveTheCodeItselfToInstructionsThatReadIt() {
        // Returns its own first six bytes, which are not what is run while it takes single steps.
        EvmFixture fixture = new EvmFixture(Fork.OSAKA);
        byte[] code = HexFormat.of().parseHex("6006600060003960066000f3");
        fixture.world.put(EvmFixture.CONTRACT, 1, Word.ZERO, code);
        fixture.tracer = new CheckingTracer();
        assertThat(HexFormat.of().formatHex(fixture.call(1000).output())).isEqualTo("600660006000");
    }

    @Test
    void shouldRunFastWhatIsLeftWhenTheTracerHasHadEnough() {
        // Adds up 1 to 10 in a loop; the tracer leaves in the middle, at every step in turn.
        byte[] code = HexFormat.of().parseHex("5f600a5b8082019150600190038061000357505f5260205ff3");
        EvmFixture fixture = new EvmFixture(Fork.OSAKA);
        fixture.world.put(EvmFixture.CONTRACT, 1, Word.ZERO, code);
        InvocationResult fast = fixture.call(10_000);
        assertThat(EvmFixture.word(fast)).isEqualTo(Word.of(55));
        for (int limit = 0; limit < 150; limit++) {
            int wanted = limit;
            int[] told = {0};
            fixture.tracer = new Tracer() {
                @Override
                public boolean wantsSteps() {
                    return told[0] < wanted;
                }

                @Override
                public void step(Step step) {
                    told[0]++;
                }
            };
            InvocationResult stepped = fixture.call(10_000);
            assertThat(stepped.output()).as("left after %d", limit).isEqualTo(fast.output());
            assertThat(stepped.gasLeft()).as("left after %d", limit).isEqualTo(fast.gasLeft());
        }
    }
}
