package coco.evm;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.testing.CheckingTracer;
import coco.evm.testing.EvmFixture;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is particular to single steps; that they mean what the fast loop means the public tests show. */
class TracingTest {
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

    @ParameterizedTest
    @CsvSource({
        // JUMPDEST and JUMP until no destination is left; JUMPI until its condition is zero; the same as the last byte.
        "600460045b56, 0 2 4 5 4 5 4 5, stack underflow (0 <=> 1)",
        "60006008600160085b5700, 0 2 4 6 8 9 8 9 10,",
        "60006008600160085b57, 0 2 4 6 8 9 8 9 10,",
        // A JUMPI right before the JUMPDEST it goes to, taken or not.
        "60016005575b00, 0 2 4 5 6,",
        "60006005575b00, 0 2 4 5 6,",
        // No destination: the JUMP itself, and behind the code, where a JUMP stands while it takes a step.
        "600256, 0 2, invalid jump destination",
        "602256, 0 2, invalid jump destination",
        "602356, 0 2, invalid jump destination",
        "6001602357, 0 2 4, invalid jump destination",
        "6001602457, 0 2 4, invalid jump destination",
    })
    void shouldTakeEveryRoundOfALoopAsStepsWhenItJumpsToRightBeforeItself(String hex, String pcs, String error) {
        byte[] code = HexFormat.of().parseHex(hex);
        for (long gas = 0; gas <= 100; gas++) {
            EvmFixture fixture = new EvmFixture(Fork.OSAKA);
            fixture.world.put(EvmFixture.CONTRACT, 1, Word.ZERO, code);
            CheckingTracer fast = new CheckingTracer(false);
            fixture.tracer = fast;
            InvocationResult expected = fixture.call(gas);
            CheckingTracer stepped = new CheckingTracer();
            fixture.tracer = stepped;
            InvocationResult result = fixture.call(gas);
            assertThat(result.halt()).as("with %d gas", gas).isEqualTo(expected.halt());
            assertThat(result.gasLeft()).as("with %d gas", gas).isEqualTo(expected.gasLeft());
            assertThat(stepped.summary()).as("with %d gas", gas).isEqualTo(fast.summary());
            assertThat(stepped.faultsAtEnd()).as("with %d gas", gas).isEmpty();
        }
        List<String> told = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        EvmFixture fixture = new EvmFixture(Fork.OSAKA);
        fixture.world.put(EvmFixture.CONTRACT, 1, Word.ZERO, code);
        fixture.tracer = new Tracer() {
            @Override
            public boolean wantsSteps() {
                return true;
            }

            @Override
            public void step(Step step) {
                told.add("" + step.pc());
            }

            @Override
            public void frameExited(FrameExit frame) {
                errors.add(frame.error());
            }
        };
        fixture.call(1000);
        assertThat(String.join(" ", told)).isEqualTo(pcs);
        assertThat(errors).containsExactly(error == null ? "" : error);
    }
}
