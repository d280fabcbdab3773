package coco.ledgers.ethereum.rpc;

import coco.evm.state.WorldAccount;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.ledgers.ethereum.chain.StateReader;
import java.util.Map;

/** What is asked of accounts. */
final class StateMethods {
    void register(Map<String, Method> methods) {
        methods.put("eth_getBalance", StateMethods::getBalance);
        methods.put("eth_getTransactionCount", StateMethods::getTransactionCount);
        methods.put("eth_getCode", StateMethods::getCode);
        methods.put("eth_getStorageAt", StateMethods::getStorageAt);
    }

    private static StateReader state(Exchange exchange, Params params, int blockIndex) throws RpcException {
        return exchange.at(params.blockOrLatest(blockIndex)).state();
    }

    private static Answer getBalance(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        Address address = params.address(0);
        WorldAccount account = state(exchange, params, 1).account(address);
        return Answer.text(account == null ? "0x0" : account.balance().toQuantity());
    }

    private static Answer getTransactionCount(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        Address address = params.address(0);
        if (params.blockOrLatest(1) instanceof BlockTag.Named(boolean pending) && pending) {
            return Answer.quantity(nextNonce(exchange, address));
        }
        WorldAccount account = state(exchange, params, 1).account(address);
        return Answer.quantity(account == null ? 0 : account.nonce());
    }

    /** The nonce that an account's next transaction should have, pooled ones counted; 0 to whoever may not see it. */
    static long nextNonce(Exchange exchange, Address address) throws RpcException {
        long next = PoolQuestion.nonce(exchange.askLeader(PoolQuestion.nonceOf(address)));
        return exchange.sight().showsNextNonce(address, exchange.chain().head().number()) ? next : 0;
    }

    private static Answer getCode(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        Address address = params.address(0);
        return Answer.data(state(exchange, params, 1).codeOf(address));
    }

    private static Answer getStorageAt(Exchange exchange, Params params) throws RpcException {
        params.atMost(3);
        Address address = params.address(0);
        Word slot = params.slot(1);
        return Answer.data(state(exchange, params, 2).storage(address, slot).toBytes32());
    }
}
