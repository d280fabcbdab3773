package coco.node.identity;

import coco.governance.users.RecordedUse;
import coco.governance.users.UserChange;
import coco.governance.users.UserLimits;
import coco.ledgers.api.UnavailableException;
import coco.ledgers.api.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Has the uses of auditors' grants recorded before they are answered: one transaction for each question about the same
 * contracts and minute, so that an auditor does not fill the journal. Who asks for more in a minute than is told apart,
 * or has done so for a day, is recorded to have looked at everything. Any thread.
 */
public final class UseBook {
    private static final long MINUTE = 60;
    private static final long HOUR = 3_600;
    private static final String EVERYTHING = "*";

    private final Users users;
    /** What was recorded in spans of time that are not over, or is being. */
    private final Map<Entry, CompletableFuture<Boolean>> entries = new HashMap<>();

    private long minute = -1;

    /** @param ends service time from which on the same is recorded anew */
    private record Entry(UserChange.Use use, long ends) {}

    /** An empty book. */
    public UseBook(Users users) {
        this.users = users;
    }

    /**
     * Returns when it is committed that a grant was used for this.
     *
     * @throws UnavailableException if it is not: then nothing may be answered
     */
    public void record(String grant, String ledger, String kind, List<String> names) {
        try {
            if (!isRecorded(grant, ledger, kind, names)) {
                throw new UnavailableException("the use of this grant cannot be recorded, so it is not answered");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("shutting down");
        }
    }

    private boolean isRecorded(String grant, String ledger, String kind, List<String> names)
            throws InterruptedException {
        boolean many = names.size() > UserLimits.USE_CONTRACTS;
        UserChange.Use asked = new UserChange.Use(grant, ledger, kind, many ? List.of(EVERYTHING) : names);
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        Entry entry = entry(asked, isCrowded(grant));
        CompletableFuture<Boolean> known;
        synchronized (this) {
            known = entries.putIfAbsent(entry, mine);
        }
        if (known == null) {
            write(entry, mine);
            known = mine;
        }
        try {
            return known.get();
        } catch (ExecutionException never) {
            throw new IllegalStateException("a record is made or not", never);
        }
    }

    private boolean isCrowded(String grant) {
        try (View view = users.view()) {
            return RecordedUse.isCrowded(view.state(), grant, users.seconds());
        }
    }

    /** Which record a use belongs to now. */
    private synchronized Entry entry(UserChange.Use asked, boolean crowded) {
        long now = users.seconds();
        if (now / MINUTE != minute) {
            minute = now / MINUTE;
            entries.keySet().removeIf(each -> each.ends() <= now);
        }
        Entry entry = new Entry(asked, now - now % MINUTE + MINUTE);
        boolean fits = entries.containsKey(entry)
                || entries.keySet().stream()
                                .filter(each -> each.use().grant().equals(asked.grant()))
                                .count()
                        < UserLimits.USES_PER_MINUTE;
        if (fits && !crowded) {
            return entry;
        }
        UserChange.Use everything = new UserChange.Use(asked.grant(), asked.ledger(), EVERYTHING, List.of(EVERYTHING));
        return new Entry(everything, now - now % HOUR + HOUR);
    }

    private void write(Entry entry, CompletableFuture<Boolean> mine) throws InterruptedException {
        boolean isRecorded = false;
        try {
            isRecorded = users.carryOut(entry.use()) == null;
        } finally {
            if (!isRecorded) {
                synchronized (this) {
                    entries.remove(entry, mine);
                }
            }
            mine.complete(isRecorded);
        }
    }
}
