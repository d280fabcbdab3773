package coco.governance.ledger;

import coco.crypto.Sha256;
import coco.governance.Constitution;
import coco.governance.Genesis;
import coco.governance.GovernanceMaps;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.kv.Draft;
import coco.kv.MalformedWriteSetException;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Transaction;
import coco.kv.WriteSet;
import coco.ledgers.api.LedgerBlock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges everything again, from the public write sets of a journal's blocks alone: every signature, every rule, every
 * effect. What a leader took from outside (who was in consensus, what a rule module said) is taken from the record.
 */
public final class GovernanceReplay {
    private final Proceedings.Service service;
    private final Genesis genesis;
    private final Store store = new Store(GovernanceMaps.ALL, StoreLimits.DEFAULT);
    private long decisions;
    private @Nullable RecoveryRecord recovery;

    /**
     * Begins before a network's first block.
     *
     * @param serviceId 32 bytes
     * @param genesisDocument canonical bytes
     * @throws DocumentException if it is no genesis document
     */
    public GovernanceReplay(byte[] serviceId, byte[] genesisDocument) {
        this.genesis = Genesis.parse(genesisDocument);
        this.service = new Proceedings.Service(serviceId, genesis.ledgers().keySet());
    }

    /** Whether a network's first block has an administrative ledger. */
    public static boolean isGoverned(byte[] publicWrites) {
        try {
            return !WriteSet.parsePart(publicWrites, GovernanceMaps.ALL).isEmpty();
        } catch (MalformedWriteSetException malformed) {
            return false;
        }
    }

    /**
     * Judges the next block; every block has to be given that has public writes, from height 0 on, in order.
     *
     * @param publicWrites serialised public write set of the block; other maps than this ledger's are passed over
     * @param timestampSeconds of the block
     * @return null if every write is the one that the rules give, else what is wrong; the replay is then over
     */
    public @Nullable String block(long height, byte[] publicWrites, long timestampSeconds) {
        recovery = null;
        try {
            WriteSet written = WriteSet.parsePart(publicWrites, GovernanceMaps.ALL);
            Transaction expected = new Transaction(store.head());
            String problem = height == 0 ? begin(expected) : judge(height, timestampSeconds, written, expected);
            if (problem == null) {
                problem = difference(written, expected.writes());
            }
            if (problem == null) {
                Draft draft = store.draft(store.head());
                draft.apply(written);
                draft.seal().close();
            }
            return problem == null ? null : "height " + height + ": " + problem;
        } catch (MalformedWriteSetException | DocumentException malformed) {
            return "height " + height + ": the record is malformed: " + malformed.getMessage();
        }
    }

    private @Nullable String begin(Transaction expected) {
        expected.put(
                GovernanceMaps.CONSTITUTION,
                GovernanceMaps.CURRENT,
                genesis.constitution().bytes());
        return null;
    }

    private @Nullable String judge(long height, long timestampSeconds, WriteSet written, Transaction expected) {
        List<History.Entry> entries = new ArrayList<>();
        written.forEach((map, key, value) -> {
            if (map == GovernanceMaps.HISTORY && value != null) {
                entries.add(History.entry(key, value));
            }
        });
        boolean amended = false;
        for (int ordinal = 0; ordinal < entries.size(); ordinal++) {
            History.Entry entry = entries.get(ordinal);
            if (entry.height() != height || entry.ordinal() != ordinal) {
                return "the history has an entry for another place";
            }
            if (amended) {
                return "the constitution was changed, and yet the block goes on";
            }
            if (Submission.of(entry.framed()) == Submission.RECOVERY) {
                if (entries.size() != 1) {
                    return "a recovery, and other transactions beside it";
                }
                recovery = RecoveryRecord.parse(entry.content());
            }
            Fields outcome = new Fields(entry.outcome(), "history");
            Constitution inForce = Constitution.read(store.head());
            Proceedings proceedings = new Proceedings(
                    service, inForce, expected, new OutsideRecord.Reader(outcome, inForce), height, timestampSeconds);
            switch (proceedings.execute(entry.framed(), ordinal, json -> OutsideRecord.copy(outcome, json))) {
                case Proceedings.Ruling.Refused(var reason) -> {
                    return "transaction " + ordinal + " should have been refused: " + reason.message();
                }
                case Proceedings.Ruling.Recorded(boolean changed) -> amended = changed;
            }
            decisions++;
        }
        return null;
    }

    private static @Nullable String difference(WriteSet written, WriteSet expected) {
        if (Arrays.equals(written.serialise(), expected.serialise())) {
            return null;
        }
        List<String> first = new ArrayList<>();
        collect(expected, "should have written ", first);
        List<String> other = new ArrayList<>();
        collect(written, "should have written ", other);
        List<String> missing = new ArrayList<>(first);
        missing.removeAll(other);
        other.removeAll(first);
        return missing.isEmpty() ? other.getFirst().replace("should have", "should not have") : missing.getFirst();
    }

    private static void collect(WriteSet writes, String verb, List<String> into) {
        writes.forEach((map, key, value) -> into.add(verb + map.name() + " "
                + HexFormat.of().formatHex(key) + (value == null ? " (removed)" : " " + digest(value))));
    }

    private static String digest(byte[] value) {
        return HexFormat.of().formatHex(Sha256.hash(value));
    }

    /** The recovery with which the last block that was judged begins a generation; null if it was an ordinary one. */
    public @Nullable RecoveryRecord recovery() {
        return recovery;
    }

    /**
     * The administrative ledger's part of the first block after a recovery, on top of the last block that was judged.
     *
     * @param at service time of the block
     * @return the block's part, or why the recovery does not stand
     */
    public Recovery recover(RecoveryRecord record, Instant at) {
        long height = record.proposal().height() + 1;
        byte[] framed = Submission.RECOVERY.frame(record.encode());
        Constitution inForce = constitution();
        Transaction writes = new Transaction(store.head());
        Proceedings proceedings = new Proceedings(
                service,
                inForce,
                writes,
                new OutsideRecord.Reader(new Fields(Documents.object(), "history"), inForce),
                height,
                at.getEpochSecond());
        return switch (proceedings.execute(framed, 0, outcome -> {})) {
            case Proceedings.Ruling.Refused(var reason) -> new Recovery.Refused(reason.message());
            case Proceedings.Ruling.Recorded _ -> new Recovery.Made(GovernanceLedger.recovery(writes, framed, height));
        };
    }

    /** What became of {@link #recover}. */
    public sealed interface Recovery {
        /** It stands. */
        record Made(LedgerBlock block) implements Recovery {}

        /** It does not, for this reason. */
        record Refused(String why) implements Recovery {}
    }

    /** How many transactions were judged. */
    public long decisions() {
        return decisions;
    }

    /** The constitution in force after the last block that was judged. */
    public Constitution constitution() {
        return Constitution.read(store.head());
    }
}
