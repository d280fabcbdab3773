package coco.ledgers.ethereum.rpc;

import java.util.Map;

/** eth_getLogs: events by block, address and topics. */
final class LogMethods {
    void register(Map<String, Method> methods) {
        methods.put("eth_getLogs", LogMethods::getLogs);
    }

    private static Answer getLogs(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        return LogQuery.parse(params.required(0), 0).answer(exchange);
    }
}
