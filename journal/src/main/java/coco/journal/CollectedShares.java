package coco.journal;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Members' answers for one record, until there are as many as it takes. Each is checked against the record's
 * commitments as it comes, so that a wrong one is known by its number and hinders nobody. One thread.
 */
public final class CollectedShares {
    private final byte[] serviceId;
    private final EpochShares record;
    private final SortedMap<Integer, byte[]> shares = new TreeMap<>();

    /** What became of an answer. */
    public enum Taken {
        /** It is a share that was missing. */
        TAKEN,
        /** That share is here already. */
        ALREADY,
        /** It is of another service or another record. */
        OTHER_RECORD,
        /** It is not encrypted to this asker. */
        NOT_FOR_US,
        /** It is not the share of that number. */
        WRONG
    }

    public CollectedShares(byte[] serviceId, EpochShares record) {
        this.serviceId = serviceId.clone();
        this.record = record;
    }

    /**
     * Takes an answer.
     *
     * @param asker the key that it should be encrypted to
     */
    public Taken add(ShareAnswer answer, EpochShares.RecoveryKey asker) {
        if (!Arrays.equals(answer.serviceId(), serviceId) || !answer.record().equals(record.id())) {
            return Taken.OTHER_RECORD;
        }
        byte[] share = answer.open(asker);
        return share == null ? Taken.NOT_FOR_US : add(answer.number(), share);
    }

    /** Takes a share in clear: a member's own. */
    public Taken add(int number, byte[] share) {
        if (!record.isShare(number, share)) {
            return Taken.WRONG;
        }
        return shares.putIfAbsent(number, share.clone()) == null ? Taken.TAKEN : Taken.ALREADY;
    }

    /** How many more it takes. */
    public int missing() {
        return Math.max(0, record.threshold() - shares.size());
    }

    /**
     * The seal roots that the record opens, by their epochs; null while shares are missing.
     *
     * @throws MalformedException if the shares are right and do not open what is wrapped: the dealer lied
     */
    public @Nullable SortedMap<Long, SealRoot> open() throws MalformedException {
        return record.combine(serviceId, shares);
    }

    /** Forgets the shares. */
    public void clear() {
        shares.values().forEach(share -> Arrays.fill(share, (byte) 0));
        shares.clear();
    }
}
