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

/** Loops of one thing, 5,000 to 100,000 rounds; every program is warmed up with all others. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class InterpreterBenchmark {
    private static final Address USER = Address.of(1);
    private static final long GAS = 1L << 40;
    private static final int WARM_UP_ROUNDS = 20;
    /** A contract that stops at once, to be called. */
    private static final Address STOP = Address.of(0xE0);

    /** The loop that Besu, geth and our prototype were measured with, and others that stress something else. */
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
        MEMORY("620186a05b80604052604051508060031b60031c5060019003806100045700"),
        /** SHL, SHR, SAR, BYTE, SIGNEXTEND, LT, SLT of wide words, 20,000 times. */
        BITS("614e205b7f" + "89abcdef".repeat(8) + "8060a51b8160611c90508160051d1881601f1a81600f0b101281"
                + "60071b1050506001900380610003" + "5700"),
        /** SLOAD and SSTORE of one slot, 20,000 times. */
        STORAGE_WARM("614e205b60005460010160005560019003806100035700"),
        /** SLOAD and SSTORE of 20,000 slots that were zero, each cold. */
        STORAGE_COLD("614e205b8054600101815560019003806100035700"),
        /** STATICCALL of a contract that stops at once, 10,000 times. */
        CALLS("6127105b600080808060e05afa5060019003806100035700"),
        /** CREATE of a contract of one byte, 5,000 times. */
        CREATES("6460016000f36000526113885b6005601b6000f0506001900380" + "61000c5700");

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
        world.put(STOP, 1, Word.ZERO, new byte[1]);
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
        state.rollBackTransaction();
        return result;
    }

    @Benchmark
    public InvocationResult run() {
        return run(program);
    }
}
