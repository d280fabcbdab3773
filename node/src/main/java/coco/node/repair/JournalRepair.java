package coco.node.repair;

import coco.governance.document.DocumentException;
import coco.governance.ledger.RecoveryRecord;
import coco.journal.ChunkRestore;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalException;
import coco.journal.MalformedException;
import coco.journal.ReadResult.Missing;
import coco.journal.SealedBlock;
import coco.node.channel.ChannelException;
import coco.node.channel.JournalRange;
import coco.node.channel.TransferClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills one gap of a journal from other nodes, which are asked one after the other. One thread. */
public final class JournalRepair {
    /** Another node that may have what is missing here. */
    public interface Source {
        /** For people. */
        String name();

        /**
         * Entries from this height on, as many as the node likes to send.
         *
         * @throws ChannelException if it does not answer
         */
        JournalRange journal(long fromHeight) throws InterruptedException;

        /** Another node, over the node channel. */
        static Source of(TransferClient client) {
            return new Source() {
                @Override
                public String name() {
                    return client.name();
                }

                @Override
                public JournalRange journal(long fromHeight) throws InterruptedException {
                    return client.journal(fromHeight);
                }
            };
        }
    }

    /** Judges what only keys can tell. */
    @FunctionalInterface
    public interface Judge {
        /** Why this entry is not to be believed, or null. */
        @Nullable
        String refusal(JournalEntry entry);
    }

    /** What came of it. */
    public sealed interface Outcome {
        /** The range is there again. */
        record Restored(String source, List<String> files) implements Outcome {
            public Restored {
                files = List.copyOf(files);
            }
        }

        /** No node had it, or none that was right: each with its reason. */
        record Failed(List<String> reasons) implements Outcome {
            public Failed {
                reasons = List.copyOf(reasons);
            }
        }
    }

    private final Journal journal;
    private final Judge judge;

    /** @param judge asked for each entry, besides everything that can be told without a key */
    public JournalRepair(Journal journal, Judge judge) {
        this.journal = journal;
        this.judge = judge;
    }

    /**
     * Fetches a gap and puts it in place.
     *
     * @throws JournalException if this node's own disk fails; what was begun is deleted
     */
    public Outcome run(Missing gap, List<? extends Source> sources) throws InterruptedException {
        List<String> reasons = new ArrayList<>();
        for (Source source : sources) {
            ChunkRestore restore = journal.restore(gap, JournalRepair::firstWithoutEvidence);
            if (restore == null) {
                return new Outcome.Failed(List.of("block " + (gap.firstHeight() - 1) + " cannot be read either"));
            }
            try (restore) {
                String refusal = fetch(restore, source);
                if (refusal == null) {
                    switch (restore.finish()) {
                        case ChunkRestore.Outcome.Restored(List<String> files) -> {
                            return new Outcome.Restored(source.name(), files);
                        }
                        case ChunkRestore.Outcome.Refused(String words) -> refusal = words;
                    }
                }
                reasons.add(source.name() + ": " + refusal);
            } catch (ChannelException silent) {
                reasons.add(source.name() + ": " + silent.getMessage());
            }
        }
        return new Outcome.Failed(reasons.isEmpty() ? List.of("no other node is known") : reasons);
    }

    private static long firstWithoutEvidence(SealedBlock first) throws MalformedException {
        try {
            RecoveryRecord record = RecoveryRecord.in(first.publicWrites());
            if (record != null) {
                return record.proposal().firstWithoutEvidence();
            }
        } catch (DocumentException malformed) {
            throw new MalformedException(String.valueOf(malformed.getMessage()));
        }
        throw new MalformedException("it carries none");
    }

    private @Nullable String fetch(ChunkRestore restore, Source source) throws InterruptedException {
        while (!restore.isComplete()) {
            long from = restore.next();
            for (JournalEntry entry : source.journal(from).entries()) {
                if (restore.isComplete()) {
                    break;
                }
                String refusal = restore.append(entry);
                if (refusal == null) {
                    refusal = judge.refusal(entry);
                }
                if (refusal != null) {
                    return refusal;
                }
            }
            if (restore.next() == from) {
                return "does not have block " + from;
            }
        }
        return null;
    }
}
