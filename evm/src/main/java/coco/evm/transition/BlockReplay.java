package coco.evm.transition;

import coco.evm.BlockEnvironment;
import coco.evm.Cancellation;
import coco.evm.Tracer;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/**
 * A block that was executed before, once more and one transaction after the other, for whoever wants to watch some of
 * them. Nothing is compared with the header. What comes after the last transaction (rewards, withdrawals, requests) is
 * left out.
 */
public final class BlockReplay {
    private final JournaledState state;
    private final StateChanges changes;
    private final BlockEnvironment environment;
    private final TransactionExecutor executor;
    private final @Nullable TransactionGuard guard;
    private long gasLeft;

    /**
     * Begins a block, with what happens before its first transaction.
     *
     * @param rules of the block
     * @param isDaoFork whether it is the block of the irregular change of state (EIP-779)
     * @param state above the state after the parent
     * @param changes takes what each transaction changes, for whoever wants the state between two of them
     */
    public BlockReplay(ChainRules rules, boolean isDaoFork, JournaledState state, StateChanges changes, Header header) {
        this(rules, isDaoFork, state, changes, header, null);
    }

    /**
     * The same where a guard stood between the frames.
     *
     * @param guard decides as it did then; null if there was none
     */
    public BlockReplay(
            ChainRules rules,
            boolean isDaoFork,
            JournaledState state,
            StateChanges changes,
            Header header,
            @Nullable TransactionGuard guard) {
        this.state = state;
        this.changes = changes;
        this.environment = environment(rules, header);
        this.executor = new TransactionExecutor(rules, guard);
        this.guard = guard;
        this.gasLeft = header.gasLimit();
        begin(rules, isDaoFork, state, environment, header, changes);
    }

    /** What the transactions of a block learn about it. */
    public static BlockEnvironment environment(ChainRules rules, Header header) {
        Word baseFee = header.baseFeePerGas();
        Long excess = header.excessBlobGas();
        return new BlockEnvironment(
                header.number(),
                header.timestamp(),
                header.gasLimit(),
                baseFee == null ? Word.ZERO : baseFee,
                rules.fork().has(Fork.PARIS) ? Word.ofBytes32(header.mixHash(), 0) : header.difficulty(),
                header.beneficiary(),
                excess == null ? Word.ZERO : rules.blobs().baseFee(excess));
    }

    /** What happens before the first transaction of a block. */
    static void begin(
            ChainRules rules,
            boolean isDaoFork,
            JournaledState state,
            BlockEnvironment environment,
            Header header,
            StateChanges changes) {
        new SystemCalls(rules)
                .beginBlock(state, environment, header.parentHash(), header.parentBeaconBlockRoot(), changes);
        if (isDaoFork) {
            DaoFork.apply(state, changes);
        }
    }

    /**
     * Executes the next transaction and keeps what it changes for those after it.
     *
     * @param tracer watches; null for nobody
     * @param cancellation asked now and then whether to give up; null never to. What was given up ends with {@link
     *     coco.evm.Halt#CANCELLED}, and nothing can be executed after it
     */
    public Outcome next(TransactionMessage tx, @Nullable Tracer tracer, @Nullable Cancellation cancellation) {
        if (guard != null) {
            guard.beginTransaction(tx.gasLimit());
        }
        Outcome outcome = executor.trace(state, environment, tx, gasLeft, tracer, cancellation);
        if (outcome instanceof Outcome.Executed executed) {
            if (guard != null) {
                guard.endTransaction(!tx.authorizations().isEmpty());
            }
            executor.commit(state, changes);
            gasLeft -= executed.gasUsed();
        }
        return outcome;
    }
}
