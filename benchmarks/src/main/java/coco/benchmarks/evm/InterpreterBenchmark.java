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
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Loops of about 100,000 rounds; every program is warmed up with all others. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class InterpreterBenchmark {
    private static final Address USER = Address.of(1);
    private static final long GAS = 1L << 40;
    private static final int WARM_UP_ROUNDS = 20;

    /** The loop that Besu, geth and our prototype were measured with, and four that stress something else. */
    public enum Program {
        /** MUL, ADD, SUB, SWAP, JUMPI: 4.6 million gas. */
        ARITHMETIC("6007620186a05b906003026005019060019003806100065700"),
        /** DUP, POP, AND, ISZERO: 5 million gas. */
        STACK("620186a05b60019003808080505064123456789a161550806100045700"),
        /** Keccak of 64 bytes that are never the same, 20,000 times: 1.6 million gas. */
        KECCAK("614e205b604060002060005260019003806100035700"),
        /** 256 by 128 bits, and a product modulo 128 bits: 50,000 times, 2.9 million gas. */
        DIVISION("61c3505b700123456789abcdef0123456789abcdef017" + "ff".repeat(32)
                + "f0550700123456789abcdef0123456789abcdef017" + "ff".repeat(32) + "f80095060019003806100035700"),
        /** MSTORE, MLOAD, SHL, SHR: 6 million gas. */
        MEMORY("620186a05b80604052604051508060031b60031c5060019003806100045700");

        private final String hex;

        Program(String hex) {
            this.hex = hex;
        }
    }

    @Param
    Program program = Program.ARITHMETIC;

    private final InMemoryWorld world = new InMemoryWorld();
    private final JournaledState state = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 1);
    private final Evm evm = new Evm(Fork.OSAKA, 1, null);
    private final BlockEnvironment block =
            new BlockEnvironment(1, 1, GAS, Word.ZERO, Word.ONE, Address.of(2), Word.ONE);
    private final TransactionContext context = new TransactionContext(USER, Word.ZERO, List.of());

    @Setup
    public void prepare() {
        for (Program each : Program.values()) {
            world.put(address(each), 1, Word.ZERO, HexFormat.of().parseHex(each.hex));
        }
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            for (Program each : Program.values()) {
                run(each);
            }
        }
    }

    private static Address address(Program program) {
        return Address.of(program.name().hashCode() & 0xFFFF_FFFFL);
    }

    private InvocationResult run(Program each) {
        state.beginTransaction();
        Invocation call = new Invocation(CallKind.CALL, USER, address(each), Word.ZERO, new byte[0], GAS);
        InvocationResult result = evm.execute(state, block, context, call, null);
        if (!result.halt().isSuccess()) {
            throw new IllegalStateException(each + ": " + result.halt());
        }
        return result;
    }

    @Benchmark
    public InvocationResult run() {
        return run(program);
    }
}
