package coco.node.peers;

import coco.consensus.LogPosition;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Halts the node when the voting peers differ from those that this node knows, otherwise than by one change that the
 * constitution demands. Raft keeps the list of voters in clear files of a hostile host: with one edited, a node could
 * elect itself.
 *
 * <p>While the node runs each new list must follow from the one before by one peer: added while it is listed, removed
 * while it is not. One that was removed a short while ago may still be added: the change was under way when members
 * decided, and the reconciler takes it back. At a start the list may differ by one peer from the remembered one, since
 * a change can be in Raft's log and its reason in blocks that are not applied yet; one difference lets two majorities
 * meet, so it does no harm, and when a majority has confirmed a read it must have its reason too.
 *
 * <p>Not thread-safe: called on the thread that applies blocks, so that the constitution is that of the position.
 */
public final class VoterGuard {
    private final Supplier<Set<PeerId>> listed;
    private final Supplier<Set<PeerId>> justRemoved;
    private final Store store;
    private final Consumer<String> halt;
    private @Nullable Voters known;
    private long skippedTo;
    private boolean halted;

    /** Where the last accepted list is kept, so that only this node can have written it. */
    public interface Store {
        /** The last list, if there is one. */
        Optional<Voters> load();

        /** Keeps a list, durably. */
        void save(Voters voters);
    }

    /**
     * A list of voting peers.
     *
     * @param index of the log entry from which it holds; -1 for the list that the group began with
     * @param skippedTo up to which log index changes were not told since; -1 if they all were, {@link #OPEN} while
     *     nobody knows how far
     */
    public record Voters(long index, Set<PeerId> peers, long skippedTo) {
        /** A node is catching up, or was when it ended. */
        public static final long OPEN = Long.MAX_VALUE;

        public Voters {
            peers = Set.copyOf(peers);
        }

        /** A list since which every change was told. */
        public Voters(long index, Set<PeerId> peers) {
            this(index, peers, -1);
        }
    }

    /**
     * A guard.
     *
     * @param founders the peers that the group began with, if this node is one of them; else empty
     * @param listed the constitution's nodes now
     * @param justRemoved nodes that were on that list until recently
     * @param halt told once, with the reason
     */
    public VoterGuard(
            Set<PeerId> founders,
            Supplier<Set<PeerId>> listed,
            Supplier<Set<PeerId>> justRemoved,
            Store store,
            Consumer<String> halt) {
        this.listed = listed;
        this.justRemoved = justRemoved;
        this.store = store;
        this.halt = halt;
        this.known = store.load().orElse(founders.isEmpty() ? null : new Voters(-1, founders));
        Voters kept = known;
        this.skippedTo = kept == null ? -1 : kept.skippedTo();
    }

    /**
     * The log has started, and says that these are the peers. A newcomer's says that there are none.
     *
     * @param journalIndex log index up to which the journal goes, which may have come by another way than the log when
     *     this node ended while it was catching up
     */
    public void started(List<Peer> peers, long journalIndex) {
        if (skippedTo == Voters.OPEN) {
            skipped(journalIndex);
        }
        Voters before = known;
        Set<PeerId> now = ids(peers);
        if (before == null) {
            if (!now.isEmpty()) {
                halt("the Raft log of a node that never took part names the voters " + words(now));
            }
        } else if (!now.isEmpty()
                && differences(before.peers(), now) > 1
                && !(isAfterGap(before) && faultAfterGap(now) == null)) {
            halt("the Raft configuration names the voters " + words(now) + "; this node knows " + words(before.peers())
                    + ", and only one may differ");
        }
    }

    /** What follows comes by another way than the log, until {@link #skipped} says how far. Survives a restart. */
    public void skipping() {
        skipped(Voters.OPEN);
    }

    /**
     * Everything up to this log index came by another way than the log, so that the changes of peers in it were not
     * told one by one. The next list that is told may differ by more: it must have a majority of the nodes that are
     * listed then, and nobody who is not. Two such lists meet.
     */
    public void skipped(long index) {
        skippedTo = index;
        Voters before = known;
        if (before != null) {
            keep(before.index(), before.peers());
        }
    }

    /** These peers are committed at this position. */
    public void configured(LogPosition position, List<Peer> peers) {
        Voters before = known;
        Set<PeerId> now = ids(peers);
        if (before != null && position.index() <= before.index()) {
            return;
        }
        String fault = before == null ? firstFault(now) : fault(before, now);
        if (fault != null) {
            halt(fault);
        } else if (before == null || !before.peers().equals(now)) {
            keep(position.index(), now);
        }
    }

    private void keep(long index, Set<PeerId> now) {
        Voters kept = new Voters(index, now, skippedTo > index ? skippedTo : -1);
        known = kept;
        store.save(kept);
    }

    /** A majority has confirmed a read: what is committed is applied, and these are the peers. */
    public void confirmed(List<Peer> peers) {
        Voters before = known;
        Set<PeerId> now = ids(peers);
        if (before != null && !now.isEmpty() && !before.peers().equals(now)) {
            String fault = fault(before, now);
            if (fault != null) {
                halt(fault);
            } else if (isAfterGap(before)) {
                keep(skippedTo == Voters.OPEN ? before.index() : skippedTo, now);
            }
        }
    }

    private boolean isAfterGap(Voters before) {
        return skippedTo > before.index();
    }

    private @Nullable String fault(Voters before, Set<PeerId> now) {
        return isAfterGap(before) ? faultAfterGap(now) : fault(before.peers(), now);
    }

    private @Nullable String faultAfterGap(Set<PeerId> now) {
        Set<PeerId> nodes = listed.get();
        Set<PeerId> strangers = minus(minus(now, nodes), justRemoved.get());
        if (!strangers.isEmpty()) {
            return "the Raft configuration has the voters " + words(strangers)
                    + ", which the constitution does not list";
        }
        int staying = nodes.size() - minus(nodes, now).size();
        return 2 * staying > nodes.size()
                ? null
                : "the Raft configuration names the voters " + words(now) + ", no majority of the nodes "
                        + words(nodes);
    }

    private @Nullable String firstFault(Set<PeerId> now) {
        return now.stream().anyMatch(listed.get()::contains)
                ? null
                : "the Raft configuration names the voters " + words(now) + ", none of which is listed";
    }

    private @Nullable String fault(Set<PeerId> before, Set<PeerId> now) {
        Set<PeerId> nodes = listed.get();
        Set<PeerId> added = minus(now, before);
        Set<PeerId> removed = minus(before, now);
        if (added.size() + removed.size() > 1) {
            return "the Raft configuration went from " + words(before) + " to " + words(now) + " in one step";
        }
        for (PeerId peer : added) {
            if (!nodes.contains(peer) && !justRemoved.get().contains(peer)) {
                return "the Raft configuration has the voter " + peer + ", which the constitution does not list";
            }
        }
        for (PeerId peer : removed) {
            if (nodes.contains(peer)) {
                return "the Raft configuration lacks the voter " + peer + ", which the constitution lists";
            }
        }
        return null;
    }

    private void halt(String why) {
        if (!halted) {
            halted = true;
            halt.accept(why);
        }
    }

    private static int differences(Set<PeerId> one, Set<PeerId> other) {
        return minus(one, other).size() + minus(other, one).size();
    }

    private static Set<PeerId> minus(Set<PeerId> from, Set<PeerId> what) {
        Set<PeerId> left = new TreeSet<>(from);
        left.removeAll(what);
        return left;
    }

    private static Set<PeerId> ids(Collection<Peer> peers) {
        return peers.stream().map(Peer::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String words(Set<PeerId> peers) {
        return new TreeSet<>(peers).toString();
    }
}
