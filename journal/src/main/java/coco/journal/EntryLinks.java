package coco.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Whether entries follow each other, as far as that can be told without any key: heights, parent hashes, hashes of both
 * parts, the nonce's digest, and time, term, generation and Raft position that never go back. Whoever trusts the header
 * at one end of such a run may trust everything that its headers name, back to where the run began.
 *
 * <p>The first block of a recovery came by no log, and the last ones before it may have lost their nonces: which of
 * them is in the ballots that it carries. Whether these are enough is not judged here. The headers bind that block like
 * every other.
 */
final class EntryLinks {
    private static final long NO_INDEX = -1;

    private final byte[] serviceId;
    private final Recoveries recoveries;
    private @Nullable JournalEntry last;
    /** The first of the entries up to the last one that have no nonce; -1 if the last one has one. */
    private long firstWithoutEvidence = -1;
    /** Whether there may be more of them before the first entry seen. */
    private boolean beginsWithoutEvidence;

    /** @param before the entry before the first one; null if the first one is genesis */
    EntryLinks(byte[] serviceId, Recoveries recoveries, @Nullable JournalEntry before) {
        this.serviceId = serviceId;
        this.recoveries = recoveries;
        this.last = before;
        if (before != null && isWithoutEvidence(before)) {
            firstWithoutEvidence = before.height();
            beginsWithoutEvidence = true;
        }
    }

    /** The height that comes next. */
    long next() {
        JournalEntry before = last;
        return before == null ? 0 : before.height() + 1;
    }

    /** Whether what was taken counts only if a recovery follows. */
    boolean isOpen() {
        return firstWithoutEvidence >= 0;
    }

    /** Takes the next entry, or says why it is not the next one. */
    @Nullable
    String take(JournalEntry entry) {
        String refusal = refuse(entry);
        if (refusal == null) {
            last = entry;
            if (!isWithoutEvidence(entry)) {
                firstWithoutEvidence = -1;
                beginsWithoutEvidence = false;
            } else if (firstWithoutEvidence < 0) {
                firstWithoutEvidence = entry.height();
            }
        }
        return refusal;
    }

    private static boolean isWithoutEvidence(JournalEntry entry) {
        return entry.height() > 0 && !entry.hasEvidence();
    }

    /** Only the first block of a recovery, and genesis, are sealed under the epoch that they bring themselves. */
    private static boolean recovers(JournalEntry entry) {
        return entry.height() > 0 && entry.block().header().epoch() == entry.height();
    }

    private @Nullable String refuse(JournalEntry entry) {
        BlockHeader header = entry.block().header();
        if (!Arrays.equals(header.serviceId(), serviceId)) {
            return "made for another service";
        }
        if (header.height() != next()) {
            return "has height " + header.height() + " in place of " + next();
        }
        JournalEntry before = last;
        byte[] parent =
                before == null ? new byte[Digests.LENGTH] : before.block().headerHash();
        if (!Arrays.equals(header.parent(), parent)) {
            return "does not name the header before it";
        }
        String refusal = before != null && recovers(entry) ? refuseRecovery(before, entry) : refusePlace(before, entry);
        if (refusal != null) {
            return refusal;
        }
        OpenResult.Refusal hashes = BlockOpener.refuseHashes(entry.block());
        return hashes != null ? hashes.words() : refuseEvidence(entry);
    }

    private static @Nullable String refusePlace(@Nullable JournalEntry before, JournalEntry entry) {
        if (entry.raftTerm() != entry.block().header().term()) {
            return "came in another term of Raft's than it was sealed in"; // the fence lets in no such block
        }
        boolean goesBack = before != null
                && (isBefore(entry, before)
                        || entry.raftTerm() < before.raftTerm()
                        || entry.raftIndex() < before.raftIndex());
        return goesBack ? "time, term, generation or Raft position lies before its parent's" : null;
    }

    private static @Nullable String refuseRecovery(JournalEntry before, JournalEntry entry) {
        if (entry.raftTerm() != 0 || entry.raftIndex() != NO_INDEX) {
            return "begins a recovery, and came by a log";
        }
        return isBefore(entry, before)
                        || entry.block().header().generation()
                                == before.block().header().generation()
                ? "begins a recovery, and time, term or generation is not after its parent's"
                : null;
    }

    private static boolean isBefore(JournalEntry entry, JournalEntry before) {
        BlockHeader earlier = before.block().header();
        BlockHeader header = entry.block().header();
        return header.timestampSeconds() < earlier.timestampSeconds()
                || header.term() < earlier.term()
                || header.generation() < earlier.generation();
    }

    private @Nullable String refuseEvidence(JournalEntry entry) {
        if (isWithoutEvidence(entry) && !recovers(entry)) {
            return null; // what follows decides
        }
        if (!Arrays.equals(
                EvidenceKey.digest(entry.evidenceNonce()),
                entry.block().header().evidenceDigest())) {
            return "the nonce beside it does not prove its commitment";
        }
        if (recovers(entry)) {
            return refuseTaken(entry);
        }
        return isOpen() ? "block " + firstWithoutEvidence + " has no nonce, and no recovery took it in" : null;
    }

    private @Nullable String refuseTaken(JournalEntry entry) {
        long taken;
        try {
            taken = recoveries.firstWithoutEvidence(entry.block());
        } catch (MalformedException unreadable) {
            return "begins a recovery, and the decision to do so cannot be read: " + unreadable.getMessage();
        }
        boolean isSame =
                beginsWithoutEvidence ? taken >= 0 && taken <= firstWithoutEvidence : taken == firstWithoutEvidence;
        return isSame
                ? null
                : "takes blocks without a nonce from " + taken + " on, and they begin at " + firstWithoutEvidence;
    }
}
