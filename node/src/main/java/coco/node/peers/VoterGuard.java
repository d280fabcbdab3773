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
 * while it is not. At a start the list may differ by one peer from the remembered one, since a change can be in Raft's
 * log and its reason in blocks that are not applied yet; one difference lets two majorities meet, so it does no harm,
 * and when a majority has confirmed a read it must have its reason too.
 *
 * <p>Not thread-safe: called on the thread that applies blocks, so that the constitution is that of the position.
 */
public final class VoterGuard {
    private final Supplier<Set<PeerId>> listed;
    private final Store store;
    private final Consumer<String> halt;
    private @Nullable Voters known;
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
     */
    public record Voters(long index, Set<PeerId> peers) {
        public Voters {
            peers = Set.copyOf(peers);
        }
    }

    /**
     * A guard.
     *
     * @param founders the peers that the group began with, if this node is one of them; else empty
     * @param listed the constitution's nodes now
     * @param halt told once, with the reason
     */
    public VoterGuard(Set<PeerId> founders, Supplier<Set<PeerId>> listed, Store store, Consumer<String> halt) {
        this.listed = listed;
        this.store = store;
        this.halt = halt;
        this.known = store.load().orElse(founders.isEmpty() ? null : new Voters(-1, founders));
    }

    /** The log has started, and says that these are the peers. A newcomer's says that there are none. */
    public void started(List<Peer> peers) {
        Voters before = known;
        Set<PeerId> now = ids(peers);
        if (before == null) {
            if (!now.isEmpty()) {
                halt("the Raft log of a node that never took part names the voters " + words(now));
            }
        } else if (!now.isEmpty() && differences(before.peers(), now) > 1) {
            halt("the Raft configuration names the voters " + words(now) + "; this node knows " + words(before.peers())
                    + ", and only one may differ");
        }
    }

    /** These peers are committed at this position. */
    public void configured(LogPosition position, List<Peer> peers) {
        Voters before = known;
        Set<PeerId> now = ids(peers);
        if (before != null && position.index() <= before.index()) {
            return;
        }
        String fault = before == null ? firstFault(now) : fault(before.peers(), now);
        if (fault != null) {
            halt(fault);
        } else if (before == null || !before.peers().equals(now)) {
            known = new Voters(position.index(), now);
            store.save(known);
        }
    }

    /** A majority has confirmed a read: what is committed is applied, and these are the peers. */
    public void confirmed(List<Peer> peers) {
        Voters before = known;
        Set<PeerId> now = ids(peers);
        if (before != null && !now.isEmpty() && !before.peers().equals(now)) {
            String fault = fault(before.peers(), now);
            if (fault != null) {
                halt(fault);
            }
        }
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
            if (!nodes.contains(peer)) {
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
