package coco.journal;

import org.jspecify.annotations.Nullable;

/** The secrets that whoever opens blocks holds. Called from any thread. */
public interface OpenerKeys {
    /** The seal root of this epoch, or null if it is not ours. */
    @Nullable
    SealRoot sealRoot(long epoch);

    /** The evidence key of this generation; null with auditors and members, who are never given one. */
    @Nullable
    EvidenceKey evidenceKey(int generation);
}
