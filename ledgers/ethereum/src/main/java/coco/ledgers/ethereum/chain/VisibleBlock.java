package coco.ledgers.ethereum.chain;

import coco.evm.transition.BlobParameters;
import coco.evm.types.Bloom;
import coco.evm.types.Header;
import coco.evm.types.Log;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.ethereum.access.Touched;
import java.util.ArrayList;
import java.util.List;

/**
 * A block made again of what one caller sees of it: the visible transactions, as if the block had no others, each with
 * its visible logs; and the visible logs of those that are hidden. Nothing hidden is in it, not even in parts that
 * nobody reads. One thread.
 */
final class VisibleBlock {
    private static final byte[] NOTHING = {};
    private static final byte[] NO_ROOT = new byte[32];

    private final Sight sight;
    private final ChainReader.Block whole;
    private final List<LedgerBlock.Executed> entries = new ArrayList<>();
    private final List<ChainReader.Writer> lone = new ArrayList<>();
    private final Bloom bloom = new Bloom();
    private long gasUsed;
    private long blobGasUsed;
    private boolean isComplete = true;
    private boolean isTraceable = true;

    VisibleBlock(Sight sight, ChainReader.Block whole) {
        this.sight = sight;
        this.whole = whole;
    }

    ChainReader.Block block() {
        whole.entries().transactions().forEach(this::add);
        // The price of blobs follows from what is not shown.
        Long excess = whole.header().excessBlobGas();
        isTraceable &= excess == null || excess == 0;
        // A block of which nothing is visible is as one that has nothing.
        boolean isEmpty = entries.isEmpty();
        Sight.Sums sums = new Sight.Sums(isComplete && !isEmpty, gasUsed, blobGasUsed, bloom);
        Header header = Sight.redacted(whole.header(), sums);
        return new ChainReader.Block(
                header,
                whole.hash(),
                whole.height(),
                new LedgerBlock(entries, header.encode(), NOTHING),
                whole.ommers(),
                whole.withdrawals(),
                lone,
                isTraceable || isEmpty);
    }

    private void add(LedgerBlock.Executed entry) {
        ExecutedTransaction executed = ExecutedTransaction.decode(entry.payload());
        long number = whole.header().number();
        List<Log> logs = executed.logs().stream()
                .filter(log -> sight.shows(log, executed, number))
                .toList();
        logs.forEach(bloom::add);
        isTraceable &= sight.showsExecution(executed, number);
        byte[] payload = visible(executed, logs).encode();
        if (sight.shows(executed, number)) {
            isComplete &= logs.size() == executed.logs().size();
            gasUsed += executed.gasUsed();
            blobGasUsed += BlobParameters.GAS_PER_BLOB
                    * executed.transaction().blobHashes().size();
            entries.add(new LedgerBlock.Executed(entry.id(), NOTHING, payload, NOTHING));
            return;
        }
        isComplete = false;
        if (!logs.isEmpty()) {
            lone.add(new ChainReader.Writer(entry.id(), entries.size(), ExecutedTransaction.logsAlone(logs), true));
        }
    }

    /** What is recorded of it beside what anybody reads who sees it is left out. */
    private static ExecutedTransaction visible(ExecutedTransaction executed, List<Log> logs) {
        return new ExecutedTransaction(
                executed.transaction(),
                executed.sender(),
                executed.success(),
                executed.gasUsed(),
                logs,
                executed.postState() == null ? null : NO_ROOT,
                Touched.NOTHING);
    }
}
