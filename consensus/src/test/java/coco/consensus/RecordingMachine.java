package coco.consensus;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A state machine that keeps what it was told, and a journal that outlives it: {@link Journal} is what a node finds
 * again after a restart. Every callback wakes whoever waits on the journal's lock.
 */
public final class RecordingMachine implements StateMachine {
    /** One applied payload. */
    public record Applied(LogPosition position, String payload) {}

    /** A node's disk. */
    public static final class Journal {
        private final Object lock;
        private final List<Applied> entries = new ArrayList<>();

        public Journal(Object lock) {
            this.lock = lock;
        }

        /** A new disk. */
        public void clear() {
            synchronized (lock) {
                entries.clear();
            }
        }

        LogPosition last() {
            synchronized (lock) {
                return entries.isEmpty() ? LogPosition.NONE : entries.getLast().position();
            }
        }
    }

    private final Object lock;
    private final Journal journal;
    private final List<Applied> applied;
    private final LogPosition startedBehind;
    private final List<Long> readyTerms = new ArrayList<>();
    private final List<Long> lostTerms = new ArrayList<>();
    private final List<LogPosition> replayed = new ArrayList<>();
    private final List<List<Peer>> configured = new ArrayList<>();
    private LogPosition told = LogPosition.NONE;
    private boolean removed;
    private @Nullable PeerId leader;
    private @Nullable Throwable failure;
    private Predicate<String> vetoes = payload -> false;
    private @Nullable Journal others;

    public RecordingMachine(Journal journal) {
        this.lock = journal.lock;
        this.journal = journal;
        this.applied = new ArrayList<>(journal.entries);
        this.startedBehind = journal.last();
    }

    /** Makes everything applied so far durable. */
    public void persist() {
        synchronized (lock) {
            journal.entries.clear();
            journal.entries.addAll(applied);
        }
    }

    /** What the log does not bring comes from this disk. */
    public void fetchFrom(Journal journalOfAnother) {
        synchronized (lock) {
            others = journalOfAnother;
        }
    }

    public void veto(Predicate<String> which) {
        synchronized (lock) {
            vetoes = which;
        }
    }

    public List<String> payloads() {
        synchronized (lock) {
            return applied.stream().map(Applied::payload).toList();
        }
    }

    public List<Applied> applied() {
        synchronized (lock) {
            return List.copyOf(applied);
        }
    }

    public boolean hasApplied(String payload) {
        return payloads().contains(payload);
    }

    /** The positions handed over since this life began. */
    public List<LogPosition> handedOver() {
        synchronized (lock) {
            return List.copyOf(replayed);
        }
    }

    public LogPosition startedBehind() {
        return startedBehind;
    }

    /** The newest term for which this node is a ready leader, by what it was told; 0 if none. */
    public long leads() {
        synchronized (lock) {
            long ready = readyTerms.stream().mapToLong(Long::longValue).max().orElse(0);
            long lost = lostTerms.stream().mapToLong(Long::longValue).max().orElse(-1);
            return ready > lost ? ready : 0;
        }
    }

    public boolean lost(long term) {
        synchronized (lock) {
            return lostTerms.stream().anyMatch(each -> each >= term);
        }
    }

    public List<Long> readyTerms() {
        synchronized (lock) {
            return List.copyOf(readyTerms);
        }
    }

    public @Nullable PeerId leader() {
        synchronized (lock) {
            return leader;
        }
    }

    /** The newest peers this life was told; empty if none. */
    public List<Peer> configured() {
        synchronized (lock) {
            return configured.isEmpty() ? List.of() : configured.getLast();
        }
    }

    public boolean wasRemoved() {
        synchronized (lock) {
            return removed;
        }
    }

    public @Nullable Throwable failure() {
        synchronized (lock) {
            return failure;
        }
    }

    @Override
    public @Nullable String preAppend(long term, byte[] payload) {
        synchronized (lock) {
            return vetoes.test(text(payload)) ? "vetoed by the test" : null;
        }
    }

    @Override
    public CompletableFuture<?> apply(LogPosition position, byte[] payload) {
        synchronized (lock) {
            inOrder(position);
            replayed.add(position);
            LogPosition last =
                    applied.isEmpty() ? LogPosition.NONE : applied.getLast().position();
            if (position.index() > last.index()) {
                applied.add(new Applied(position, text(payload)));
            } else {
                Invariant.check(
                        position.index() <= startedBehind.index(), "an entry was handed over twice in one life");
            }
            lock.notifyAll();
        }
        return CompletableFuture.completedFuture(null);
    }

    private void inOrder(LogPosition position) {
        Invariant.check(position.index() > told.index(), () -> position + " came after " + told);
        told = position;
    }

    @Override
    public void configured(LogPosition position, List<Peer> peers) {
        synchronized (lock) {
            inOrder(position);
            configured.add(peers);
            lock.notifyAll();
        }
    }

    @Override
    public void leaderReady(long term) {
        synchronized (lock) {
            readyTerms.add(term);
            lock.notifyAll();
        }
    }

    @Override
    public void notLeader(long term) {
        synchronized (lock) {
            lostTerms.add(term);
            lock.notifyAll();
        }
    }

    @Override
    public void leaderChanged(@Nullable PeerId newLeader) {
        synchronized (lock) {
            leader = newLeader;
            lock.notifyAll();
        }
    }

    @Override
    public void removed() {
        synchronized (lock) {
            Invariant.check(!removed, "a node was removed twice in one life");
            removed = true;
            lock.notifyAll();
        }
    }

    @Override
    public void failed(Throwable cause) {
        synchronized (lock) {
            failure = cause;
            lock.notifyAll();
        }
    }

    @Override
    public CompletableFuture<LogPosition> missing(LogPosition first) {
        synchronized (lock) {
            if (others == null) {
                return StateMachine.super.missing(first);
            }
            persist();
            for (Applied each : others.entries) {
                if (each.position().index() > journal.last().index()) {
                    inOrder(each.position());
                    applied.add(each);
                    journal.entries.add(each);
                }
            }
            lock.notifyAll();
            return CompletableFuture.completedFuture(journal.last());
        }
    }

    @Override
    public LogPosition durable() {
        return journal.last();
    }

    private static String text(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }
}
