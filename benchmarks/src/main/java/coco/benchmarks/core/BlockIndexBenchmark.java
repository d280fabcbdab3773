package coco.benchmarks.core;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.evm.types.Address;
import coco.evm.types.Bloom;
import coco.evm.types.Header;
import coco.evm.types.Log;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.journal.HistoryIndex;
import coco.journal.JournalLimits;
import coco.journal.testing.FaultyStorage;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.ethereum.chain.BlockIndex;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the history index costs for each transaction, in blocks of 1,000 ERC-20 transfers between 100,000 accounts. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BlockIndexBenchmark {
    private static final int TRANSACTIONS = 1_000;
    private static final int ACCOUNTS = 100_000;
    private static final int BLOCKS = 100;

    private final Header header = header();
    private final List<LedgerBlock> blocks = blocks();

    private static Header header() {
        byte[] zeros = new byte[32];
        return new Header(
                zeros,
                Header.NO_OMMERS,
                Address.of(0),
                zeros,
                zeros,
                zeros,
                new Bloom(),
                Word.ZERO,
                1,
                0,
                0,
                0,
                new byte[0],
                zeros,
                new byte[8],
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static List<LedgerBlock> blocks() {
        Random random = new Random(1);
        byte[] event = Keccak256.hash(new byte[] {1});
        Transaction transaction = Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                .chainId(1337)
                .gasLimit(80_000)
                .to(JournalMaker.TOKEN)
                .data(new byte[68])
                .sign(Secp256k1.fastest(), JournalMaker.secret(1));
        List<LedgerBlock> blocks = new ArrayList<>();
        for (int block = 0; block < BLOCKS; block++) {
            List<LedgerBlock.Executed> executed = new ArrayList<>();
            for (int i = 0; i < TRANSACTIONS; i++) {
                List<byte[]> topics = List.of(event, account(random), account(random));
                Log log = new Log(JournalMaker.TOKEN, topics, new byte[32]);
                byte[] id = new byte[32];
                random.nextBytes(id);
                byte[] payload =
                        new ExecutedTransaction(transaction, Address.of(1), true, 50_000, List.of(log)).encode();
                executed.add(new LedgerBlock.Executed(id, id, payload, new byte[0]));
            }
            blocks.add(new LedgerBlock(executed, new byte[0], new byte[0]));
        }
        return blocks;
    }

    private static byte[] account(Random random) {
        byte[] hash = Keccak256.hash(
                ByteBuffer.allocate(4).putInt(random.nextInt(ACCOUNTS)).array());
        Arrays.fill(hash, 0, 12, (byte) 0);
        return hash;
    }

    /** The keys alone: what the ledger does when a block is applied. */
    @Benchmark
    @OperationsPerInvocation(BLOCKS * TRANSACTIONS)
    public int keys() {
        int count = 0;
        for (LedgerBlock block : blocks) {
            count += BlockIndex.keys(block, header).size();
        }
        return count;
    }

    /** Keys, fingerprints, memory, and the run that they become, in memory's storage. */
    @Benchmark
    @OperationsPerInvocation(BLOCKS * TRANSACTIONS)
    public HistoryIndex keysAndIndex() {
        HistoryIndex index = HistoryIndex.open(
                new FaultyStorage(new Random(1)), new byte[32], new SecureRandom(), JournalLimits.DEFAULT);
        for (int height = 0; height < BLOCKS; height++) {
            for (IndexKey key : BlockIndex.keys(blocks.get(height), header)) {
                index.add(key.kind(), key.key(), height, key.ordinal());
            }
            if (height == BLOCKS - 1) {
                index.endChunk();
            }
            index.endBlock(height);
        }
        index.maintain();
        return index;
    }
}
