package coco.evm;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.testing.CheckingTracer;
import coco.evm.testing.EvmFixture;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

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
}
