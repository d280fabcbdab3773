package coco.consensus.ratis;

import coco.consensus.PeerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds back messages between given nodes: how tests cut a running group in two. What is held back arrives, late and in
 * order, when the link opens again, as after a real partition. In production no link is ever closed and the gate costs
 * one volatile read a message.
 */
final class LinkGate {
    private record Link(PeerId from, PeerId to) {}

    private final Set<Link> stalled = new HashSet<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private volatile boolean active;

    /** From now on messages of {@code from} do not reach {@code to}. */
    synchronized void stall(PeerId from, PeerId to) {
        stalled.add(new Link(from, to));
        active = true;
    }

    /** Opens every link; those who wait are run by this thread. */
    void releaseAll() {
        List<Runnable> run;
        synchronized (this) {
            stalled.clear();
            active = false;
            run = List.copyOf(waiting);
            waiting.clear();
        }
        run.forEach(Runnable::run);
    }

    /** Whether the link is closed; if so, {@code onRelease} runs once it has been opened. */
    boolean holds(PeerId from, PeerId to, Runnable onRelease) {
        if (!active) {
            return false;
        }
        synchronized (this) {
            if (!stalled.contains(new Link(from, to))) {
                return false;
            }
            waiting.add(onRelease);
            return true;
        }
    }
}
