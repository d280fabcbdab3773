package coco.cli.bench;

import coco.client.ClientException;
import coco.client.NodeClient;
import coco.client.load.ApplyProbe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;

/** Follows one put at a time: sent to one node, taken for done when all nodes have reached its height. */
final class KvProbe implements ApplyProbe {
    private final List<NodeClient> nodes;
    private final AppliedEverywhere everywhere;
    private int sent;

    KvProbe(List<NodeClient> nodes, LongSupplier nanoClock, Runnable pause) {
        this.nodes = nodes;
        this.everywhere = new AppliedEverywhere(nodes.size(), node -> height(nodes.get(node)), nanoClock, pause);
    }

    @Override
    public boolean sendAndAwaitAllNodes() {
        int first = sent % nodes.size();
        String body = "[{\"key\":\"probe" + sent++ + "\",\"value\":\"x\"}]";
        JsonNode reply = nodes.get(first)
                .post("/kv", body.getBytes(StandardCharsets.US_ASCII))
                .body()
                .path(0);
        if (!reply.path("height").isIntegralNumber()) {
            throw new ClientException("a put was not committed: " + reply);
        }
        everywhere.await(first, reply.path("height").asLong());
        return true;
    }

    private static long height(NodeClient node) {
        return node.get("/node/state").body().path("height").asLong(-1);
    }
}
