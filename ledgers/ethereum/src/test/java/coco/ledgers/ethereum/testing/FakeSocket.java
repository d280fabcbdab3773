package coco.ledgers.ethereum.testing;

import coco.ledgers.api.Caller;
import coco.ledgers.api.Quota;
import coco.ledgers.api.SharedText;
import coco.ledgers.api.SocketEndpoint;
import coco.ledgers.api.testing.SingleNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A connection to a {@link SingleNode} whose client keeps what it gets. */
public final class FakeSocket implements SocketEndpoint.Socket {
    private final Caller caller;
    private final SocketEndpoint.Session session;
    private final List<JsonNode> answers = new ArrayList<>();
    private final List<JsonNode> notifications = new ArrayList<>();
    private final List<SharedText> shared = new ArrayList<>();
    private Quota quota = Quota.UNLIMITED;
    private int closedWith;

    public FakeSocket(SingleNode node, Caller caller) {
        this.caller = caller;
        this.session = node.ledger().sockets().getFirst().acceptor().open(this);
    }

    /** How many calls the client may make from now on. */
    public FakeSocket quota(Quota changed) {
        quota = changed;
        return this;
    }

    /** The client sends a text. */
    public FakeSocket send(String text) {
        try {
            session.message(text.getBytes(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new AssertionError("a session threw", e);
        }
        return this;
    }

    /** The client asks; the answer. */
    public JsonNode ask(String method, String params) {
        int before = answers.size();
        send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}");
        if (answers.size() != before + 1) {
            throw new AssertionError("not one answer but " + (answers.size() - before));
        }
        return answers.getLast();
    }

    /** The client subscribes; the id. */
    public String subscribe(String params) {
        return ask("eth_subscribe", params).get("result").asString();
    }

    /** Code and message of a request that must fail. */
    public String error(String method, String params) {
        JsonNode error = ask(method, params).get("error");
        return error.get("code").asInt() + " " + error.get("message").asString();
    }

    /** The client goes. */
    public void leave() {
        session.closed();
    }

    public List<JsonNode> answers() {
        return answers;
    }

    /** What it was told of, oldest first. */
    public List<JsonNode> notifications() {
        return notifications;
    }

    /** The results of what one subscription was told, oldest first. */
    public List<JsonNode> results(String id) {
        return notifications.stream()
                .map(each -> each.get("params"))
                .filter(each -> each.get("subscription").asString().equals(id))
                .map(each -> each.get("result"))
                .toList();
    }

    /** The shared part of each notification. */
    public List<SharedText> shared() {
        return shared;
    }

    /** The code with which the ledger closed it; 0 if it did not. */
    public int closedWith() {
        return closedWith;
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public Quota quota() {
        return quota;
    }

    @Override
    public boolean send(byte[] text) {
        answers.add(Rpc.MAPPER.readTree(text));
        return true;
    }

    @Override
    public boolean offer(byte[] before, SharedText text, byte[] after) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(before);
        whole.writeBytes(text.utf8());
        whole.writeBytes(after);
        notifications.add(Rpc.MAPPER.readTree(whole.toByteArray()));
        shared.add(text);
        return true;
    }

    @Override
    public void close(int code, String reason) {
        closedWith = code;
    }
}
