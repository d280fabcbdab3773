package coco.journal;

/** What came of opening a sealed block. */
public sealed interface OpenResult {
    /**
     * Everything the sealer claimed was recomputed and holds.
     *
     * @param block as given
     * @param content the private part
     * @param leaves the tree over it, for receipts
     */
    record Opened(SealedBlock block, BlockContent content, LeafTree leaves) implements OpenResult {
        /** Short for {@code block().header()}. */
        public BlockHeader header() {
            return block.header();
        }
    }

    /**
     * The block is not to be believed.
     *
     * @param kind what failed
     * @param words for people; they begin with the height that the block claims
     */
    record Refusal(Kind kind, String words) implements OpenResult, RereadResult {}

    /** What can be wrong with a sealed block, in the order of the checks. */
    enum Kind {
        /** Not the encoding of a sealed block, or an unknown format version. */
        MALFORMED,
        /** Made for another service. */
        WRONG_SERVICE,
        /** Not the height that follows. */
        WRONG_HEIGHT,
        /** Does not name the previous header. */
        WRONG_PARENT,
        /** Log root is not that of the headers before it. */
        WRONG_LOG_ROOT,
        /** Time, term or generation goes back. */
        GOES_BACK,
        /** No such sealer, or it may not seal at this height. */
        UNKNOWN_SEALER,
        /** Not sealed under the epoch that is in force at its height. */
        WRONG_EPOCH,
        /** Does not name the generation of the service identity that is in force at its height. */
        WRONG_GENERATION,
        /** The signature is not the sealer's over this header. */
        BAD_SIGNATURE,
        /** The public write set is not the one in the header. */
        WRONG_PUBLIC_WRITES,
        /** IV, ciphertext or tag are not those in the header. */
        WRONG_PRIVATE_PART,
        /** The nonce of the commit evidence is not the one in the header. */
        WRONG_EVIDENCE,
        /** We do not have this epoch's seal root. */
        UNKNOWN_EPOCH,
        /** We have a seal root for this epoch, but not the one that the header commits to. */
        WRONG_EPOCH_COMMITMENT,
        /** AES-GCM does not authenticate the ciphertext. */
        NOT_AUTHENTIC,
        /** The plaintext is not the encoding of any content. */
        BAD_CONTENT,
        /** The time in the content is not the header's. */
        WRONG_TIMESTAMP,
        /** The leaves do not give the header's leaf root. */
        WRONG_LEAF_ROOT
    }
}
