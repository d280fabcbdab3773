package coco.benchmarks.evm;

import coco.evm.InvocationResult;
import coco.evm.types.Fork;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Whole {@link Program}s under the rules that Coco runs; every program is warmed up with all others. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ProgramBenchmark {
    private static final int WARM_UP_ROUNDS = 10;

    @Param
    Program program = Program.ARITHMETIC;

    private final CocoMachine machine = new CocoMachine(Fork.OSAKA);

    @Setup
    public void warmUp() {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            for (Program each : Program.values()) {
                machine.run(each, each.repetitions());
            }
        }
    }

    @Benchmark
    public InvocationResult run() {
        return machine.run(program);
    }
}
