package coco.node.admission;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who was refused, and why: shown to members, logged once for each reason, counted. Bounded, since strangers knock.
 * Any thread.
 */
public final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    /** Distinct pairs of who and why; the oldest goes. */
    private static final int KEPT_MAX = 256;

    /**
     * One reason for one node, however often.
     *
     * @param who digest of the refused key
     * @param count how often
     */
    public record Refusal(String who, Finding why, Instant first, Instant last, long count) {}

    private final InstantSource clock;
    private final Consumer<String> counter;
    private final Map<String, Refusal> kept = new LinkedHashMap<>(16, 0.75f, false) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Refusal> eldest) {
            return size() > KEPT_MAX;
        }
    };

    /** @param counter told the check's name for each refusal */
    public Refusals(InstantSource clock, Consumer<String> counter) {
        this.clock = clock;
        this.counter = counter;
    }

    /** Notes a refusal. */
    public void note(String who, Finding why) {
        Instant now = clock.instant();
        boolean isNew;
        synchronized (kept) {
            String name = who + ' ' + why.check();
            Refusal before = kept.get(name);
            isNew = before == null;
            kept.put(
                    name,
                    before == null
                            ? new Refusal(who, why, now, now, 1)
                            : new Refusal(who, why, before.first(), now, before.count() + 1));
        }
        counter.accept(why.check());
        if (isNew) {
            LOG.warn("refused {}: {}", who, why.words());
        }
    }

    /** All that are kept, the first refused first. */
    public List<Refusal> all() {
        synchronized (kept) {
            return new ArrayList<>(kept.values());
        }
    }
}
