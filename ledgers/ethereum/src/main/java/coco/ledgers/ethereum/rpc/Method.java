package coco.ledgers.ethereum.rpc;

import java.util.Map;

/** One JSON-RPC method. Safe for any number of threads. */
@FunctionalInterface
interface Method {
    /** Reads the parameters and finds the answer. */
    Answer call(Exchange exchange, Params params) throws RpcException;

    /**
     * Registers a method for those who see the whole state: what it shows could be guessed from, or holds what is
     * hidden. To others it does not exist.
     */
    static void forWholeSight(Map<String, Method> methods, String name, Method method) {
        methods.put(name, (exchange, params) -> {
            exchange.demandWholeSight(name);
            return method.call(exchange, params);
        });
    }

    /** A method whose reading and writing takes a processor longer than a request may hold one of the carriers. */
    static Method onProcessors(Method method) {
        return (exchange, params) -> out -> exchange.compute(() -> {
            method.call(exchange, params).write(out);
            return true;
        });
    }
}
