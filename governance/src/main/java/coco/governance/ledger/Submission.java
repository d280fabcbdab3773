package coco.governance.ledger;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The kinds of transactions of the administrative ledger, and the byte before each in payload and history. */
enum Submission {
    /** A member's COSE_Sign1 message. */
    SIGNED(1),
    /** A request to join, from a node. */
    JOIN(2),
    /** What fell due at a height: the ledger's own. Empty, or {@link #TOO_LARGE}. */
    DUE(3),
    /** What members decided when a majority of nodes was lost: never offered, in the first block of a recovery only. */
    RECOVERY(4);

    /** Content of {@link #DUE}, empty otherwise: the effect of the proposal that is due fits into no block. */
    static final byte[] TOO_LARGE = {1};

    private final byte tag;

    Submission(int tag) {
        this.tag = (byte) tag;
    }

    byte[] frame(byte[] content) {
        byte[] framed = new byte[content.length + 1];
        framed[0] = tag;
        System.arraycopy(content, 0, framed, 1, content.length);
        return framed;
    }

    static @Nullable Submission of(byte[] framed) {
        for (Submission kind : values()) {
            if (framed.length > 0 && framed[0] == kind.tag) {
                return kind;
            }
        }
        return null;
    }

    static byte[] content(byte[] framed) {
        return Arrays.copyOfRange(framed, 1, framed.length);
    }
}
