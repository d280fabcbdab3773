package coco.systemtests.processes;

import java.io.IOException;

/** One client of a {@link Load}: it has one transaction at a time, and tries it until somebody acknowledges it. */
interface LoadClient {
    /** The transaction that is being tried. */
    Acknowledged current();

    /**
     * Sends the current transaction to a node.
     *
     * @return whether the node acknowledged it; if not, it may have been committed all the same
     */
    boolean attempt(ProcessNetwork network, int node) throws IOException, InterruptedException;

    /** Goes on to the next transaction. */
    void advance();
}
