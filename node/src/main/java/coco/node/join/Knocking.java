package coco.node.join;

import coco.governance.NodeEntry;
import coco.governance.document.DocumentException;
import coco.node.channel.BoundedExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A newcomer's end of {@link JoinDesk}: asks the nodes it was told of, one after the other, until one answers. */
public final class Knocking {
    private static final Duration REPLY = Duration.ofSeconds(20);
    private static final int ANSWER_BYTES_MAX = 256 * 1024;

    private final HttpClient http;
    private final List<URI> nodes;
    private final byte[] request;

    /**
     * An answer, and who gave it.
     *
     * @param node base address of its administrative listener
     */
    public record Heard(URI node, JoinAnswer answer) {}

    /**
     * A newcomer.
     *
     * @param http with the newcomer's identity, and trust in this network's nodes
     * @param nodes base addresses of administrative listeners
     * @param version of this software
     */
    public Knocking(HttpClient http, List<URI> nodes, NodeEntry self, String version) {
        this.http = http;
        this.nodes = List.copyOf(nodes);
        this.request = new JoinDesk.Request(JoinDesk.VERSION, version, self).encode();
    }

    /**
     * Knocks once.
     *
     * @param dryRun only asks what would be found
     * @throws JoinException if no node answers; says why not, of each
     */
    public Heard knock(boolean dryRun) throws InterruptedException {
        List<String> troubles = new ArrayList<>();
        for (URI node : nodes) {
            try {
                return new Heard(node, ask(node, dryRun));
            } catch (IOException | DocumentException | JoinException failed) {
                troubles.add(node + " (" + words(failed) + ")");
            }
        }
        throw new JoinException("no node answers: " + String.join(", ", troubles));
    }

    private JoinAnswer ask(URI node, boolean dryRun) throws IOException, InterruptedException {
        HttpRequest asking = HttpRequest.newBuilder(node.resolve("/node/join" + (dryRun ? "?dry-run=true" : "")))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                .build();
        HttpResponse<byte[]> reply = BoundedExchange.send(http, asking, ANSWER_BYTES_MAX, REPLY);
        byte[] body = reply.body();
        if (reply.statusCode() != 200) {
            String words = new String(body, 0, Math.min(body.length, 500), StandardCharsets.UTF_8);
            throw new JoinException("status " + reply.statusCode() + ": " + words.strip());
        }
        return JoinAnswer.decode(body);
    }

    private static String words(Exception failed) {
        return failed instanceof IOException && failed.getMessage() == null
                ? failed.getClass().getSimpleName()
                : String.valueOf(failed.getMessage());
    }
}
