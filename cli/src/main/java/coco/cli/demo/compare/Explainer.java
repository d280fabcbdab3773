package coco.cli.demo.compare;

import coco.evm.BlockEnvironment;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a transaction ended otherwise than in the block it comes from, by executing it again. Its block is
 * executed as it was, by the rules and on the state of its time; before each transaction in question it is asked what
 * becomes of it there <em>by the rules of the two networks</em>, then also <em>in the block in which a network had
 * it</em>. Whichever first gives the result that was seen is the reason; if neither does, it ran on another state.
 */
final class Explainer {
    /** Any number; it only places entries in tables. */
    private static final long HASH_SEED = 11;

    private final ChainRules networkRules;
    private final Map<String, String> codes;
    private final CodeCache cache = new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES);

    /** Why two results differ. */
    enum Kind {
        /** The rules of today ask another amount of gas for the same work. */
        PRICE("price: today's rules ask another amount of gas for the same work"),
        /** The contract looked at number, time or beneficiary of its block. */
        TIME("time: the contract looks at its block's number, time or beneficiary"),
        /** Other transactions ran before it, so that it found another state. */
        ORDER("order: it ran on another state, as other transactions came before it");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /**
     * What is asked.
     *
     * @param seen what became of it on the networks
     * @param block what it could learn about its block there
     */
    record Question(SourceTransaction.Outcome seen, BlockEnvironment block) {}

    /**
     * Explains by the rules of a network.
     *
     * @param codes of the contracts, by hash
     */
    Explainer(ChainRules networkRules, Map<String, String> codes) {
        this.networkRules = networkRules;
        this.codes = codes;
    }

    /**
     * Executes a block again.
     *
     * @param questions gives what is asked about the transaction at an index; null for nothing
     * @return the reasons by index
     */
    Map<Integer, Kind> explain(SourceBlock block, Function<Integer, @Nullable Question> questions) {
        InMemoryWorld world = world(block);
        JournaledState state = new JournaledState(world, cache, HASH_SEED);
        TransactionExecutor then = new TransactionExecutor(block.rules(), null);
        TransactionExecutor now = new TransactionExecutor(networkRules, null);
        Map<Integer, Kind> reasons = new HashMap<>();
        for (SourceTransaction source : block.transactions()) {
            TransactionMessage message = TransactionMessage.of(source.transaction(), source.sender());
            Question question = questions.apply(source.index());
            if (question != null) {
                reasons.put(source.index(), kind(state, now, message, question, block.environment()));
            }
            if (then.execute(
                            state,
                            block.environment(),
                            message,
                            block.environment().gasLimit())
                    instanceof Outcome.Executed) {
                then.commit(state, world);
            }
        }
        return reasons;
    }

    private static Kind kind(
            JournaledState state,
            TransactionExecutor executor,
            TransactionMessage message,
            Question question,
            BlockEnvironment original) {
        if (question.seen().equals(outcome(state, executor, message, original))) {
            return Kind.PRICE;
        }
        return question.seen().equals(outcome(state, executor, message, question.block())) ? Kind.TIME : Kind.ORDER;
    }

    private static SourceTransaction.@Nullable Outcome outcome(
            JournaledState state, TransactionExecutor executor, TransactionMessage message, BlockEnvironment block) {
        if (executor.execute(state, block, message, message.gasLimit()) instanceof Outcome.Executed executed) {
            state.rollBackTransaction();
            return new SourceTransaction.Outcome(executed.isSuccess(), executed.gasUsed());
        }
        return null;
    }

    private InMemoryWorld world(SourceBlock block) {
        InMemoryWorld world = new InMemoryWorld();
        for (Map.Entry<Address, AccountState> entry : block.preState().entrySet()) {
            Stability.put(world, codes, entry.getKey(), entry.getValue());
        }
        block.blockHashes().forEach(world::putBlockHash);
        return world;
    }
}
