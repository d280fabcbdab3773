package coco.benchmarks.evm;

import coco.crypto.Keccak256;
import coco.evm.BlockEnvironment;
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
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Whole transactions: checks, execution, fees, commit into maps. One in 500 begins a block with an empty cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TransferBenchmark {
    private static final int ACCOUNTS = 100_000;
    private static final int BLOCK_TRANSACTIONS = 500;
    private static final long BLOCK_GAS = 1L << 40;
    private static final Address TOKEN = Address.of(0x70CE);
    /** The hand-written token of the module's tests: selector, mapping, event, revert. */
    private static final String TOKEN_CODE =
            "60003560e01c8063a9059cbb1461003a576370a08231146100205760006000fd5b600435600052600060205260406000205460005260"
                    + "206000f35b602435336000526000602052604060002080548281106100a757829003905560043560005260006020526040"
                    + "600020805482019055600052600435337fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
                    + "60206000a3600160005260206000f35b610bad60005260206000fd51";

    private final InMemoryWorld world = new InMemoryWorld();
    private final JournaledState state = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 1);
    private final TransactionExecutor executor = new TransactionExecutor(ChainRules.of(1, Fork.OSAKA), null);
    private final BlockEnvironment block =
            new BlockEnvironment(1, 1, BLOCK_GAS, Word.ZERO, Word.ONE, Address.of(2), Word.ONE);
    private final Address[] accounts = new Address[ACCOUNTS];
    private final long[] nonces = new long[ACCOUNTS];
    private final Random random = new Random(1);
    private int count;

    @Setup
    public void fill() {
        world.put(TOKEN, 1, Word.ZERO, HexFormat.of().parseHex(TOKEN_CODE));
        byte[] preimage = new byte[64];
        for (int i = 0; i < ACCOUNTS; i++) {
            accounts[i] = Address.of(random.nextInt(), random.nextLong(), random.nextLong());
            world.put(accounts[i], 0, Word.ONE, new byte[0]);
            accounts[i].writeTo(preimage, 12);
            world.slotChanged(TOKEN, Word.ofBytes(Keccak256.hash(preimage)), Word.of(1L << 40));
        }
    }

    private Outcome send(Address to, byte[] input) {
        if (++count % BLOCK_TRANSACTIONS == 0) {
            state.forget();
        }
        int payer = random.nextInt(ACCOUNTS);
        TransactionMessage tx = new TransactionMessage(
                Transaction.Type.DYNAMIC_FEE,
                accounts[payer],
                nonces[payer]++,
                100_000,
                Word.ZERO,
                Word.ZERO,
                to,
                Word.ZERO,
                input,
                List.of(),
                List.of(),
                List.of(),
                Word.ZERO);
        Outcome outcome = executor.execute(state, block, tx, BLOCK_GAS);
        executor.commit(state, world);
        return outcome;
    }

    @Benchmark
    public Outcome tokenTransfer() {
        byte[] input = new byte[68];
        input[0] = (byte) 0xA9;
        input[1] = 0x05;
        input[2] = (byte) 0x9C;
        input[3] = (byte) 0xBB;
        accounts[random.nextInt(ACCOUNTS)].writeTo(input, 16);
        input[67] = 1;
        return send(TOKEN, input);
    }

    @Benchmark
    public Outcome nativeTransfer() {
        return send(accounts[random.nextInt(ACCOUNTS)], new byte[0]);
    }
}
