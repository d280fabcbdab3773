package coco.ledgers.ethereum.rpc;

import coco.evm.transition.TransactionMessage;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.simulation.BlockOverrides;
import coco.ledgers.ethereum.simulation.CallRequest;
import coco.ledgers.ethereum.simulation.StateOverrides;
import java.util.List;
import java.util.Map;

/**
 * eth_fillTransaction, which completes a transaction for whoever is to sign it; and the methods that would have the
 * node sign, which holds no keys.
 */
final class UnsignedMethods {
    private final Genesis genesis;
    private final Simulator simulator;

    UnsignedMethods(Genesis genesis, Simulator simulator) {
        this.genesis = genesis;
        this.simulator = simulator;
    }

    void register(Map<String, Method> methods) {
        methods.put("eth_fillTransaction", this::fill);
        for (String signing : List.of("eth_sign", "eth_signTransaction", "eth_sendTransaction")) {
            methods.put(signing, (exchange, params) -> {
                throw RpcException.server("unknown account");
            });
        }
    }

    private Answer fill(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        long chainId = genesis.config().chainId();
        CallRequest named = Calls.request(params.required(0), chainId);
        if (named.to() == null && named.data().length == 0) {
            throw RpcException.server("contract creation without any data provided");
        }
        if (named.blobHashes() != null && named.blobHashes().isEmpty()) {
            throw RpcException.server("need at least 1 blob for a blob transaction");
        }
        if (named.to() == null && (named.blobHashes() != null || named.authorizations() != null)) {
            throw RpcException.server(
                    "missing \"to\" in " + (named.blobHashes() != null ? "blob transaction" : "set code transaction"));
        }
        StateAt newest = exchange.at(BlockTag.LATEST);
        CallRequest call = Fees.complete(
                named,
                newest.header().baseFeePerGas() == null
                        ? Word.ZERO
                        : newest.header().baseFeePerGas());
        long nonce = call.nonce() != null ? call.nonce() : StateMethods.nextNonce(exchange, call.sender());
        long gas = call.gas() != null ? call.gas() : gas(exchange, newest, call);
        Transaction filled = call.unsigned(Transaction.Type.LEGACY, chainId, nonce, gas);
        return out -> {
            out.writeStartObject();
            Hexes.data(out, "raw", filled.encoded());
            out.writeName("tx");
            BlockJson.unsigned(out, filled, call.sender());
            out.writeEndObject();
        };
    }

    private long gas(Exchange exchange, StateAt newest, CallRequest call) throws RpcException {
        long most = Math.min(Math.min(newest.header().gasLimit(), genesis.transactionGasCap()), simulator.gasCap());
        TransactionMessage message = Calls.message(call, most);
        return simulator.estimate(exchange, newest, StateOverrides.NONE, BlockOverrides.NONE, message);
    }
}
