package coco.benchmarks.evm;

import coco.evm.types.Word;
import io.horizen.evm.Address;
import io.horizen.evm.Evm;
import io.horizen.evm.EvmContext;
import io.horizen.evm.ForkRules;
import io.horizen.evm.Hash;
import io.horizen.evm.Invocation;
import io.horizen.evm.MemoryDatabase;
import io.horizen.evm.StateDB;
import io.horizen.evm.results.InvocationResult;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;

/**
 * The EVM of geth, as a library of machine code in this process (io.horizen:libevm): a call from Java runs on the
 * thread that makes it, so one clock measures both. Around each call it reads and writes JSON, which {@link
 * Program#EMPTY} shows. Its collector has threads of its own, which are not counted, as ours are not.
 */
final class GethMachine implements Machine {
    private static final BigInteger GAS = BigInteger.valueOf(Program.GAS);
    private static final Address COINBASE = address(coco.evm.types.Address.of(2));
    private static final ForkRules PARIS = new ForkRules(false);

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final MemoryDatabase database = new MemoryDatabase();
    private final StateDB state = new StateDB(database, Hash.ZERO);
    private final EvmContext context = new EvmContext(
            BigInteger.ONE,
            COINBASE,
            GAS,
            BigInteger.ZERO,
            BigInteger.ONE,
            BigInteger.ONE,
            BigInteger.ZERO,
            new Hash(Word.ONE.toBytes32()),
            PARIS);

    GethMachine() {
        Address user = address(BenchmarkWorld.USER);
        state.addBalance(user, BigInteger.ONE.shiftLeft(40));
        state.setNonce(user, BigInteger.ONE);
        for (BenchmarkWorld.Contract contract : BenchmarkWorld.Contract.ALL) {
            Address address = address(contract.address());
            state.setNonce(address, BigInteger.ONE);
            state.setCode(address, contract.code());
        }
        for (BenchmarkWorld.Call call : BenchmarkWorld.SETUP) {
            begin(call);
            execute(call);
        }
        state.finalizeChanges();
    }

    private static Address address(coco.evm.types.Address address) {
        return new Address(address.bytes());
    }

    private void begin(BenchmarkWorld.Call call) {
        state.finalizeChanges();
        state.accessSetup(address(BenchmarkWorld.USER), address(call.target()), COINBASE, PARIS);
    }

    @Override
    public String name() {
        return "geth (libevm 1.1.0)";
    }

    @Override
    public Run run(Program program, int repetitions) {
        begin(program.call());
        long start = threads.getCurrentThreadCpuTime();
        InvocationResult result = runOnce(program);
        for (int i = 1; i < repetitions; i++) {
            result = runOnce(program);
        }
        long nanos = threads.getCurrentThreadCpuTime() - start;
        return new Run(Program.GAS - result.leftOverGas.longValueExact(), result.returnData, nanos);
    }

    private InvocationResult runOnce(Program program) {
        int snapshot = state.snapshot();
        InvocationResult result = execute(program.call());
        state.revertToSnapshot(snapshot);
        return result;
    }

    private InvocationResult execute(BenchmarkWorld.Call call) {
        Invocation invocation = new Invocation(
                address(BenchmarkWorld.USER), address(call.target()), BigInteger.ZERO, call.input(), GAS, false);
        InvocationResult result = Evm.Apply(state, invocation, context);
        if (!result.executionError.isEmpty()) {
            throw new IllegalStateException(call.target() + ": " + result.executionError);
        }
        return result;
    }

    @Override
    public void close() {
        try {
            state.close();
            database.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
