package coco.ledgers.ethereum.rpc;

/** One JSON-RPC method. Safe for any number of threads. */
@FunctionalInterface
interface Method {
    /** Reads the parameters and finds the answer. */
    Answer call(Exchange exchange, Params params) throws RpcException;

    /** A method whose reading and writing takes a processor longer than a request may hold one of the carriers. */
    static Method onProcessors(Method method) {
        return (exchange, params) -> out -> exchange.compute(() -> {
            method.call(exchange, params).write(out);
            return true;
        });
    }
}
