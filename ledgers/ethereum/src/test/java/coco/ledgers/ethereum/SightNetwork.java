package coco.ledgers.ethereum;

import coco.crypto.Secp256k1;
import coco.evm.code.CodeCache;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.SocketEndpoint;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.access.ReaderLists;
import coco.ledgers.ethereum.chain.AccessViews;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.Executors;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.chain.Outlook;
import coco.ledgers.ethereum.chain.Sight;
import coco.ledgers.ethereum.chain.Sights;
import coco.ledgers.ethereum.pool.Admission;
import coco.ledgers.ethereum.pool.PoolLimits;
import coco.ledgers.ethereum.rpc.JsonRpc;
import coco.ledgers.ethereum.rpc.Simulator;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Lists;
import coco.ledgers.ethereum.testing.Rpc;
import coco.ledgers.ethereum.testing.Vaults;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A network with something of every kind that may be hidden, and everybody who may ask for it. Requests are answered by
 * a JSON-RPC endpoint over the same state whose filter can be taken away.
 */
final class SightNetwork {
    static final int OWNER = 0;
    static final int READER = 1;
    static final int OTHER = 2;
    static final int SENDER = 3;
    static final int CALLER = 5;
    private static final int ACCOUNTS = 6;

    /** Everybody who asks, in the order of the table's columns. */
    static final Map<String, Caller> IDENTITIES = new LinkedHashMap<>();

    static {
        IDENTITIES.put("anonymous", Caller.ANONYMOUS);
        IDENTITIES.put("other", user(OTHER));
        IDENTITIES.put("reader", user(READER));
        IDENTITIES.put("caller", user(CALLER));
        IDENTITIES.put("sender", user(SENDER));
        IDENTITIES.put("auditor", new Caller.Auditor("all"));
    }

    /**
     * One thing that happened, in a block of its own.
     *
     * @param hash of the transaction
     * @param address the contract that it is about
     * @param secret hexadecimal that only who may read the contract sees
     */
    record Content(String hash, Address address, String block, String blockHash, String parentHash, String secret) {}

    final SingleNode node =
            new SingleNode(new EthereumLedgerFactory(), Keys.genesisWithReaders(ACCOUNTS)).settings(Rpc.ACCEPTED);
    final Map<String, Content> contents = new LinkedHashMap<>();
    private final JsonRpc rpc;
    private final JsonRpc open;
    private final long[] nonces = new long[ACCOUNTS];
    private final LedgerContext context;
    /** Whether everybody sees everything. */
    boolean unfiltered;
    /** The hash of a transaction that is looked for once more, and left out, whoever asks for whatever. */
    volatile byte @Nullable [] extra;

    SightNetwork() {
        this(node -> node);
    }

    /** One whose endpoint looks at it through another context. */
    SightNetwork(UnaryOperator<LedgerContext> context) {
        this.context = context.apply(node);
        node.access(new AccessSettings(
                AccessSettings.Contracts.OPEN,
                AccessSettings.Senders.ANY,
                AccessSettings.Accounts.OPEN,
                true,
                List.of(),
                List.of(new AccessSettings.Grant("all", List.of("*"), Long.MAX_VALUE))));
        Genesis genesis = Genesis.parse(node.genesisDocument());
        CodeCache codes = new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES);
        Permits permits = new Permits(new AccessViews(genesis, codes, 5));
        this.rpc = rpc(genesis, codes, view -> {
            byte[] wanted = extra;
            if (wanted != null && new ChainReader(view, permits.of(view)).find(wanted) != null) {
                throw new AssertionError("it is not hidden");
            }
            return unfiltered ? Sight.WHOLE : permits.of(view);
        });
        this.open = rpc(genesis, codes, view -> Sight.WHOLE);
        fill();
    }

    private JsonRpc rpc(Genesis genesis, CodeCache codes, Sights sights) {
        Admission admission = new Admission(
                genesis, new Outlook(genesis), PoolLimits.DEFAULT, Secp256k1.fastest(), EthereumLedger.ID);
        Simulator simulator = new Simulator(genesis, new Executors(), codes, 5, context);
        return new JsonRpc(context, sights, genesis, admission, simulator, "test", new Random(5));
    }

    static Caller user(int key) {
        return new Caller.User("ethereum", Keys.address(key).bytes());
    }

    static byte[] word(int seed) {
        byte[] word = new byte[32];
        new Random(seed).nextBytes(word);
        return word;
    }

    /** The answer to a request. */
    JsonNode ask(Caller caller, String method, Object... params) {
        return ask(rpc, caller, method, params);
    }

    /** The answer's bytes. */
    byte[] exchange(Caller caller, byte[] body) {
        return rpc.handle(new Endpoint.Request(caller, "", Map.of(), body, false))
                .body();
    }

    /** What is there, whoever may see it. */
    JsonNode truth(String method, Object... params) {
        JsonNode answer = ask(open, Caller.ANONYMOUS, method, params);
        if (!answer.has("result")) {
            throw new AssertionError(method + ": " + answer);
        }
        return answer.get("result");
    }

    private static JsonNode ask(JsonRpc rpc, Caller caller, String method, Object... params) {
        return Rpc.MAPPER.readTree(
                rpc.handle(new Endpoint.Request(caller, "", Map.of(), Questioner.body(method, params), false))
                        .body());
    }

    /** A connection that stays open. */
    SocketEndpoint.Session open(SocketEndpoint.Socket socket) {
        return rpc.open(socket);
    }

    /** Tells the endpoint of a block. */
    void published() {
        rpc.published(node.blocks().size() - 1L);
    }

    /** A signed transaction, the next one of its sender. */
    Transaction sign(int key, @Nullable Address to, byte[] data, int value) {
        return Keys.transfer(0)
                .gasLimit(3_000_000)
                .to(to)
                .value(Word.of(value))
                .data(data)
                .nonce(nonces[key]++)
                .sign(Keys.CURVE, Keys.secret(key));
    }

    /** Sends it, and waits for nothing. */
    String send(Transaction transaction) {
        JsonNode answer = ask(open, Caller.ANONYMOUS, "eth_sendRawTransaction", Rpc.raw(transaction));
        rpc.pooled(transaction, sender(transaction));
        if (!answer.has("result")) {
            throw new AssertionError(answer.toString());
        }
        return answer.get("result").asString();
    }

    private static Address sender(Transaction transaction) {
        Address sender = transaction.sender(Keys.CURVE);
        if (sender == null) {
            throw new AssertionError("nobody signed it");
        }
        return sender;
    }

    String act(int key, Address to, String data, int value) {
        return send(sign(key, to, HexFormat.of().parseHex(data, 2, data.length()), value));
    }

    Address deploy(int key, byte[] creation) {
        return contractOf(send(sign(key, null, creation, 0)));
    }

    private Address contractOf(String hash) {
        return Address.fromHex(
                truth("eth_getTransactionReceipt", hash).get("contractAddress").asString());
    }

    private void note(String name, String hash, @Nullable Address address, byte[] secret) {
        JsonNode receipt = truth("eth_getTransactionReceipt", hash);
        String block = receipt.get("blockNumber").asString();
        contents.put(
                name,
                new Content(
                        hash,
                        address == null ? contractOf(hash) : address,
                        block,
                        receipt.get("blockHash").asString(),
                        truth("eth_getBlockByNumber", block, false)
                                .get("parentHash")
                                .asString(),
                        HexFormat.of().formatHex(secret)));
    }

    private void fill() {
        byte[] first = word(1);
        byte[] second = word(2);
        Address router = deploy(SENDER, Vaults.router(word(3)));
        Address readable = deploy(OWNER, Vaults.vault(Keys.address(OWNER), Keys.address(READER), first, true));
        Address unreadable = deploy(OWNER, Vaults.vault(Keys.address(OWNER), Keys.address(OWNER), second, false));
        note("open", act(SENDER, router, Vaults.routed(Keys.address(4), "0x"), 5), router, word(3));
        note("readable", act(OWNER, readable, Vaults.ACT, 5), readable, first);
        note("unreadable", act(OWNER, unreadable, Vaults.ACT, 5), unreadable, second);
        String made = act(OWNER, readable, Vaults.MAKE, 5);
        note("child", made, child(readable, made), first);
        note("failed", send(sign(SENDER, null, Vaults.failing(), 0)), null, word(4));
        note("destroyed", send(sign(SENDER, null, Vaults.destroyed(), 0)), null, word(4));
        note("denied", act(SENDER, readable, Vaults.ACT, 0), readable, first);
        note("routed", act(SENDER, router, Vaults.routed(readable, Vaults.ACT), 0), router, first);
        fillThroughOthers(word(7));
        fillByLists();
        node.heartbeat(true);
        node.mine();
        node.heartbeat(false);
        JsonNode empty = truth("eth_getBlockByNumber", "latest", false);
        contents.put(
                "nothing",
                new Content(
                        Rpc.hex(word(9)),
                        Address.of(Arrays.copyOf(word(10), 20)),
                        empty.get("number").asString(),
                        empty.get("hash").asString(),
                        empty.get("parentHash").asString(),
                        HexFormat.of().formatHex(word(11))));
    }

    /** What goes through other contracts, and a vault that somebody may call and not read. */
    private void fillThroughOthers(byte[] secret) {
        Address proxy = deploy(SENDER, Vaults.router(word(3)));
        Address multicall = deploy(SENDER, Vaults.multicall(word(3)));
        Address delegating = deploy(SENDER, Vaults.delegating(word(3)));
        Vaults.Members members =
                new Vaults.Members(Keys.address(OWNER), Keys.address(READER), Keys.address(CALLER), proxy);
        Address vault = deploy(OWNER, Vaults.vault(members, secret, false));
        Address factory = deploy(SENDER, Vaults.factory(word(3), Vaults.vault(members, secret, false)));
        Address implementation = deploy(OWNER, Vaults.implementation(secret));
        Address upgradeable = deploy(OWNER, Vaults.proxy(members, secret, implementation));
        Address killed = deploy(OWNER, Vaults.vault(members, secret, false));
        act(OWNER, killed, Vaults.ACT, 5);
        for (Address open : List.of(multicall, delegating)) {
            act(SENDER, open, Vaults.routed(open, "0x" + "00".repeat(32)), 5);
        }

        note("called", act(CALLER, vault, Vaults.ACT, 5), vault, secret);
        note("proxied", act(OWNER, proxy, Vaults.routed(vault, Vaults.ACT), 5), proxy, secret);
        String both = Vaults.routed(proxy, Vaults.routed(vault, Vaults.ACT));
        note("multicall", act(SENDER, multicall, both, 0), multicall, secret);
        note("delegated", act(SENDER, delegating, Vaults.routed(vault, Vaults.ACT), 0), delegating, secret);
        String made = act(OWNER, factory, "0x", 5);
        note("factory", made, child(factory, made), secret);
        note("upgradeable", act(OWNER, upgradeable, Vaults.ACT, 5), upgradeable, secret);
        note("killed", act(OWNER, killed, Vaults.KILL, 0), killed, secret);
        act(OWNER, killed, Vaults.ACT, 5);
    }

    /** Contracts without a rule, whose senders named the reader. */
    private void fillByLists() {
        byte[] code = Vaults.router(word(8));
        List<Address> readers = List.of(Keys.address(READER));
        send(sign(OWNER, ReaderLists.ADDRESS, Lists.create(code, readers), 0));
        Address listed = Lists.made(Keys.address(OWNER), code);
        note("listed", act(OWNER, listed, Vaults.routed(Keys.address(4), "0x"), 5), listed, word(8));
        String naming = send(sign(SENDER, ReaderLists.ADDRESS, Lists.create(code, readers), 5));
        note("naming", naming, Lists.made(Keys.address(SENDER), code), word(8));
    }

    private Address child(Address maker, String hash) {
        JsonNode traces = truth("trace_transaction", hash);
        for (JsonNode trace : traces) {
            if (trace.get("type").asString().equals("create")) {
                return Address.fromHex(trace.get("result").get("address").asString());
            }
        }
        throw new AssertionError(maker + " made nothing: " + traces);
    }
}
