package coco.evm.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.BlockEnvironment;
import coco.evm.Tracer;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sender, some contracts, and transactions of 100,000 gas that somebody watches. */
final class TracedWorld {
    static final Address SENDER = Address.of(0xB5);
    static final Address A = Address.of(0xA0);
    static final Address B = Address.of(0xB0);
    static final Address COINBASE = Address.of(0xC0);
    static final long GAS = 100_000;

    final InMemoryWorld world = new InMemoryWorld();
    private final JournaledState state = new JournaledState(world, new CodeCache(1 << 20), 5);
    private final BlockEnvironment block =
            new BlockEnvironment(1, 1, 30_000_000, Word.of(7), Word.ONE, COINBASE, Word.ONE);
    private final TransactionExecutor executor;
    private long nonce;

    TracedWorld(Fork fork) {
        executor = new TransactionExecutor(ChainRules.of(1, fork), null);
        world.put(SENDER, 0, Word.of(1_000_000_000), new byte[0]);
    }

    TracedWorld with(Address address, String code) {
        world.put(address, 1, Word.ZERO, HexFormat.of().parseHex(code.replace(" ", "")));
        return this;
    }

    Outcome.Executed call(Tracer tracer, @Nullable Address to, long value, String data) {
        TransactionMessage tx = new TransactionMessage(
                Transaction.Type.DYNAMIC_FEE,
                SENDER,
                nonce++,
                GAS,
                Word.of(10),
                Word.of(1),
                to,
                Word.of(value),
                HexFormat.of().parseHex(data),
                List.of(),
                List.of(),
                List.of(),
                Word.ZERO);
        Outcome outcome = executor.trace(state, block, tx, block.gasLimit(), tracer, null);
        assertThat(outcome).isInstanceOf(Outcome.Executed.class);
        executor.commit(state, world);
        return (Outcome.Executed) outcome;
    }

    static String text(TraceResult result) {
        assertThat(result).isInstanceOf(TraceResult.Complete.class);
        return TraceJson.text(((TraceResult.Complete) result).json());
    }
}
