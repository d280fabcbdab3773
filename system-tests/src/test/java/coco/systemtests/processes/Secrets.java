package coco.systemtests.processes;

import coco.systemtests.canary.Canary;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Every way in which a client can tell a network a secret.
 *
 * @param committed those that end up in blocks: with encryption off they must be found
 * @param passing those that no block holds
 */
record Secrets(List<Canary> committed, List<Canary> passing) {
    static final String STORAGE = "contract storage";
    static final String TOPIC = "event topic";
    static final String DATA = "event data";
    static final String CODE = "contract code";
    static final String REVERTED = "call data of a reverted call";
    static final String KV_KEY = "kv key";
    static final String KV_VALUE = "kv value";
    static final String KV_MANY = "kv value of a batch";
    static final String KV_REQUEST = "kv request id";
    static final String NONCE_TOO_LOW = "call data of a transaction with a used nonce";
    static final String NONCE_GAP = "call data of a transaction that waits for others";
    static final String WRONG_CHAIN = "call data of a transaction for another chain";
    static final String NO_FUNDS = "call data of a transaction without funds";
    static final String SIMULATED = "call data of eth_call";
    static final String ESTIMATED = "call data of eth_estimateGas";
    static final String FILTER = "topic of eth_getLogs";
    static final String METHOD = "JSON-RPC method";
    static final String MALFORMED_BODY = "body that is no JSON";
    static final String MALFORMED_FIELD = "hexadecimal field that is none";
    static final String PATH = "path";
    static final String QUERY = "query";
    static final String HEADER = "header";
    static final String HOST = "host";
    static final String HTTP_METHOD = "HTTP method";
    static final String REQUEST_LINE = "request line that is none";
    static final String CUT_OFF = "body that breaks off";

    static Secrets random(RandomGenerator random) {
        List<Canary> committed = new ArrayList<>();
        for (String name : List.of(STORAGE, TOPIC, DATA, CODE, REVERTED, KV_VALUE)) {
            committed.add(Canary.bytes(name, random));
        }
        for (String name : List.of(KV_KEY, KV_MANY, KV_REQUEST)) {
            committed.add(Canary.text(name, random));
        }
        List<Canary> passing = new ArrayList<>();
        for (String name : List.of(NONCE_TOO_LOW, NONCE_GAP, WRONG_CHAIN, NO_FUNDS, SIMULATED, ESTIMATED, FILTER)) {
            passing.add(Canary.bytes(name, random));
        }
        for (String name : List.of(
                METHOD,
                MALFORMED_BODY,
                MALFORMED_FIELD,
                PATH,
                QUERY,
                HEADER,
                HOST,
                HTTP_METHOD,
                REQUEST_LINE,
                CUT_OFF)) {
            passing.add(Canary.text(name, random));
        }
        return new Secrets(committed, passing);
    }

    List<Canary> all() {
        List<Canary> all = new ArrayList<>(committed);
        all.addAll(passing);
        return all;
    }

    byte[] bytes(String name) {
        return get(name).bytes();
    }

    String text(String name) {
        return get(name).asText();
    }

    String hex(String name) {
        return get(name).asHex();
    }

    private Canary get(String name) {
        return all().stream()
                .filter(canary -> canary.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
