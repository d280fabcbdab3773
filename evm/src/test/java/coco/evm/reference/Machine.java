package coco.evm.reference;

import coco.evm.CallKind;
import coco.evm.Evm;
import coco.evm.Invocation;
import coco.evm.InvocationResult;
import coco.evm.Tracer;
import coco.evm.TransactionContext;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine that is tested, on the world of a scenario: begin, run and end for each of its calls. */
final class Machine {
    static final Word GAS_PRICE = Word.of(0x1_0000_0007L);
    static final List<byte[]> BLOB_HASHES = List.of(Word.of(1L << 56, 0, 0, 1).toBytes32());
    static final TransactionContext TRANSACTION = new TransactionContext(Scenario.CALLER, GAS_PRICE, BLOB_HASHES);

    private static final CodeCache CODES = new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES);

    private final Fork fork;
    private final Evm evm;
    private final @Nullable Tracer tracer;
    final InMemoryWorld world;
    final JournaledState state;

    /**
     * The machine before the first call.
     *
     * @param tracer watches every step, which makes it run another loop; null for nobody
     */
    Machine(Scenario scenario, @Nullable Tracer tracer) {
        this.tracer = tracer;
        this.fork = scenario.fork();
        this.evm = new Evm(fork, Scenario.CHAIN_ID, null);
        this.world = scenario.world();
        this.state = new JournaledState(world, CODES, 42);
    }

    /** What a transaction does before its message: it raises the caller's nonce and makes addresses warm. */
    void begin(Scenario.Call call) {
        state.beginTransaction();
        JournaledAccount caller = state.account(Scenario.CALLER);
        state.setNonce(caller, caller.nonce() + 1);
        if (fork.has(Fork.BERLIN)) {
            for (Address address : call.warm()) {
                state.warm(state.account(address));
            }
        }
    }

    /** The message of a call, after {@link #begin}. */
    Invocation invocation(Scenario.Call call) {
        long nonce = state.account(Scenario.CALLER).nonce() - 1;
        Address target = call.kind() == CallKind.CREATE
                ? PlainEvm.createAddress(Scenario.CALLER, BigInteger.valueOf(nonce))
                : call.target();
        return new Invocation(call.kind(), Scenario.CALLER, target, Word.of(call.value()), call.data(), call.gas());
    }

    InvocationResult run(Invocation invocation) {
        return evm.execute(state, Scenario.BLOCK, TRANSACTION, invocation, null, tracer);
    }

    /** Puts what changed into the world. */
    void end() {
        state.commitTransaction(fork.has(Fork.SPURIOUS_DRAGON), world);
    }
}
