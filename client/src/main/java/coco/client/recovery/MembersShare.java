package coco.client.recovery;

import coco.journal.EpochShares;
import coco.journal.EpochShares.RecoveryKey;
import coco.journal.ShareAnswer;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;

/** What one member finds in a record: its share, checked against the commitments before anything is done with it. */
public final class MembersShare {
    /** What a member found. */
    public enum Found {
        /** A share, and it is right. */
        RIGHT,
        /** The record deals it none. */
        NONE,
        /** A share that this key does not open: it was dealt to another key of the member's, or to nobody. */
        OTHER_KEY,
        /** A share that is not what the commitments say: the dealer lied. Tell the other members. */
        WRONG
    }

    private final byte[] serviceId;
    private final EpochShares record;
    private final String member;
    private final RecoveryKey key;

    /** @param record from a proven journal of this service */
    public MembersShare(byte[] serviceId, EpochShares record, String member, RecoveryKey key) {
        this.serviceId = serviceId.clone();
        this.record = record;
        this.member = member;
        this.key = key;
    }

    /** Looks at it. */
    public Found check() {
        int number = record.numberOf(member);
        if (number == 0) {
            return Found.NONE;
        }
        byte[] share = record.open(serviceId, member, key);
        if (share == null) {
            return Found.OTHER_KEY;
        }
        boolean right = record.isShare(number, share);
        Arrays.fill(share, (byte) 0);
        return right ? Found.RIGHT : Found.WRONG;
    }

    /**
     * The share in clear, for members who sit together.
     *
     * @throws RecoveryException if there is none, or it is wrong
     */
    public byte[] open() {
        byte[] share = record.open(serviceId, member, key);
        if (share == null || !record.isShare(record.numberOf(member), share)) {
            throw new RecoveryException(
                    switch (check()) {
                        case NONE -> member + " was dealt no share of this record";
                        case OTHER_KEY -> "the share of " + member + " is not encrypted to this recovery key";
                        case WRONG, RIGHT ->
                            "the share of " + member + " is not what the record commits to: do not use it";
                    });
        }
        return share;
    }

    /** The share, encrypted to who asked. Not asked here: whether they may have it. */
    public ShareAnswer answer(PublicKey asker, SecureRandom random) {
        byte[] share = open();
        try {
            return ShareAnswer.seal(serviceId, record.id(), record.numberOf(member), share, asker, random);
        } finally {
            Arrays.fill(share, (byte) 0);
        }
    }
}
