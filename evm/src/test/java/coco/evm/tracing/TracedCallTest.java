package coco.evm.tracing;

import static coco.evm.tracing.TracedWorld.A;
import static coco.evm.tracing.TracedWorld.SENDER;
import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.BlockEnvironment;
import coco.evm.Halt;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Calls that are no transactions, and transactions that come to nothing. */
class TracedCallTest {
    private final InMemoryWorld world = new InMemoryWorld();
    private final JournaledState state = new JournaledState(world, new CodeCache(1 << 20), 5);
    private final BlockEnvironment block =
            new BlockEnvironment(1, 1, 30_000_000, Word.of(7), Word.ONE, Address.of(0xC0), Word.ONE);
    private final TransactionExecutor executor = new TransactionExecutor(ChainRules.of(1, Fork.OSAKA), null);

    private static TransactionMessage call() {
        return TransactionMessage.call(SENDER, A, Word.ZERO, new byte[0], 100_000);
    }

    @Test
    void shouldTraceACallThatIsTakenBack() {
        world.put(A, 1, Word.ZERO, HexFormat.of().parseHex("60075f5500"));
        PrestateTracer tracer = new PrestateTracer(new PrestateOptions(true, true, false, false), TraceLimits.DEFAULT);
        Outcome outcome = executor.simulate(state, block, call(), null, tracer);
        assertThat(outcome).isInstanceOf(Outcome.Executed.class);
        String post = "\"post\":{\"0x00000000000000000000000000000000000000a0\":{\"storage\":{\"0x" + "0".repeat(64)
                + "\":\"0x" + "0".repeat(63) + "7\"}}";
        assertThat(TracedWorld.text(tracer.result())).contains(post);
        assertThat(state.slot(state.account(A), Word.ZERO).isZero()).isTrue();
    }

    @Test
    void shouldGiveUpATracedTransactionWhenItsTimeIsOver() {
        world.put(A, 1, Word.ZERO, HexFormat.of().parseHex("5b5f56"));
        CallTracer tracer = new CallTracer(CallTracerOptions.DEFAULT, TraceLimits.DEFAULT);
        Outcome outcome = executor.trace(state, block, atBlockPrice(1 << 24), block.gasLimit(), tracer, () -> true);
        assertThat(((Outcome.Executed) outcome).halt()).isEqualTo(Halt.CANCELLED);
        assertThat(TracedWorld.text(tracer.result())).contains("\"error\":\"" + Halt.CANCELLED.text() + "\"");
        state.rollBackTransaction();
    }

    @Test
    void shouldTellNothingOfATransactionThatIsRejected() {
        CallTracer tracer = new CallTracer(CallTracerOptions.DEFAULT, TraceLimits.DEFAULT);
        Outcome outcome = executor.trace(state, block, atBlockPrice(20_000), block.gasLimit(), tracer, null);
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        assertThat(TracedWorld.text(tracer.result())).isEqualTo("{}");
    }

    /** A call at the price of the block, from an account that can pay it. */
    private TransactionMessage atBlockPrice(long gas) {
        world.put(SENDER, 0, Word.of(1_000_000_000), new byte[0]);
        TransactionMessage call = TransactionMessage.call(SENDER, A, Word.ZERO, new byte[0], gas);
        return new TransactionMessage(
                call.type(),
                call.sender(),
                call.nonce(),
                call.gasLimit(),
                Word.of(7),
                Word.of(7),
                call.to(),
                call.value(),
                call.data(),
                call.accessList(),
                call.authorizations(),
                call.blobHashes(),
                call.maxFeePerBlobGas());
    }
}
