package coco.node.admission;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Who was refused, and why: shown to members, told once for each reason, counted. Bounded, since strangers knock, each
 * under as many keys as they like: those who have proven no key of an entry have a room of their own, so that they
 * cannot push out what was noted of the network's nodes, and no more than {@value #LINES_MAX} lines a minute are
 * written. Any thread.
 */
public final class Refusals {
    /** Distinct pairs of who and why; the oldest goes. */
    private static final int KEPT_MAX = 192;

    /** The same of strangers, of whom it is enough to see that they came. */
    private static final int STRANGERS_MAX = 64;

    /** Lines in a minute: more than nodes and newcomers of a large consortium give reason for. */
    static final int LINES_MAX = 20;

    private static final Duration WINDOW = Duration.ofMinutes(1);

    /**
     * One reason for one node, however often.
     *
     * @param who digest of the refused key
     * @param count how often
     */
    public record Refusal(String who, Finding why, Instant first, Instant last, long count) {}

    private final InstantSource clock;
    private final Consumer<String> counter;
    private final Consumer<String> log;
    private final Map<String, Refusal> kept = new Kept(KEPT_MAX);
    private final Map<String, Refusal> strangers = new Kept(STRANGERS_MAX);
    private Instant windowFrom = Instant.MIN;
    private int lines;
    private long unwritten;

    private static final class Kept extends LinkedHashMap<String, Refusal> {
        private static final long serialVersionUID = 1L;
        private final int max;

        Kept(int max) {
            this.max = max;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Refusal> eldest) {
            return size() > max;
        }
    }

    /**
     * None yet.
     *
     * @param counter told the check's name for each refusal
     * @param log told one line for each new pair of who and why, within bounds
     */
    public Refusals(InstantSource clock, Consumer<String> counter, Consumer<String> log) {
        this.clock = clock;
        this.counter = counter;
        this.log = log;
    }

    /**
     * Notes a refusal.
     *
     * @param isKnown whether it has proven a key that the constitution lists, or that an actor has signed for
     */
    public void note(String who, boolean isKnown, Finding why) {
        counter.accept(why.check());
        if (isNew(who, isKnown, why)) {
            write("refused " + who + ": " + why.words());
        }
    }

    private synchronized boolean isNew(String who, boolean isKnown, Finding why) {
        Instant now = clock.instant();
        String name = who + ' ' + why.check();
        Map<String, Refusal> room = isKnown ? kept : strangers;
        Refusal before = room.get(name);
        room.put(
                name,
                before == null
                        ? new Refusal(who, why, now, now, 1)
                        : new Refusal(who, why, before.first(), now, before.count() + 1));
        return before == null;
    }

    private void write(String line) {
        long left;
        synchronized (this) {
            Instant now = clock.instant();
            if (now.isBefore(windowFrom) || !now.isBefore(windowFrom.plus(WINDOW))) {
                windowFrom = now;
                lines = 0;
            }
            if (lines == LINES_MAX) {
                unwritten++;
                return;
            }
            lines++;
            left = unwritten;
            unwritten = 0;
        }
        if (left > 0) {
            log.accept("refused " + left + " times more than was written; the newest are shown by /node/refusals");
        }
        log.accept(line);
    }

    /** All that are kept: the first refused first, strangers last. */
    public synchronized List<Refusal> all() {
        List<Refusal> all = new ArrayList<>(kept.values());
        all.addAll(strangers.values());
        return all;
    }
}
