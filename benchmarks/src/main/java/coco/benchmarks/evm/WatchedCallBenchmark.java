package coco.benchmarks.evm;

import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Evm;
import coco.evm.FrameGuard;
import coco.evm.Invocation;
import coco.evm.InvocationResult;
import coco.evm.Step;
import coco.evm.Tracer;
import coco.evm.TransactionContext;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One call of a contract that stops at once, out of a loop of 10,000: what it costs to be guarded or watched. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WatchedCallBenchmark {
    private static final int CALLS = 10_000;
    private static final Address USER = Address.of(1);
    private static final Address LOOP = Address.of(0xA);
    private static final Address CALLEE = Address.of(0xB);
    private static final long GAS = 1L << 40;

    /** Who watches. */
    public enum Watch {
        /** Neither guard nor tracer. */
        NOBODY,
        /** A guard that lets every frame be entered. */
        GUARD,
        /** A tracer that hears of frames. */
        FRAMES,
        /** A tracer that hears of every instruction, of which there are 17 to a call. */
        STEPS
    }

    /** Hears everything and keeps a number. */
    private static final class CountingTracer implements Tracer {
        private final boolean steps;

        @SuppressWarnings("UnusedVariable") // Kept, so that there is something to do.
        private long count;

        CountingTracer(boolean steps) {
            this.steps = steps;
        }

        @Override
        public boolean wantsSteps() {
            return steps;
        }

        @Override
        public void step(Step step) {
            count += step.cost();
        }
    }

    @Param
    Watch watch = Watch.NOBODY;

    private final InMemoryWorld world = new InMemoryWorld();
    private final JournaledState state = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 1);
    private final BlockEnvironment block =
            new BlockEnvironment(1, 1, GAS, Word.ZERO, Word.ONE, Address.of(2), Word.ONE);
    private final TransactionContext context = new TransactionContext(USER, Word.ZERO, List.of());
    private Evm evm = new Evm(Fork.OSAKA, 1, null);
    private @Nullable CountingTracer tracer;

    @Setup
    public void prepare() {
        // A counter from 10,000 down to zero around CALL and POP.
        world.put(LOOP, 1, Word.ZERO, HexFormat.of().parseHex("6127105b5f5f5f5f5f600b5af1506001900380600357" + "00"));
        world.put(CALLEE, 1, Word.ZERO, new byte[] {0});
        FrameGuard guard = (user, caller, callee, code, selector, kind) -> callee.low() != 0;
        evm = new Evm(Fork.OSAKA, 1, watch == Watch.GUARD ? guard : null);
        tracer = watch == Watch.FRAMES || watch == Watch.STEPS ? new CountingTracer(watch == Watch.STEPS) : null;
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long call() {
        state.beginTransaction();
        Invocation call = new Invocation(CallKind.CALL, USER, LOOP, Word.ZERO, new byte[0], GAS);
        InvocationResult result = evm.execute(state, block, context, call, null, tracer);
        if (!result.halt().isSuccess()) {
            throw new IllegalStateException(result.halt().text());
        }
        return tracer == null ? result.gasLeft() : tracer.count;
    }
}
