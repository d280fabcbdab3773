package coco.ledgers.ethereum.rpc;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** eth_subscribe and eth_unsubscribe, in geth's shapes and words: on a connection that stays open. */
final class SubscribeMethods {
    void register(Map<String, Method> methods) {
        methods.put("eth_subscribe", SubscribeMethods::subscribe);
        methods.put("eth_unsubscribe", SubscribeMethods::unsubscribe);
    }

    private static Answer subscribe(Exchange exchange, Params params) throws RpcException {
        SocketSession.Turn turn = turn(exchange);
        JsonNode name = params.optional(0);
        if (name == null || !name.isString()) {
            throw new RpcException(RpcException.INVALID_PARAMS, "expected subscription name as first argument");
        }
        Feed feed = feed(name.stringValue(), params);
        return out -> {
            Subscription subscription = turn.subscribe(feed);
            boolean isAnswered = false;
            try {
                // Not before it is subscribed: no block may come between.
                subscription.knows(exchange.newestChain().height());
                out.writeString(subscription.id());
                out.flush();
                isAnswered = true;
            } finally {
                if (!isAnswered) {
                    turn.unsubscribe(subscription.id());
                }
            }
        };
    }

    private static Feed feed(String name, Params params) throws RpcException {
        return switch (name) {
            case "newHeads" -> {
                params.atMost(1);
                yield new Feed.Heads();
            }
            case "logs" -> {
                params.atMost(2);
                yield Feed.logs(LogQuery.parse(params.required(1), 1));
            }
            case "newPendingTransactions" -> {
                params.atMost(2);
                yield new Feed.Pending(params.has(1) && params.bool(1));
            }
            case "syncing" -> {
                params.atMost(1);
                yield new Feed.Syncing();
            }
            default ->
                throw new RpcException(
                        RpcException.METHOD_NOT_FOUND,
                        "no \"" + Params.abbreviated(name) + "\" subscription in eth namespace");
        };
    }

    private static Answer unsubscribe(Exchange exchange, Params params) throws RpcException {
        SocketSession.Turn turn = turn(exchange);
        params.atMost(1);
        if (!turn.unsubscribe(params.id(0))) {
            throw RpcException.server("subscription not found");
        }
        return out -> out.writeBoolean(true);
    }

    private static SocketSession.Turn turn(Exchange exchange) throws RpcException {
        SocketSession.Turn turn = exchange.turn();
        if (turn == null) {
            throw new RpcException(RpcException.METHOD_NOT_FOUND, "notifications not supported");
        }
        return turn;
    }
}
