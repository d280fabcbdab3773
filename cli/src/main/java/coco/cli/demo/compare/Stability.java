package coco.cli.demo.compare;

import coco.crypto.Hex;
import coco.crypto.Sha256;
import coco.evm.BlockEnvironment;
import coco.evm.code.CodeCache;
import coco.evm.code.CodeInfo;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the transactions whose result depends on how a network cuts its blocks: on number, time or hash of the block
 * that they happen to be in. No two networks agree on these but by chance. Found by executing all of them in this
 * process, with the blocks cut in several ways: as Coco would, as stock Ethereum would, each transaction by itself, and
 * all together. The order is the same on both networks ({@link FullBlockQueue}).
 */
final class Stability {
    /** Any number; it only places entries in tables. */
    private static final long HASH_SEED = 13;

    private static final int ANCESTORS = 256;
    /** More than any block has room for. */
    private static final int ALL = 1_000_000;

    /** The end of 2026; which second does not matter, but it is long after all recorded ones. */
    private static final long START_SECONDS = 1_795_000_000L;

    private final MergedState state;
    private final Map<String, String> codes;
    private final ChainRules rules;
    private final List<Cut> cuts;

    /**
     * One way to cut.
     *
     * @param seed of the sizes
     * @param firstNumber of the first block
     * @param blocksPerSecond how many there are in a second
     * @param transactionsLeast a block has so many, or more,
     * @param transactionsMost up to so many
     * @param gasLimit of a block; what does not fit begins the next one
     * @param arrivedAtFirst how many are there when the first block is made; all are there after it
     */
    record Cut(
            long seed,
            long firstNumber,
            double blocksPerSecond,
            int transactionsLeast,
            int transactionsMost,
            long gasLimit,
            int arrivedAtFirst) {}

    /** Tries these cuts. */
    Stability(MergedState state, Map<String, String> codes, ChainRules rules, List<Cut> cuts) {
        this.state = state;
        this.codes = codes;
        this.rules = rules;
        this.cuts = List.copyOf(cuts);
    }

    /**
     * As Coco cuts, fast and slow, with full batches and smaller ones; as a network does that has blocks of so much gas
     * each so many seconds, wherever in such an interval the first transaction comes; and as far apart and as close
     * together as can be, for those that see whether an earlier one was in the same block.
     */
    static List<Cut> usual(int batch, long gasLimit, int blockSeconds) {
        List<Cut> cuts = new ArrayList<>();
        for (double perSecond : List.of(25.0, 12.0, 3.0)) {
            long seed = cuts.size();
            cuts.add(new Cut(seed, 200 + 70 * seed, perSecond, batch, batch, Long.MAX_VALUE, Integer.MAX_VALUE));
            cuts.add(new Cut(seed, 190 + 31 * seed, perSecond, 1, batch, Long.MAX_VALUE, Integer.MAX_VALUE));
        }
        for (int arrived : List.of(Integer.MAX_VALUE, 1, 30, 170, 640, 1_130)) {
            double slow = 1.0 / blockSeconds;
            cuts.add(new Cut(7, 2 + cuts.size(), slow, ALL, ALL, gasLimit, arrived));
        }
        for (double perSecond : List.of(1.0 / blockSeconds, 1.0, 100.0)) {
            cuts.add(new Cut(8, 260, perSecond, 1, 1, Long.MAX_VALUE, Integer.MAX_VALUE));
        }
        cuts.add(new Cut(9, 5, 1, ALL, ALL, Long.MAX_VALUE, Integer.MAX_VALUE));
        return List.copyOf(cuts);
    }

    /**
     * The positions of those whose results differ, or that some cut makes invalid.
     *
     * @param sent in the order in which they are sent
     */
    Set<Integer> unstable(List<SourceTransaction> sent) {
        List<SourceTransaction.@Nullable Outcome[]> results =
                cuts.parallelStream().map(cut -> execute(sent, cut)).toList();
        Set<Integer> unstable = new TreeSet<>();
        for (int i = 0; i < sent.size(); i++) {
            SourceTransaction.Outcome first = results.getFirst()[i];
            for (SourceTransaction.@Nullable Outcome[] result : results) {
                if (first == null || !first.equals(result[i])) {
                    unstable.add(i);
                }
            }
        }
        return unstable;
    }

    private SourceTransaction.@Nullable Outcome[] execute(List<SourceTransaction> sent, Cut cut) {
        Run run = new Run(sent, cut);
        int next = 0;
        for (long block = 0; next < sent.size(); block++) {
            int arrived = block == 0 ? cut.arrivedAtFirst() : Integer.MAX_VALUE;
            int after = run.block(block, next, arrived);
            if (after == next && arrived == Integer.MAX_VALUE) {
                break; // The next one fits into no block.
            }
            next = after;
        }
        return run.outcomes;
    }

    /** All blocks of one cut. */
    private final class Run {
        private final List<SourceTransaction> sent;
        private final Cut cut;
        private final InMemoryWorld world = world();
        private final JournaledState above =
                new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), HASH_SEED);
        private final TransactionExecutor executor = new TransactionExecutor(rules, null);
        private final Random sizes;
        private final SourceTransaction.@Nullable Outcome[] outcomes;

        Run(List<SourceTransaction> sent, Cut cut) {
            this.sent = sent;
            this.cut = cut;
            this.sizes = new Random(cut.seed());
            this.outcomes = new SourceTransaction.Outcome[sent.size()];
        }

        /** Makes a block of the next ones; gives the position after the last of them. */
        int block(long block, int first, int arrived) {
            BlockEnvironment environment = environment(cut, block, world);
            long gasLeft = cut.gasLimit();
            int room = sizes.nextInt(cut.transactionsLeast(), cut.transactionsMost() + 1);
            int position = first;
            while (position < Math.min(sent.size(), arrived)
                    && room > 0
                    && sent.get(position).transaction().gasLimit() <= gasLeft) {
                SourceTransaction source = sent.get(position);
                room--;
                TransactionMessage message = TransactionMessage.of(source.transaction(), source.sender());
                if (executor.execute(above, environment, message, gasLeft) instanceof Outcome.Executed executed) {
                    executor.commit(above, world);
                    gasLeft -= executed.gasUsed();
                    outcomes[position] = new SourceTransaction.Outcome(executed.isSuccess(), executed.gasUsed());
                }
                position++;
            }
            return position;
        }
    }

    private static BlockEnvironment environment(Cut cut, long block, InMemoryWorld world) {
        long number = cut.firstNumber() + block;
        byte[] drawn = Sha256.hash(ByteBuffer.allocate(16)
                .putLong(number)
                .putLong(Double.doubleToLongBits(cut.blocksPerSecond()))
                .array());
        world.putBlockHash(number - 1, drawn);
        if (block == 0) {
            for (long earlier = 2; earlier <= ANCESTORS && earlier <= number; earlier++) {
                world.putBlockHash(number - earlier, Sha256.hash(drawn, new byte[] {(byte) earlier}));
            }
        }
        return new BlockEnvironment(
                number,
                START_SECONDS + (long) (block / cut.blocksPerSecond()),
                cut.gasLimit(),
                Word.ZERO,
                Word.ofBytes32(drawn, 0),
                Address.ZERO,
                Word.ONE);
    }

    private InMemoryWorld world() {
        InMemoryWorld world = new InMemoryWorld();
        for (Map.Entry<Address, AccountState> entry : state.accounts().entrySet()) {
            put(world, codes, entry.getKey(), entry.getValue());
        }
        return world;
    }

    /** Puts an account with its code and slots into a world. */
    static void put(InMemoryWorld world, Map<String, String> codes, Address address, AccountState account) {
        String hash = account.codeHash();
        String code = hash == null ? null : codes.get(hash);
        byte[] bytes = code == null ? null : Hex.decode(code.substring(2));
        byte[] codeHash = bytes == null || hash == null ? CodeInfo.EMPTY_HASH : Hex.decode(hash.substring(2));
        world.accountChanged(address, account.nonce(), account.balance(), codeHash, bytes);
        account.storage().forEach((slot, value) -> world.slotChanged(address, slot, value));
    }
}
