package coco.node.recovery;

import coco.crypto.KeyEncryption;
import coco.journal.CollectedShares;
import coco.journal.EpochShares;
import coco.journal.MalformedException;
import coco.journal.SealRoot;
import coco.journal.ShareAnswer;
import java.nio.ByteBuffer;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Members' shares of every epoch of a journal, given to the node that recovers it. A member's file: for each record
 * that is needed, in order, length (4 bytes) ‖ answer.
 */
public final class RecoveryShares {
    private final Map<EpochShares.Id, CollectedShares> collected = new LinkedHashMap<>();
    private final List<String> objections = new ArrayList<>();

    private RecoveryShares() {}

    /** A member's file. */
    public static byte[] encode(List<ShareAnswer> answers) {
        List<byte[]> all = answers.stream().map(ShareAnswer::encode).toList();
        ByteBuffer out = ByteBuffer.allocate(
                all.stream().mapToInt(each -> Integer.BYTES + each.length).sum());
        all.forEach(each -> out.putInt(each.length).put(each));
        return out.array();
    }

    /**
     * Takes in what members gave.
     *
     * @param files of members
     * @param wrapping the recovering node's own wrapping key
     */
    public static RecoveryShares collect(SurvivingJournal copy, List<byte[]> files, PrivateKey wrapping) {
        RecoveryShares shares = new RecoveryShares();
        copy.sharesNeeded()
                .forEach(record -> shares.collected.put(record.id(), new CollectedShares(copy.serviceId(), record)));
        EpochShares.RecoveryKey own = (context, enclosed) -> KeyEncryption.open(wrapping, context, enclosed);
        for (byte[] file : files) {
            try {
                shares.take(ByteBuffer.wrap(file), own);
            } catch (MalformedException malformed) {
                shares.objections.add("a file of shares is malformed: " + malformed.getMessage());
            }
        }
        return shares;
    }

    private void take(ByteBuffer in, EpochShares.RecoveryKey own) throws MalformedException {
        while (in.hasRemaining()) {
            int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new MalformedException("cut off");
            }
            byte[] bytes = new byte[length];
            in.get(bytes);
            ShareAnswer answer = ShareAnswer.decode(bytes);
            CollectedShares record = collected.get(answer.record());
            CollectedShares.Taken taken = record == null ? CollectedShares.Taken.OTHER_RECORD : record.add(answer, own);
            String objection = switch (taken) {
                case TAKEN, ALREADY -> null;
                case OTHER_RECORD -> "is of another record or service";
                case NOT_FOR_US -> "is not encrypted to this node";
                case WRONG -> "is not the share of its number";
            };
            if (objection != null) {
                objections.add("share " + answer.number() + " of block "
                        + answer.record().height() + " " + objection);
            }
        }
    }

    /** Why it does not go on; empty if it does. */
    public List<String> waitsFor() {
        int most = 0;
        long records = 0;
        for (CollectedShares record : collected.values()) {
            most = Math.max(most, record.missing());
            records += record.missing() > 0 ? 1 : 0;
        }
        if (records == 0) {
            return List.of();
        }
        List<String> reasons = new ArrayList<>(objections);
        reasons.add("shares of " + most + " more members, for " + records + " of " + collected.size() + " records");
        return reasons;
    }

    /**
     * Every seal root, by its epoch, and forgets the shares.
     *
     * @throws IllegalStateException if shares are missing, or do not open what they were dealt for
     */
    public SortedMap<Long, SealRoot> open() {
        SortedMap<Long, SealRoot> roots = new TreeMap<>();
        try {
            for (CollectedShares record : collected.values()) {
                SortedMap<Long, SealRoot> opened = record.open();
                if (opened == null) {
                    throw new IllegalStateException("shares are missing");
                }
                roots.putAll(opened);
            }
        } catch (MalformedException lied) {
            throw new IllegalStateException("the shares are right, and do not open what was dealt", lied);
        } finally {
            collected.values().forEach(CollectedShares::clear);
        }
        return roots;
    }
}
