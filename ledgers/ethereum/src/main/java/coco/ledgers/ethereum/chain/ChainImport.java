package coco.ledgers.ethereum.chain;

import coco.evm.code.CodeCache;
import coco.evm.transition.BlockExecutor;
import coco.evm.transition.BlockOutcome;
import coco.evm.transition.Outcome;
import coco.evm.types.Block;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.MalformedException;
import coco.evm.types.Receipt;
import coco.evm.types.Transaction;
import coco.kv.Draft;
import coco.ledgers.api.HistoryImport;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerException;
import coco.ledgers.ethereum.access.Touched;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Executes the blocks of another network's chain, one by one, and compares all that their headers commit to. What is
 * wrong with a block is said in the exception, and the draft is then for nothing.
 */
public final class ChainImport implements HistoryImport {
    /** A block's ommers have parents among its last seven ancestors. */
    private static final int ANCESTORS = 8;

    private final Genesis genesis;
    private final BlockFile file;
    private final InstantSource clock;
    private final BlockExecutor executor;
    private final ImportWorld world = new ImportWorld();
    /** Nearest first. */
    private final ArrayDeque<Block> ancestors = new ArrayDeque<>();

    /**
     * An import into a chain that has only its first block.
     *
     * @param hashSeed a number that nobody outside knows
     * @param clock says which rules the first block of our own will have
     * @throws LedgerException if the history cannot be read at all
     */
    public ChainImport(Genesis genesis, InputStream history, long hashSeed, InstantSource clock) {
        this.genesis = genesis;
        this.clock = clock;
        this.executor = new BlockExecutor(
                genesis.config().schedule(),
                new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES),
                hashSeed,
                null,
                genesis.policy());
        try {
            this.file = new BlockFile(history);
        } catch (IOException e) {
            throw new LedgerException("the file of blocks cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public @Nullable LedgerBlock next(Draft state) throws IOException {
        Head head = Head.of(state);
        Item item = read();
        if (ancestors.isEmpty()) {
            ancestors.addFirst(first(head.header()));
            if (item != null && item.block.header().number() == head.number()) {
                checkSame(item.block.header(), head);
                item = read();
            }
        }
        if (item == null) {
            checkEnd(head);
            return null;
        }
        Block block = item.block;
        checkFollows(block.header(), head);
        world.open(state);
        return switch (executor.execute(block, item.encodedBytes, this::ancestor, world)) {
            case BlockOutcome.Invalid invalid ->
                throw new LedgerException(
                        name(block.header()) + " is not valid, " + invalid.fault() + ": " + invalid.message());
            case BlockOutcome.Valid valid -> keep(block, valid, state);
        };
    }

    /** A block of the file. */
    private record Item(Block block, int encodedBytes) {}

    private @Nullable Item read() throws IOException {
        byte[] encoded = file.next();
        if (encoded == null) {
            return null;
        }
        try {
            return new Item(Block.decode(encoded), encoded.length);
        } catch (MalformedException e) {
            long after = ancestors.isEmpty() ? 0 : ancestors.getFirst().header().number();
            throw new LedgerException(
                    "what follows block " + Long.toUnsignedString(after) + " is no block: " + e.getMessage(), e);
        }
    }

    private static Block first(Header header) {
        return new Block(header, List.of(), List.of(), header.withdrawalsRoot() == null ? null : List.of());
    }

    private @Nullable Block ancestor(byte[] hash) {
        for (Block block : ancestors) {
            if (Arrays.equals(block.header().hash(), hash)) {
                return block;
            }
        }
        return null;
    }

    private static void checkSame(Header theirs, Head ours) {
        if (!Arrays.equals(theirs.hash(), ours.hash())) {
            throw new LedgerException("the history begins with the block " + hex(theirs.hash())
                    + ", but the genesis document makes " + hex(ours.hash()));
        }
    }

    /** The state is that of the head: a block of another ancestor is no block of this chain. */
    private static void checkFollows(Header header, Head head) {
        if (!Arrays.equals(header.parentHash(), head.hash())) {
            throw new LedgerException(name(header) + " does not follow block " + Long.toUnsignedString(head.number())
                    + " (" + hex(head.hash()) + "): its parent is " + hex(header.parentHash()));
        }
    }

    private static String name(Header header) {
        return "block " + Long.toUnsignedString(header.number()) + " (" + hex(header.hash()) + ")";
    }

    private LedgerBlock keep(Block block, BlockOutcome.Valid valid, Draft state) {
        Head head = Head.of(block.header());
        Genesis.Imported imported = genesis.imported();
        String difference = imported == null ? null : imported.difference(head.header());
        if (difference != null) {
            throw new LedgerException(difference);
        }
        List<LedgerBlock.Executed> entries =
                new ArrayList<>(block.transactions().size());
        byte[] writes = world.finish(state, head);
        for (int i = 0; i < block.transactions().size(); i++) {
            Transaction transaction = block.transactions().get(i);
            Outcome.Executed executed = valid.executions().get(i);
            Receipt receipt = valid.receipts().get(i);
            byte[] payload = new ExecutedTransaction(
                            transaction,
                            valid.senders().get(i),
                            executed.isSuccess(),
                            executed.gasUsed(),
                            executed.logs(),
                            receipt.postState(),
                            Touched.NOTHING)
                    .encode();
            entries.add(new LedgerBlock.Executed(
                    transaction.hash(),
                    ExecutedTransaction.claims(transaction.hash(), receipt.encode()),
                    payload,
                    world.transactionWrites().get(i)));
        }
        ancestors.addFirst(block);
        if (ancestors.size() > ANCESTORS) {
            ancestors.removeLast();
        }
        return new LedgerBlock(entries, BlockPayload.encode(block), writes);
    }

    private void checkEnd(Head head) {
        Genesis.Imported imported = genesis.imported();
        if (imported != null && imported.number() != head.number()) {
            throw new LedgerException("the history ends with block " + Long.toUnsignedString(head.number())
                    + ", not with block " + Long.toUnsignedString(imported.number()) + " as the constitution says");
        }
        long now = Math.max(head.header().timestamp(), clock.millis() / 1_000);
        if (!genesis.next(head.header(), now).rules().fork().has(Fork.PARIS)) {
            throw new LedgerException("the history ends before the merge (block " + Long.toUnsignedString(head.number())
                    + "), and nobody mines here");
        }
    }

    private static String hex(byte[] hash) {
        return "0x" + HexFormat.of().formatHex(hash);
    }
}
