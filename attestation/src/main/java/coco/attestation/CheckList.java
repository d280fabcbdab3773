package coco.attestation;

import coco.attestation.CheckResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects a verifier's checks in order and makes the verdict of them: refused if any failed, by the first that did;
 * incomplete if one that is needed could not be made; verified otherwise. For one thread, and one verdict.
 */
public final class CheckList {
    private final List<CheckResult> results = new ArrayList<>();
    private @Nullable String missing;
    private boolean failed;

    /** Starts with no checks. */
    public CheckList() {}

    /**
     * Records a check.
     *
     * @return whether it passed
     */
    public boolean require(Verdict.Check check, boolean holds, String seen, String allowed) {
        results.add(new CheckResult(check, holds ? Outcome.PASSED : Outcome.FAILED, seen, allowed));
        failed |= !holds;
        return holds;
    }

    /** Records a check that failed. */
    public void fail(Verdict.Check check, String seen, String allowed) {
        require(check, false, seen, allowed);
    }

    /** Records a check that could not be made, without which there is no trust: at best the verdict is incomplete. */
    public void lack(Verdict.Check check, String missingWords) {
        results.add(new CheckResult(check, Outcome.NOT_CHECKED, missingWords, ""));
        missing = missing == null ? missingWords : missing + "; " + missingWords;
    }

    /** Records a check that was not made, and that the verdict does not hang on. */
    public void skip(Verdict.Check check, String missingWords) {
        results.add(new CheckResult(check, Outcome.NOT_CHECKED, missingWords, ""));
    }

    /** Appends checks made elsewhere, such as those of evidence within evidence. */
    public void add(Verdict verdict) {
        results.addAll(verdict.checks());
        switch (verdict) {
            case Verdict.Verified _ -> {}
            case Verdict.Incomplete incomplete -> missing = missing == null ? incomplete.missing() : missing;
            case Verdict.Refused _ -> failed = true;
        }
    }

    /** Returns whether any check failed. */
    public boolean hasFailed() {
        return failed;
    }

    /** Returns the verdict. */
    public Verdict conclude(Claims claims) {
        if (failed) {
            return new Verdict.Refused(results, claims, missing);
        }
        return missing == null
                ? new Verdict.Verified(claims, results)
                : new Verdict.Incomplete(claims, missing, results);
    }

    /**
     * Returns the refusal.
     *
     * @throws IllegalStateException if no check failed
     */
    public Verdict.Refused refuse() {
        return new Verdict.Refused(results);
    }
}
