package coco.benchmarks.evm;

import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Evm;
import coco.evm.Invocation;
import coco.evm.InvocationResult;
import coco.evm.TransactionContext;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** Ours: the machine and its state, without the transition around it. */
final class CocoMachine implements Machine {
    private static final BlockEnvironment BLOCK =
            new BlockEnvironment(1, 1, Program.GAS, Word.ZERO, Word.ONE, Address.of(2), Word.ONE);

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final InMemoryWorld world = new InMemoryWorld();
    private final JournaledState state = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 1);
    private final TransactionContext context = new TransactionContext(BenchmarkWorld.USER, Word.ZERO, List.of());
    private final Evm evm;

    CocoMachine(Fork fork) {
        this.evm = new Evm(fork, 1, null);
        world.put(BenchmarkWorld.USER, 1, Word.of(1L << 40), new byte[0]);
        for (BenchmarkWorld.Contract contract : BenchmarkWorld.Contract.ALL) {
            world.put(contract.address(), 1, Word.ZERO, contract.code());
        }
        for (BenchmarkWorld.Call call : BenchmarkWorld.SETUP) {
            state.beginTransaction();
            execute(call);
            state.commitTransaction(true, world);
        }
    }

    @Override
    public String name() {
        return "Coco";
    }

    @Override
    public Run run(Program program, int repetitions) {
        long start = threads.getCurrentThreadCpuTime();
        InvocationResult result = run(program);
        for (int i = 1; i < repetitions; i++) {
            result = run(program);
        }
        long nanos = threads.getCurrentThreadCpuTime() - start;
        return new Run(Program.GAS - result.gasLeft(), result.output(), nanos);
    }

    /** Runs the program once and takes back what it did. */
    InvocationResult run(Program program) {
        state.beginTransaction();
        InvocationResult result = execute(program.call());
        state.rollBackTransaction();
        return result;
    }

    private InvocationResult execute(BenchmarkWorld.Call call) {
        InvocationResult result = evm.execute(
                state,
                BLOCK,
                context,
                new Invocation(CallKind.CALL, BenchmarkWorld.USER, call.target(), Word.ZERO, call.input(), Program.GAS),
                null);
        if (!result.halt().isSuccess()) {
            throw new IllegalStateException(call.target() + ": " + result.halt());
        }
        return result;
    }

    @Override
    public void close() {}
}
