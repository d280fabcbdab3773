package coco.cli.bench;

import coco.cli.console.CliException;
import coco.client.ClientException;
import coco.client.load.ApplyProbe;
import java.util.List;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;

/** Follows one transfer at a time: sent to one node, taken for done when the block it is in is on all of them. */
final class EthereumProbe implements ApplyProbe {
    private final List<Chain> nodes;
    private final NextTransaction next;
    private final AppliedEverywhere everywhere;
    private int sent;

    EthereumProbe(List<Chain> nodes, NextTransaction next, LongSupplier nanoClock, Runnable pause) {
        this.nodes = nodes;
        this.next = next;
        this.everywhere =
                new AppliedEverywhere(nodes.size(), node -> nodes.get(node).blockNumber(), nanoClock, pause);
    }

    @Override
    public boolean sendAndAwaitAllNodes() {
        int first = sent % nodes.size();
        try {
            JsonNode receipt = nodes.get(first).sendAndAwait(next.withNonce(sent++));
            everywhere.await(first, Chain.quantity(receipt.get("blockNumber")));
            return true;
        } catch (CliException e) {
            throw new ClientException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Makes the transfers to follow. */
    @FunctionalInterface
    interface NextTransaction {
        byte[] withNonce(long nonce);
    }
}
