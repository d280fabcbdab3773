package coco.client.recovery;

import coco.governance.document.Documents;
import coco.journal.BlockContent;
import coco.journal.Entry;
import coco.journal.JournalEntry;
import coco.journal.JournalReader;
import coco.journal.MalformedException;
import coco.journal.OpenResult;
import coco.journal.SealRoot;
import coco.journal.Section;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.SortedMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * The blocks of epochs that were opened, as lines of JSON: for each block one line, then for each ledger one with what
 * it wrote as a whole, followed by one for each of its transactions, in order. Bytes are lower-case hexadecimal; what a
 * payload means is the ledger's own.
 */
public final class OpenedEpochs {
    private final JournalReader journal;
    private final SortedMap<Long, SealRoot> roots;
    private long blocks;
    private long transactions;

    /**
     * @param journal that was proven
     * @param roots of the epochs that were opened, by their ids
     */
    public OpenedEpochs(JournalReader journal, SortedMap<Long, SealRoot> roots) {
        this.journal = journal;
        this.roots = roots;
    }

    /**
     * Writes them. Blocks of other epochs stay closed.
     *
     * @throws RecoveryException at the first block that does not open
     * @throws IOException if it cannot be written
     */
    public void write(Appendable out) throws IOException {
        try {
            journal.forEach(entry -> {
                SealRoot root = roots.get(entry.block().header().epoch());
                if (root != null) {
                    write(entry, root, out);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (MalformedException e) {
            throw new RecoveryException("the journal is damaged: " + e.getMessage(), e);
        }
    }

    private void write(JournalEntry entry, SealRoot root, Appendable out) {
        BlockContent content = switch (journal.open(entry.block(), root)) {
            case OpenResult.Opened opened -> opened.content();
            case OpenResult.Refusal refusal -> throw new RecoveryException(refusal.words());
        };
        blocks++;
        line(
                out,
                Documents.object()
                        .put("block", entry.height())
                        .put("epoch", root.epoch())
                        .put("timestampMillis", content.timestampMillis())
                        .put("headerHash", hex(entry.block().headerHash()))
                        .put("transactions", content.entryCount()));
        int ordinal = 0;
        for (Section section : content.sections()) {
            line(
                    out,
                    Documents.object()
                            .put("block", entry.height())
                            .put("ledger", section.ledger())
                            .put("blockPayload", hex(section.payload()))
                            .put("blockWrites", hex(section.writes())));
            for (Entry transaction : section.entries()) {
                transactions++;
                line(
                        out,
                        Documents.object()
                                .put("block", entry.height())
                                .put("ledger", section.ledger())
                                .put("ordinal", ordinal++)
                                .put("transaction", hex(transaction.id()))
                                .put("claims", hex(transaction.claims()))
                                .put("payload", hex(transaction.payload()))
                                .put("writes", hex(transaction.writes())));
            }
        }
    }

    private static void line(Appendable out, ObjectNode line) {
        try {
            out.append(line.toString()).append('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Blocks that were written. */
    public long blocks() {
        return blocks;
    }

    /** Transactions that were written. */
    public long transactions() {
        return transactions;
    }
}
