package coco.ledgers.ethereum.rpc;

import coco.evm.transition.TransactionMessage;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.simulation.BlockOverrides;
import coco.ledgers.ethereum.simulation.StateOverrides;
import java.util.Map;

/** eth_call and eth_estimateGas. */
final class CallMethods {
    private static final long LEAST_GAS = 21_000;
    /** The call, a block, and overrides of state and block. */
    private static final int MAX_PARAMS = 4;

    private final Genesis genesis;
    private final Simulator simulator;

    CallMethods(Genesis genesis, Simulator simulator) {
        this.genesis = genesis;
        this.simulator = simulator;
    }

    void register(Map<String, Method> methods) {
        methods.put("eth_call", this::call);
        methods.put("eth_estimateGas", this::estimateGas);
    }

    private TransactionMessage message(Params params, long gasCap) throws RpcException {
        params.atMost(MAX_PARAMS);
        return Calls.parse(params.required(0), genesis.config().chainId(), gasCap);
    }

    private Answer call(Exchange exchange, Params params) throws RpcException {
        TransactionMessage message = message(params, simulator.gasCap());
        return Answer.data(simulator.call(
                exchange,
                exchange.at(params.blockOrLatest(1)),
                Overrides.state(params.optional(2), 2),
                Overrides.blockOfCall(params.optional(3), 3),
                message));
    }

    private Answer estimateGas(Exchange exchange, Params params) throws RpcException {
        long cap = Math.min(genesis.transactionGasCap(), simulator.gasCap());
        TransactionMessage message = message(params, cap);
        StateAt at = exchange.at(params.blockOrLatest(1));
        StateOverrides state = Overrides.state(params.optional(2), 2);
        BlockOverrides block = Overrides.blockOfCall(params.optional(3), 3);
        long limit = block.gasLimit() == null ? at.header().gasLimit() : block.gasLimit();
        long most = Long.compareUnsigned(limit, cap) < 0 ? limit : cap;
        boolean named = message.gasLimit() >= LEAST_GAS && message.gasLimit() <= most;
        return Answer.quantity(
                simulator.estimate(exchange, at, state, block, named ? message : Calls.withGas(message, most)));
    }
}
