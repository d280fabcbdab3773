package coco.node.repair;

import coco.journal.ChunkCheck;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalException;
import coco.journal.ReadResult;
import coco.journal.ReadResult.Missing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the journal of a running node whole: puts aside what was found damaged, by whomever, and fetches what is
 * missing. {@link #mend} runs on a thread of its own, {@link #scrub} on another.
 */
public final class JournalCare {
    private static final Logger LOG = LoggerFactory.getLogger(JournalCare.class);

    /** Between two looks at whether anything is damaged, which cost next to nothing. */
    static final Duration LOOK = Duration.ofMillis(500);

    /** After no node could help: another one may be back, or repaired itself. */
    static final Duration RETRY = Duration.ofSeconds(10);

    /** Between two rounds of the scrub over a journal that has few chunks, or none. */
    private static final Duration ROUND = Duration.ofSeconds(10);

    private final Journal journal;
    private final JournalRepair repair;
    private final JournalRepair.Judge judge;
    private final Supplier<? extends List<? extends JournalRepair.Source>> sources;
    private final List<Missing> fetchedAtStart;
    private final Runnable judged;
    private final AtomicLong quarantined = new AtomicLong();
    private final AtomicLong restored = new AtomicLong();
    private final AtomicLong scrubbedBytes = new AtomicLong();
    private volatile long scrubbedHeight = -1;
    private final AtomicLong rounds = new AtomicLong();

    /**
     * @param judge what keys tell of an entry
     * @param sources the other nodes, as they are now
     * @param fetchedAtStart ranges that were fetched before there were keys to judge them by
     * @param judged told when all of these were found right; else the next start judges them again
     */
    public JournalCare(
            Journal journal,
            JournalRepair.Judge judge,
            Supplier<? extends List<? extends JournalRepair.Source>> sources,
            List<Missing> fetchedAtStart,
            Runnable judged) {
        this.journal = journal;
        this.judge = judge;
        this.repair = new JournalRepair(journal, judge);
        this.sources = sources;
        this.fetchedAtStart = new ArrayList<>(fetchedAtStart);
        this.judged = judged;
    }

    /** Chunks put aside since the start. */
    public long quarantined() {
        return quarantined.get();
    }

    /** Ranges fetched from other nodes since the start. */
    public long restored() {
        return restored.get();
    }

    /** Heights that are missing now. */
    public long missingHeights() {
        return journal.gaps().stream()
                .mapToLong(gap -> gap.lastHeight() - gap.firstHeight() + 1)
                .sum();
    }

    /** Bytes of closed chunks that the scrub has read since the start. */
    public long scrubbedBytes() {
        return scrubbedBytes.get();
    }

    /** Height up to which this round of the scrub has come; -1 at its beginning. */
    public long scrubbedHeight() {
        return scrubbedHeight;
    }

    /** Rounds of the scrub that went through all closed chunks. */
    public long rounds() {
        return rounds.get();
    }

    // ---------------------------------------------------------------- mending

    /** Until interrupted. */
    public void mend() {
        try {
            judgeFetchedAtStart();
            while (true) {
                Thread.sleep(mendOnce() ? LOOK : RETRY);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void judgeFetchedAtStart() {
        boolean isRight = true;
        long end = journal.lastHeight();
        for (Missing range : fetchedAtStart) {
            for (long height = range.firstHeight(); height <= Math.min(end, range.lastHeight()); height++) {
                if (journal.read(height) instanceof ReadResult.Found(JournalEntry entry)) {
                    String refusal = judge.refusal(entry);
                    if (refusal != null) {
                        journal.distrust(height, refusal);
                        isRight = false;
                        break;
                    }
                }
            }
        }
        if (isRight && !fetchedAtStart.isEmpty()) {
            judged.run();
        }
        fetchedAtStart.clear();
    }

    /**
     * One look; false if something is missing that no other node could give.
     *
     * <p>A disk that fails here is no reason to stop: the writer of the journal notices what it cannot go on with.
     */
    boolean mendOnce() throws InterruptedException {
        try {
            if (journal.isDamaged()) {
                for (Missing aside : journal.quarantineDamaged()) {
                    quarantined.incrementAndGet();
                    LOG.warn(
                            "journal: heights {} to {} put aside: {}",
                            aside.firstHeight(),
                            aside.lastHeight(),
                            aside.words());
                }
            }
            boolean whole = true;
            for (Missing gap : journal.gaps()) {
                whole &= fill(gap);
            }
            return whole;
        } catch (JournalException failed) {
            LOG.warn("journal: not mended now: {}", failed.getMessage());
            return false;
        }
    }

    private boolean fill(Missing gap) throws InterruptedException {
        return switch (repair.run(gap, sources.get())) {
            case JournalRepair.Outcome.Restored(String source, List<String> files) -> {
                restored.incrementAndGet();
                LOG.info(
                        "journal: heights {} to {} fetched from {} and verified: {}",
                        gap.firstHeight(),
                        gap.lastHeight(),
                        source,
                        files);
                yield true;
            }
            case JournalRepair.Outcome.Failed(List<String> reasons) -> {
                LOG.warn("journal: heights {} to {} are missing: {}", gap.firstHeight(), gap.lastHeight(), reasons);
                yield false;
            }
        };
    }

    // ---------------------------------------------------------------- reading again

    /**
     * Reads closed chunks over and over, until interrupted.
     *
     * @param bytesPerSecond at most; what is found is put aside by {@link #mend}
     */
    public void scrub(long bytesPerSecond) {
        Pace pace = new Pace(bytesPerSecond, System::nanoTime);
        try {
            while (!Thread.currentThread().isInterrupted()) {
                round(pace);
                Thread.sleep(ROUND);
            }
        } catch (InterruptedException | Pace.Interrupted stopped) {
            Thread.currentThread().interrupt();
        }
    }

    void round(Pace pace) {
        scrubbedHeight = -1;
        for (ChunkCheck check = next(0, pace); check != null; check = next(check.lastHeight() + 1, pace)) {
            scrubbedHeight = check.lastHeight();
        }
        rounds.incrementAndGet();
    }

    private @Nullable ChunkCheck next(long height, Pace pace) {
        return journal.check(height, bytes -> {
            scrubbedBytes.addAndGet(bytes);
            pace.take(bytes);
        });
    }
}
