package coco.client.load;

/**
 * What a {@link LoadDriver} sends. Everything is made ready before the run; batches of one connection are sent in their
 * order, those of different connections in any order, so transactions that depend on each other (the nonces of one
 * sender) belong to one connection. Called by one thread per connection, by all of them at a time.
 */
public interface Workload {
    /** The path that requests are posted to, {@code /} for JSON-RPC. */
    String path();

    /** How many batches there are for this connection. */
    int batches(int connection);

    /** How many transactions this batch holds. */
    int transactions(int connection, int batch);

    /** Writes the body of the request that carries this batch. */
    void write(int connection, int batch, RequestBuffer request);

    /**
     * How many transactions of a batch the node did not refuse, by its reply. The bytes hold during the call only.
     *
     * @param body holds the reply from 0 to {@code length}
     * @param transactions how many the batch held
     */
    int accepted(byte[] body, int length, int transactions);
}
