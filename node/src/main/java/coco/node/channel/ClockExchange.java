package coco.node.channel;

import coco.consensus.PeerId;
import coco.core.ServiceTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Asks the other voters for their clocks, for as long as its thread lives. Often until a majority is known, as no block
 * is made before; then seldom, as an idle node should cost next to nothing.
 */
public final class ClockExchange implements Runnable {
    /** Five times within what {@link ServiceTime} remembers. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    /** While a majority is not known. */
    static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final ServiceTime time;
    private final Supplier<Set<PeerId>> others;
    private final Function<PeerId, CompletableFuture<Long>> ask;
    private final LongSupplier nanoTime;

    /**
     * An exchange that is not running yet.
     *
     * @param others the voters beside this node, as the constitution has them
     * @param ask what a voter's clock shows, in milliseconds since 1970
     * @param nanoTime the monotonic clock that {@code time} goes by
     */
    public ClockExchange(
            ServiceTime time,
            Supplier<Set<PeerId>> others,
            Function<PeerId, CompletableFuture<Long>> ask,
            LongSupplier nanoTime) {
        this.time = time;
        this.others = others;
        this.ask = ask;
        this.nanoTime = nanoTime;
    }

    @Override
    public void run() {
        try {
            while (true) {
                askAll();
                Thread.sleep(time.knowsMajority() ? PAUSE : FIRST_PAUSE);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** One round: all are asked at once, and what they say is taken in as it comes. */
    void askAll() {
        Set<PeerId> voters = others.get();
        time.voters(voters);
        for (PeerId voter : voters) {
            long asked = nanoTime.getAsLong();
            // A voter that does not answer is not heard, which is all there is to know.
            var _ = ask.apply(voter).thenAccept(millis -> time.heard(voter, millis, asked, nanoTime.getAsLong()));
        }
    }
}
