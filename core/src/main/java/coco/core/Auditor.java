package coco.core;

import coco.kv.Version;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Compares a follower's state with what the leader claims of it, every so often and in the background: followers apply
 * writes without hashing them, and a state that differs must not be served, nor led from. The leader made the claims
 * from its own state, so it need not.
 */
final class Auditor {
    private final ReplicaParts parts;
    private final Chain chain;
    private final Consumer<Throwable> fail;
    private long sinceAudit;
    private long lastAuditNanos;
    private boolean running;

    Auditor(ReplicaParts parts, Chain chain, Consumer<Throwable> fail) {
        this.parts = parts;
        this.chain = chain;
        this.fail = fail;
        this.lastAuditNanos = parts.scheduler().nanoTime();
    }

    void applied(boolean following, long nowNanos) {
        sinceAudit += Math.max(1, chain.transactionCount()); // an empty block changes the state too
        if (sinceAudit >= CoreLimits.AUDIT_TRANSACTIONS) {
            tick(following, nowNanos);
        }
    }

    void tick(boolean following, long nowNanos) {
        boolean due = sinceAudit >= CoreLimits.AUDIT_TRANSACTIONS
                || (sinceAudit > 0
                        && nowNanos - lastAuditNanos >= TimeUnit.MILLISECONDS.toNanos(CoreLimits.AUDIT_MILLIS));
        if (!following || running || !due || chain.lastBlocks().isEmpty()) {
            return;
        }
        running = true;
        sinceAudit = 0;
        lastAuditNanos = nowNanos;
        long height = chain.height();
        Map<String, LedgerBlock> claims = chain.lastBlocks();
        Version state = chain.version().lease();
        parts.background().execute(() -> {
            try (state) {
                compare(height, claims, state);
            } catch (RuntimeException | Error broken) {
                parts.scheduler().execute(() -> fail.accept(broken));
            } finally {
                parts.scheduler().execute(() -> running = false);
            }
        });
    }

    private void compare(long height, Map<String, LedgerBlock> claims, Version state) {
        claims.forEach((id, block) -> {
            Ledger ledger = Invariant.present(
                    chain.ledgersById().get(id), "a committed block is of a ledger that this node runs");
            String difference = ledger.audit(block, state);
            if (difference != null) {
                throw new BrokenInvariantException(
                        "state after block " + height + " is not the leader's: " + id + ": " + difference);
            }
        });
    }
}
