package coco.client.load;

import coco.client.ClientException;

/** Follows single transactions until every node has applied them. Called by one thread. */
@FunctionalInterface
public interface ApplyProbe {
    /**
     * Sends one transaction and returns when all nodes have applied it.
     *
     * @return whether it was followed to its end; false if there is nothing left to send
     * @throws ClientException a node failed meanwhile; the sample is lost
     */
    boolean sendAndAwaitAllNodes();
}
