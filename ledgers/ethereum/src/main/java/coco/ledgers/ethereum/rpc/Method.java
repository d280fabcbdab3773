package coco.ledgers.ethereum.rpc;

/** One JSON-RPC method. Safe for any number of threads. */
@FunctionalInterface
interface Method {
    /** Reads the parameters and finds the answer. */
    Answer call(Exchange exchange, Params params) throws RpcException;
}
