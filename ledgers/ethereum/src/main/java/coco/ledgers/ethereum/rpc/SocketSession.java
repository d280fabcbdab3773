package coco.ledgers.ethereum.rpc;

import coco.ledgers.api.Caller;
import coco.ledgers.api.SocketEndpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One WebSocket connection: the same methods as over HTTP, and the subscriptions, which end with it. Any thread. */
final class SocketSession implements SocketEndpoint.Session {
    private final JsonRpc rpc;
    private final NewsHub hub;
    private final SocketEndpoint.Socket socket;
    private final int maxSubscriptions;
    private final Supplier<String> ids;
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private boolean closed;

    /**
     * A session without subscriptions.
     *
     * @param ids ids that nobody can guess
     */
    SocketSession(JsonRpc rpc, NewsHub hub, SocketEndpoint.Socket socket, int maxSubscriptions, Supplier<String> ids) {
        this.rpc = rpc;
        this.hub = hub;
        this.socket = socket;
        this.maxSubscriptions = maxSubscriptions;
        this.ids = ids;
    }

    /** One message while it is answered; what it subscribes to begins when the answer is out. One thread. */
    final class Turn {
        private final List<Subscription> begun = new ArrayList<>();

        /**
         * Subscribes.
         *
         * @return the subscription, which holds back what it is told
         */
        Subscription subscribe(Feed feed) throws RpcException {
            Subscription subscription = new Subscription(ids.get(), feed, socket);
            add(subscription);
            begun.add(subscription);
            return subscription;
        }

        /** Ends a subscription of this connection; false if it has none of this id. */
        boolean unsubscribe(String id) {
            begun.removeIf(each -> each.id().equals(id));
            return remove(id);
        }
    }

    Caller caller() {
        return socket.caller();
    }

    private synchronized void add(Subscription subscription) throws RpcException {
        if (closed) {
            throw RpcException.server("the connection is closed");
        }
        if (subscriptions.size() >= maxSubscriptions || !hub.add(caller(), subscription)) {
            throw RpcException.limitExceeded("too many subscriptions");
        }
        subscriptions.put(subscription.id(), subscription);
    }

    private synchronized boolean remove(String id) {
        @Nullable Subscription subscription = subscriptions.remove(id);
        if (subscription != null) {
            hub.remove(caller(), subscription);
        }
        return subscription != null;
    }

    @Override
    public void message(byte[] text) throws InterruptedException {
        Turn turn = new Turn();
        byte[] answer = rpc.answer(caller(), socket.quota(), text, turn);
        if (answer.length > 0) {
            socket.send(answer);
        }
        turn.begun.forEach(Subscription::begin);
    }

    @Override
    public synchronized void closed() {
        closed = true;
        subscriptions.values().forEach(each -> hub.remove(caller(), each));
        subscriptions.clear();
    }
}
