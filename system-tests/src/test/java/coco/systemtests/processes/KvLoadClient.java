package coco.systemtests.processes;

import coco.crypto.Hex;
import coco.ledgers.kv.KvTransaction;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Puts keys of its own. The request's id makes it safe to ask again elsewhere. */
final class KvLoadClient implements LoadClient {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final String name;
    private long sequence;

    /** @param name unlike that of any other client of the network */
    KvLoadClient(String name) {
        this.name = name;
    }

    private String key() {
        return name + "-" + sequence;
    }

    private String value() {
        return "value of " + key();
    }

    @Override
    public Acknowledged current() {
        KvTransaction transaction = new KvTransaction(
                key(), key().getBytes(StandardCharsets.UTF_8), value().getBytes(StandardCharsets.UTF_8));
        return new Acknowledged(Acknowledged.KV, Hex.encode(transaction.id()));
    }

    @Override
    public boolean attempt(ProcessNetwork network, int node) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(network.url(node, "/kv/" + key() + "?id=" + key()))
                .timeout(PATIENCE)
                .PUT(HttpRequest.BodyPublishers.ofString(value()))
                .build();
        return network.send(request).statusCode() == 200;
    }

    @Override
    public void advance() {
        sequence++;
    }
}
