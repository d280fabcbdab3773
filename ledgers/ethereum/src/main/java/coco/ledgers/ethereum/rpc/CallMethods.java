package coco.ledgers.ethereum.rpc;

import coco.evm.transition.TransactionMessage;
import coco.ledgers.ethereum.chain.Genesis;
import java.util.Map;

/** eth_call and eth_estimateGas. */
final class CallMethods {
    private static final long LEAST_GAS = 21_000;

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
        params.atMost(2);
        return Calls.parse(params.required(0), genesis.config().chainId(), genesis.baseFee(), gasCap);
    }

    private Answer call(Exchange exchange, Params params) throws RpcException {
        TransactionMessage message = message(params, simulator.gasCap());
        return Answer.data(simulator.call(exchange, exchange.at(params.blockOrLatest(1)), message));
    }

    private Answer estimateGas(Exchange exchange, Params params) throws RpcException {
        long most = Math.min(Math.min(genesis.gasLimit(), genesis.transactionGasCap()), simulator.gasCap());
        TransactionMessage message = message(params, most);
        TransactionMessage bounded = message.gasLimit() < LEAST_GAS ? Calls.withGas(message, most) : message;
        return Answer.quantity(simulator.estimate(exchange, exchange.at(params.blockOrLatest(1)), bounded));
    }
}
