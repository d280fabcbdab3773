package coco.evm.testing;

import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Cancellation;
import coco.evm.Evm;
import coco.evm.FrameGuard;
import coco.evm.Invocation;
import coco.evm.InvocationResult;
import coco.evm.Tracer;
import coco.evm.TransactionContext;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A world with some code in it, and calls into it. */
public final class EvmFixture {
    public static final Address USER = Address.of(0xACC);
    public static final Address CONTRACT = Address.of(0xC0DE);
    public static final BlockEnvironment BLOCK =
            new BlockEnvironment(1000, 1_700_000_000, 30_000_000, Word.ZERO, Word.of(77), Address.of(0xC01), Word.ONE);

    public final InMemoryWorld world = new InMemoryWorld();
    public final JournaledState state = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 42);
    private final Evm evm;
    public @Nullable Cancellation cancellation;
    public @Nullable Tracer tracer;

    public EvmFixture(Fork fork) {
        this(fork, null);
    }

    public EvmFixture(Fork fork, @Nullable FrameGuard guard) {
        evm = new Evm(fork, 1337, guard);
        world.put(USER, 0, Word.of(1_000_000_000_000L), new byte[0]);
    }

    public EvmFixture deploy(Address address, Assembler code) {
        world.put(address, 1, Word.ZERO, code.bytes());
        return this;
    }

    /** Starts a transaction and calls the contract; what it changed is still in the state. */
    public InvocationResult call(long gas, byte... data) {
        return call(CONTRACT, Word.ZERO, gas, data);
    }

    public InvocationResult call(Address target, Word value, long gas, byte... data) {
        state.beginTransaction();
        return invoke(new Invocation(CallKind.CALL, USER, target, value, data, gas));
    }

    public InvocationResult create(Address target, long gas, byte[] initCode) {
        state.beginTransaction();
        return invoke(new Invocation(CallKind.CREATE, USER, target, Word.ZERO, initCode, gas));
    }

    private InvocationResult invoke(Invocation invocation) {
        TransactionContext context = new TransactionContext(USER, Word.of(5), List.of());
        return evm.execute(state, BLOCK, context, invocation, cancellation, tracer);
    }

    /** The output of a call that returned one word. */
    public static Word word(InvocationResult result) {
        return Word.ofBytes32(result.output(), 0);
    }
}
