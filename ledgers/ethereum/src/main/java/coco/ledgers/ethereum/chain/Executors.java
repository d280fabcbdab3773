package coco.ledgers.ethereum.chain;

import coco.evm.FrameGuard;
import coco.evm.transition.ChainRules;
import coco.evm.transition.SystemCalls;
import coco.evm.transition.TransactionExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The state transition by fork, for one chain. Safe for any number of threads. */
public final class Executors {
    private record Rules(TransactionExecutor executor, SystemCalls systemCalls) {}

    private final @Nullable FrameGuard guard;
    /** As many as the chain has forks and sets of blob parameters. */
    private final Map<ChainRules, Rules> known = new ConcurrentHashMap<>();

    /** All forks of a chain; every frame is entered. */
    public Executors() {
        this(null);
    }

    /** @param guard asked before every frame; null to enter them all */
    Executors(@Nullable FrameGuard guard) {
        this.guard = guard;
    }

    /** Executes transactions by the rules of a block. */
    public TransactionExecutor of(ChainRules rules) {
        return known(rules).executor;
    }

    /**
     * Executes calls that nobody keeps by the rules of a block.
     *
     * @param between asked before every frame; null for the usual executor
     */
    public TransactionExecutor of(ChainRules rules, @Nullable FrameGuard between) {
        return between == null ? of(rules) : new TransactionExecutor(rules, between);
    }

    /** Makes the calls of a block that no transaction makes, by the rules of the block. */
    public SystemCalls systemCalls(ChainRules rules) {
        return known(rules).systemCalls;
    }

    private Rules known(ChainRules rules) {
        return known.computeIfAbsent(
                rules, each -> new Rules(new TransactionExecutor(each, guard), new SystemCalls(each)));
    }
}
