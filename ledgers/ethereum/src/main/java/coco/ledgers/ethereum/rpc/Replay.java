package coco.ledgers.ethereum.rpc;

import coco.evm.Cancellation;
import coco.evm.Halt;
import coco.evm.Tracer;
import coco.evm.state.JournaledState;
import coco.evm.transition.BlockReplay;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionGuard;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Header;
import coco.evm.types.Transaction;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.chain.StateReader;
import coco.ledgers.ethereum.simulation.OverriddenState;
import org.jspecify.annotations.Nullable;

/**
 * A block executed once more on the state of its parent, one transaction after the other. For one exchange, whose time
 * it minds, and one thread.
 */
final class Replay {
    private final Exchange exchange;
    private final BlockReplay block;
    private final OverriddenState state;
    private int logs;

    private Replay(Exchange exchange, BlockReplay block, OverriddenState state) {
        this.exchange = exchange;
        this.block = block;
        this.state = state;
    }

    /**
     * Begins a block of the chain.
     *
     * @throws RpcException if it is the first, or the state of its parent is no longer kept
     */
    static Replay of(Exchange exchange, Genesis genesis, Simulator simulator, ChainReader.Block block)
            throws RpcException {
        Header header = block.header();
        ChainReader.Block parent = exchange.chain().byNumber(header.number() - 1);
        if (parent == null) {
            throw RpcException.server("genesis is not traceable");
        }
        return of(exchange, genesis, simulator, header, exchange.before(block, parent));
    }

    /** Begins any block that could follow a state. */
    static Replay of(Exchange exchange, Genesis genesis, Simulator simulator, Header header, StateReader parent) {
        ChainRules rules = genesis.config().rules(header.number(), header.timestamp());
        OverriddenState state = OverriddenState.above(parent);
        boolean isDaoFork = genesis.config().schedule().isDaoFork(header.number());
        JournaledState on = simulator.journaled(state);
        TransactionGuard guard = simulator.enforcement(parent, on, state, header);
        return new Replay(exchange, new BlockReplay(rules, isDaoFork, on, state, header, guard), state);
    }

    /** How many logs the transactions so far have written. */
    int logs() {
        return logs;
    }

    /** What the transactions so far have left. No transaction of the block may follow if somebody changes it. */
    OverriddenState state() {
        return state;
    }

    /** Executes the first transactions of a block while nobody watches. */
    void skip(ChainReader.Block of, int count) throws RpcException {
        for (int i = 0; i < count; i++) {
            ExecutedTransaction executed = of.transaction(i);
            next(executed.transaction(), executed.sender(), null, exchange::isLate);
        }
    }

    /**
     * Executes the next transaction.
     *
     * @throws RpcException if it takes too long, or cannot be in the block
     */
    Outcome.Executed next(Transaction transaction, Address sender, @Nullable Tracer tracer, Cancellation cancellation)
            throws RpcException {
        exchange.checkTime();
        return switch (block.next(TransactionMessage.of(transaction, sender), tracer, cancellation)) {
            case Outcome.Rejected rejected -> throw failed(rejected);
            case Outcome.Executed executed when executed.halt() == Halt.CANCELLED -> throw timedOut(exchange);
            case Outcome.Executed executed -> {
                logs += executed.logs().size();
                yield executed;
            }
        };
    }

    /** The error of what cannot be executed, in geth's words. */
    static RpcException failed(Outcome.Rejected rejected) {
        return RpcException.server("tracing failed: " + rejected.message());
    }

    /** The error of a trace that was given up. */
    static RpcException timedOut(Exchange exchange) {
        return exchange.isLate() ? RpcException.requestTimedOut() : RpcException.server("execution timeout");
    }
}
