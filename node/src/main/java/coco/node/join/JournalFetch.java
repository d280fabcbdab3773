package coco.node.join;

import coco.governance.Constitution;
import coco.governance.GovernanceMaps;
import coco.governance.document.DocumentException;
import coco.journal.BlockHeader;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.ReadResult;
import coco.journal.SealedBlock;
import coco.kv.MalformedWriteSetException;
import coco.kv.WriteSet;
import coco.node.channel.JournalRange;
import coco.node.channel.TransferClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Fetches the journal that a newcomer lacks into its own, from where that ends. Each block must follow the last one by
 * height and hash and be of this network; the digests of all constitutions on the way are compared with the one that
 * the operator approved. What needs keys (signatures, evidence, content) is checked over the whole journal by whoever
 * opens it, before anything is served.
 */
public final class JournalFetch {
    private final Journal journal;
    private final byte[] serviceId;
    private final byte[] approved;
    private byte[] head = new byte[32];
    private boolean seenApproved;

    /**
     * A fetch into a journal, which may hold the beginning already.
     *
     * @param approved digest of a constitution that this network must have had, 32 bytes
     */
    public JournalFetch(Journal journal, byte[] serviceId, byte[] approved) {
        this.journal = journal;
        this.serviceId = serviceId.clone();
        this.approved = approved.clone();
    }

    /**
     * Fetches what the node has when it is asked first; what it makes meanwhile, which never ends, comes by the log.
     *
     * @param progress hears of each height
     * @throws JoinException if what comes is not the continuation, or the approved constitution never was in force
     */
    public void run(TransferClient from, LongConsumer progress) throws InterruptedException {
        for (long height = 0; height <= journal.lastHeight(); height++) {
            if (!(journal.read(height) instanceof ReadResult.Found(JournalEntry entry))) {
                throw new JoinException("the journal that was fetched earlier lacks block " + height
                        + "; remove its folder and join again");
            }
            look(entry.block(), height);
        }
        extend(from, progress);
        if (journal.lastHeight() < 0) {
            throw new JoinException("the node that was asked has no journal");
        }
        if (!seenApproved) {
            throw new JoinException("constitution: the journal never had the one that was approved");
        }
    }

    /** Once more, after {@link #run}: what the node has by now. */
    public void extend(TransferClient from, LongConsumer progress) throws InterruptedException {
        long last = -1;
        while (true) {
            long next = journal.lastHeight() + 1;
            JournalRange range = from.journal(next);
            if (range.entries().isEmpty()) {
                break;
            }
            if (last < 0) {
                last = range.lastHeight();
            }
            for (JournalEntry entry : range.entries()) {
                look(entry.block(), journal.lastHeight() + 1);
                journal.append(entry);
                progress.accept(entry.height());
            }
            journal.force();
            if (journal.lastHeight() >= last) {
                break;
            }
        }
    }

    private void look(SealedBlock block, long height) {
        BlockHeader header = block.header();
        if (!Arrays.equals(header.serviceId(), serviceId)) {
            throw new JoinException("service: block " + height + " is of another network");
        }
        if (header.height() != height || !Arrays.equals(header.parent(), head)) {
            throw new JoinException(
                    "chain: block " + header.height() + " does not follow what is here up to " + (height - 1));
        }
        head = block.headerHash();
        for (byte[] document : constitutions(block)) {
            try {
                seenApproved |= Arrays.equals(Constitution.parse(document).digest(), approved);
            } catch (DocumentException malformed) {
                throw new JoinException("constitution: block " + height + " holds one that cannot be read");
            }
        }
    }

    private static List<byte[]> constitutions(SealedBlock block) {
        List<byte[]> documents = new ArrayList<>();
        try {
            WriteSet.parsePart(block.publicWrites(), List.of(GovernanceMaps.CONSTITUTION))
                    .forEach((map, key, value) -> {
                        if (value != null) {
                            documents.add(value);
                        }
                    });
        } catch (MalformedWriteSetException malformed) {
            throw new JoinException("block " + block.header().height() + " has a malformed public write set");
        }
        return documents;
    }
}
