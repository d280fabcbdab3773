package coco.ledgers.ethereum.chain;

import coco.evm.FrameGuard;
import coco.evm.transition.ChainRules;
import coco.evm.transition.SystemCalls;
import coco.evm.transition.TransactionExecutor;
import coco.evm.types.Fork;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state transition by fork, for one chain. Immutable. */
public final class Executors {
    private final Map<Fork, TransactionExecutor> executors = new EnumMap<>(Fork.class);
    private final Map<Fork, SystemCalls> systemCalls = new EnumMap<>(Fork.class);

    /** All forks of a chain; every frame is entered. */
    public Executors(Genesis genesis) {
        this(genesis, null);
    }

    /** @param guard asked before every frame; null to enter them all */
    Executors(Genesis genesis, @Nullable FrameGuard guard) {
        for (Fork fork : Fork.values()) {
            ChainRules rules = new ChainRules(genesis.config().chainId(), fork, genesis.transactionGasCap());
            executors.put(fork, new TransactionExecutor(rules, guard));
            systemCalls.put(fork, new SystemCalls(rules));
        }
    }

    /** Executes transactions by the rules of a fork. */
    public TransactionExecutor of(Fork fork) {
        return present(executors.get(fork));
    }

    /** Makes the calls of a block that no transaction makes, by the rules of a fork. */
    public SystemCalls systemCalls(Fork fork) {
        return present(systemCalls.get(fork));
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a fork without rules");
        }
        return value;
    }
}
