package coco.cli.bench;

import coco.client.load.ApplyProbe;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Follows one transfer at a time: sent to one node, taken for done when the block it is in is on all of them. */
final class EthereumProbe implements ApplyProbe {
    private final List<Chain> nodes;
    private final NextTransaction next;
    private int sent;

    EthereumProbe(List<Chain> nodes, NextTransaction next) {
        this.nodes = nodes;
        this.next = next;
    }

    @Override
    public boolean sendAndAwaitAllNodes() {
        int first = sent % nodes.size();
        JsonNode receipt = nodes.get(first).sendAndAwait(next.withNonce(sent++));
        long block = Chain.quantity(receipt.get("blockNumber"));
        for (int i = 1; i < nodes.size(); i++) {
            Chain node = nodes.get((first + i) % nodes.size());
            while (node.blockNumber() < block) {
                Thread.onSpinWait();
            }
        }
        return true;
    }

    /** Makes the transfers to follow. */
    @FunctionalInterface
    interface NextTransaction {
        byte[] withNonce(long nonce);
    }
}
