package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.cli.member.MemberSigners;
import coco.cli.network.KnownAccounts;
import coco.cli.network.NetworkFolder;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.client.ServiceTrust;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.Keccak256;
import coco.evm.ContractAddresses;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.ledgers.ethereum.access.ReaderLists;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The matrix of docs/confidentiality-matrix.md, asked of a network that runs: who signed in, and who did not, asks each
 * node in turn over HTTP and WebSocket about what happened to compiled contracts. The values expected are those of the
 * page, which is held against a table written by hand.
 */
@Tag("processes")
@Timeout(300)
class SightMatrixIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path PAGE = Path.of(System.getProperty("coco.root"), "docs", "confidentiality-matrix.md");
    private static final Address UNUSED = Address.fromHex("0x7e57ab1e7e57ab1e7e57ab1e7e57ab1e7e57ab1e");
    private static final String NO_TRANSACTION = "0x" + "5a".repeat(32);
    private static final String NO_BLOOM = "0x" + "00".repeat(256);
    private static final int READER_ROLE = 1;
    private static final List<String> IDENTITIES =
            List.of("anonymous", "other", "reader", "caller", "sender", "auditor");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder = Path.of("");

    private static List<ProcessNetwork> networks = List.of();
    private static final Map<String, EthereumClient> CLIENTS = new LinkedHashMap<>();
    private static final Map<String, Happened> CONTENTS = new LinkedHashMap<>();

    /** What each was told about what is not there, by method. */
    private static final Map<String, String> ABSENT = new LinkedHashMap<>();

    /** A transaction in a block of its own, and the contract that it is about. */
    private record Happened(String hash, String block, String address) {}

    @BeforeAll
    static void fill() throws Exception {
        ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Map.of());
        networks = List.of(network);
        int account = 0;
        for (String name : List.of("owner", "reader", "other", "sender", "caller", "anonymous")) {
            String secret = KnownAccounts.ALL.get(account++).privateKey();
            CLIENTS.put(name, new EthereumClient(network, Hex.decode(secret.substring(2))));
            if (!name.equals("anonymous")) {
                client(name).signIn(1 + account % ProcessNetwork.NODES);
            }
        }
        EthereumClient auditor = new EthereumClient(network);
        auditor.signedIn(auditorsSession());
        CLIENTS.put("auditor", auditor);
        Address plain = deploy("owner", "Plain");
        Address prober = deploy("sender", "Prober");
        Address trusted = deploy("sender", "Prober");
        Address secret = readable();
        Address unreadable = deploy("owner", "Secret");
        Address killed = readable();
        act("owner", secret, "trust(address,bool)", trusted, 1);
        Address upgradeable = deploy("owner", "Proxy", deploy("owner", "Before"));
        act("owner", upgradeable, "initialise(address)", client("owner").address());
        act("owner", upgradeable, "upgrade(address)", deploy("owner", "Upgradeable"));

        note("open", act("sender", prober, "call(address,bytes)", plain, call("value()")), prober);
        note("unreadable", act("owner", unreadable, "tell()"), unreadable);
        note("child", act("owner", secret, "spawn()"), ContractAddresses.of(secret, 1));
        note("failed", client("sender").create(1, Hex.decode("60006000fd")), UNUSED);
        note("destroyed", client("sender").create(1, Hex.decode("33ff")), UNUSED);
        note("denied", act("sender", secret, "tell()"), secret);
        note("routed", act("sender", prober, "call(address,bytes)", secret, call("tell()")), prober);
        note("proxied", act("owner", trusted, "call(address,bytes)", secret, call("tell()")), trusted);
        note("multicall", act("sender", prober, "both(address,address,bytes)", plain, secret, call("value()")), prober);
        note("delegated", act("sender", prober, "delegate(address,bytes)", secret, call("tell()")), prober);
        JsonNode upgraded = act(
                "owner",
                upgradeable,
                "grantRole(bytes32,address)",
                0,
                client("reader").address());
        note("upgradeable", upgraded, upgradeable);
        note("killed", act("owner", killed, "destroy()"), killed);
        listed("owner");
        Address listed = listed(client("owner"));
        note("listed", act("owner", listed, "tell()"), listed);
        note("naming", listed("sender"), listed(client("sender")));
        Address reader = client("reader").address();
        Address caller = client("caller").address();
        Address letterbox = deploy("owner", "Letterbox", reader, caller);
        note("readable", act("owner", letterbox, "announce()"), letterbox);
        note("called", act("caller", letterbox, "leave(bytes32)", 7), letterbox);
        Address maker = deploy("sender", "LetterboxMaker");
        JsonNode made = act("owner", maker, "make(address,address)", reader, caller);
        assertThat(made.get("status").stringValue()).isEqualTo("0x1");
        note("factory", made, ContractAddresses.of(maker, 1));
        network.awaitLevel();
    }

    /** Members grant an auditor everything, and it opens a session by its certificate. */
    private static String auditorsSession() {
        CocoCommands coco = new CocoCommands(folder.resolve("network"));
        CocoCommands.Ended made = CocoCommands.anywhere(
                "member", "init", "auditor", "--out", folder.resolve("auditor").toString());
        assertThat(made.code()).as(made.printed()).isZero();
        String key = folder.resolve("auditor").resolve("auditor.key").toString();
        String granted = coco.run(
                "gov",
                "propose",
                "grant-auditor",
                "--id",
                "all",
                "--certificate",
                key.replace(".key", ".pem"),
                "--contracts",
                "*",
                "--expires-at-height",
                "1000000",
                "--json");
        String proposal = JSON.readTree(granted).at("/proposal/id").asString();
        coco.run("gov", "vote", proposal, "--accept");
        return administrative("file:" + key, client -> client.post("/access/auditor", bytes("{\"grant\":\"all\"}")))
                .body()
                .required("token")
                .asString();
    }

    /** Something said to the administrative listener of the first node, by who has that key. */
    private static NodeClient.Page administrative(String key, Function<NodeClient, NodeClient.Page> said) {
        NetworkFolder files = new NetworkFolder(folder.resolve("network"));
        SSLContext tls = ServiceTrust.contextFor(service(files), MemberSigners.open(key, null, true, null));
        URI url = networks.getFirst().local().administrativeUrl(1);
        try (NodeClient client = new NodeClient(url, tls, new ClientLimits(PATIENCE, PATIENCE, 1 << 20))) {
            return said.apply(client);
        }
    }

    private static X509Certificate service(NetworkFolder files) {
        try {
            return Certificates.fromPem(Files.readString(files.serviceCertificate()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @AfterAll
    static void stopNetwork() {
        networks.forEach(ProcessNetwork::close);
    }

    private static Happened content(String name) {
        return Objects.requireNonNull(CONTENTS.get(name));
    }

    // ---- what happens ----

    private static EthereumClient client(String name) {
        return Objects.requireNonNull(CLIENTS.get(name));
    }

    private static Address readable() throws Exception {
        Address secret = deploy("owner", "Secret");
        act("owner", secret, "grant(address,uint256)", client("reader").address(), READER_ROLE);
        return secret;
    }

    private static Address deploy(String who, String contract, Object... arguments) throws Exception {
        JsonNode receipt = client(who).create(1, concat(code(contract), arguments(arguments)));
        assertThat(receipt.get("status").stringValue()).as(contract).isEqualTo("0x1");
        return Address.fromHex(receipt.get("contractAddress").stringValue());
    }

    /** Deploys a contract without a rule, for the reader. */
    private static JsonNode listed(String who) throws Exception {
        byte[] code = code("Owned");
        byte[] readers = arguments(1, client("reader").address());
        int readersAt = 160 + (code.length + 31) / 32 * 32;
        byte[] head = arguments(0, 128, readersAt, readersAt + readers.length, code.length);
        byte[] body = concat(Arrays.copyOf(code, readersAt - 160), readers);
        byte[] data = concat(call("create(bytes32,bytes,address[],bytes)"), concat(head, concat(body, arguments(0))));
        JsonNode receipt = client(who).executeLarge(1, ReaderLists.ADDRESS, data);
        assertThat(receipt.get("status").stringValue()).isEqualTo("0x1");
        return receipt;
    }

    /** Where that contract is. */
    private static Address listed(EthereumClient keeper) throws IOException {
        byte[] salt = Keccak256.hash(arguments(keeper.address(), 0));
        return ContractAddresses.of(ReaderLists.ADDRESS, salt, Keccak256.hash(code("Owned")));
    }

    private static JsonNode act(String who, Address to, String signature, Object... arguments) throws Exception {
        return client(who).execute(1, to, concat(call(signature), arguments(arguments)));
    }

    private static void note(String content, JsonNode receipt, Address address) {
        CONTENTS.put(
                content,
                new Happened(
                        receipt.get("transactionHash").stringValue(),
                        receipt.get("blockNumber").stringValue(),
                        address.hex()));
    }

    private static byte[] code(String contract) throws IOException {
        try (InputStream in = Objects.requireNonNull(SightMatrixIT.class.getResourceAsStream("encounters.json"))) {
            return Hex.decode(JSON.readTree(in).get(contract).stringValue());
        }
    }

    private static byte[] call(String signature) {
        return Arrays.copyOf(Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII)), 4);
    }

    /** Addresses, numbers, and at the end perhaps bytes, as Solidity encodes them. */
    private static byte[] arguments(Object... arguments) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteArrayOutputStream tail = new ByteArrayOutputStream();
        for (Object argument : arguments) {
            switch (argument) {
                case Address address -> head.writeBytes(Word.of(address).toBytes32());
                case Integer number -> head.writeBytes(Word.of(number).toBytes32());
                case byte[] bytes -> {
                    head.writeBytes(Word.of(32L * arguments.length).toBytes32());
                    tail.writeBytes(Word.of(bytes.length).toBytes32());
                    tail.writeBytes(Arrays.copyOf(bytes, (bytes.length + 31) / 32 * 32));
                }
                default -> throw new IllegalArgumentException("no encoding of " + argument.getClass());
            }
        }
        return concat(head.toByteArray(), tail.toByteArray());
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }

    // ---- what the page says ----

    /** Facet → content → identity → what is shown. */
    private static Map<String, Map<String, Map<String, String>>> page() throws IOException {
        Map<String, Map<String, Map<String, String>>> page = new LinkedHashMap<>();
        Map<String, Map<String, String>> facet = new LinkedHashMap<>();
        List<String> identities = List.of();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("## ")) {
                facet = new LinkedHashMap<>();
                page.put(line.substring(3), facet);
            } else if (line.startsWith("| ")) {
                List<String> cells = Arrays.stream(line.split("\\|"))
                        .map(String::strip)
                        .filter(cell -> !cell.isEmpty())
                        .toList();
                List<String> values = cells.subList(1, cells.size());
                if (cells.getFirst().equals("content")) {
                    identities = values;
                } else if (values.size() == identities.size()) {
                    Map<String, String> row = new LinkedHashMap<>();
                    for (int i = 0; i < values.size(); i++) {
                        row.put(identities.get(i), values.get(i));
                    }
                    facet.put(cells.getFirst(), row);
                }
            }
        }
        return page;
    }

    // ---- what is asked ----

    /** How a method is asked about something, and about what is not there. */
    private record Question(String facet, String method, Object[] about, Object[] absent) {
        static Question of(String facet, String method, Object about, Object absent, Object... more) {
            return new Question(facet, method, prepend(about, more), prepend(absent, more));
        }

        private static Object[] prepend(Object first, Object[] more) {
            Object[] all = new Object[more.length + 1];
            all[0] = first;
            System.arraycopy(more, 0, all, 1, more.length);
            return all;
        }
    }

    private static Map<String, String> asked(String address) {
        return Map.of("to", address, "data", "0x11223344");
    }

    private static List<Question> questions(Happened of) {
        List<Question> all = new ArrayList<>();
        for (String method :
                List.of("eth_getTransactionByHash", "eth_getTransactionReceipt", "eth_getRawTransactionByHash")) {
            all.add(Question.of("tx", method, of.hash(), NO_TRANSACTION));
        }
        for (String method : List.of("eth_getCode", "eth_getTransactionCount")) {
            all.add(Question.of("state", method, of.address(), UNUSED.hex(), "latest"));
        }
        for (String method : List.of("eth_call", "eth_estimateGas", "eth_createAccessList", "debug_traceCall")) {
            all.add(Question.of("state", method, asked(of.address()), asked(UNUSED.hex()), "latest"));
        }
        for (String method : List.of("debug_traceTransaction", "trace_transaction")) {
            all.add(Question.of("trace", method, of.hash(), NO_TRANSACTION));
        }
        for (String method : List.of("debug_getRawTransaction")) {
            all.add(Question.of("whole", method, of.hash(), NO_TRANSACTION));
        }
        all.add(Question.of("whole", "eth_getProof", of.address(), UNUSED.hex(), List.of(), "latest"));
        return all;
    }

    private static String shown(EthereumClient client, int node, Question question) throws Exception {
        String about = client.call(node, question.method(), question.about()).toString();
        if (about.contains("block is not traceable")) {
            return "x";
        }
        String key = client.address() + " " + question.method();
        String absent = ABSENT.get(key);
        if (absent == null) {
            absent = client.call(node, question.method(), question.absent()).toString();
            ABSENT.put(key, absent);
        }
        String address = question.about()[0].toString().replace("0x", "");
        String unused = question.absent()[0].toString().replace("0x", "");
        return about.replace(address, unused)
                        .replace(addressIn(question.about()), addressIn(question.absent()))
                        .equals(absent)
                ? "-"
                : "+";
    }

    /** The address in a call. */
    private static String addressIn(Object[] parameters) {
        return parameters[0] instanceof Map<?, ?> call
                ? Objects.requireNonNull(call.get("to")).toString().substring(2)
                : parameters[0].toString().substring(2);
    }

    /** By facet, what a block of its own shows of a content. */
    private static Map<String, String> shownOfBlock(EthereumClient client, int node, Happened of) throws Exception {
        Map<String, String> shown = new LinkedHashMap<>();
        JsonNode block =
                client.call(node, "eth_getBlockByNumber", of.block(), true).get("result");
        boolean isEmpty = block.get("transactions").isEmpty()
                && block.get("logsBloom").stringValue().equals(NO_BLOOM)
                && block.get("gasUsed").stringValue().equals("0x0");
        shown.put("block eth_getBlockByNumber", isEmpty ? "-" : "+");
        Map<String, String> range = Map.of("fromBlock", of.block(), "toBlock", of.block());
        if (!of.hash().equals(content("child").hash())) {
            // This contract says nothing when it makes another one.
            shown.put("logs eth_getLogs", list(client.call(node, "eth_getLogs", range)));
        }
        shown.put("tx eth_getBlockReceipts", list(client.call(node, "eth_getBlockReceipts", of.block())));
        shown.put("traces trace_filter", list(client.call(node, "trace_filter", range)));
        shown.put("trace trace_block", list(client.call(node, "trace_block", of.block())));
        shown.put("trace debug_traceBlockByNumber", list(client.call(node, "debug_traceBlockByNumber", of.block())));
        String count = client.call(node, "eth_getBlockTransactionCountByNumber", of.block())
                .get("result")
                .stringValue();
        shown.put("tx eth_getBlockTransactionCountByNumber", count.equals("0x0") ? "-" : "+");
        return shown;
    }

    private static String list(JsonNode answer) {
        if (answer.toString().contains("block is not traceable")) {
            return "x";
        }
        return answer.get("result").isEmpty() ? "-" : "+";
    }

    @Test
    void shouldAnswerOverHttpAsThePageSays() throws Exception {
        Map<String, Map<String, Map<String, String>>> page = page();
        List<String> differences = new ArrayList<>();
        int asked = 0;
        for (Map.Entry<String, Happened> content : CONTENTS.entrySet()) {
            for (String identity : IDENTITIES) {
                int node = 1 + asked % ProcessNetwork.NODES;
                Map<String, String> shown = shownOfBlock(client(identity), node, content.getValue());
                for (Question question : questions(content.getValue())) {
                    shown.put(question.facet() + " " + question.method(), shown(client(identity), node, question));
                }
                for (Map.Entry<String, String> each : shown.entrySet()) {
                    String facet = each.getKey().substring(0, each.getKey().indexOf(' '));
                    Map<String, String> row = Objects.requireNonNull(
                            Objects.requireNonNull(page.get(facet)).get(content.getKey()));
                    String expected = row.get(identity);
                    if (!each.getValue().equals(expected) && !"?".equals(expected)) {
                        differences.add(each.getKey() + " of " + content.getKey() + " to " + identity + ": "
                                + each.getValue() + " and not " + expected);
                    }
                    asked++;
                }
            }
        }
        System.out.printf("matrix of a live network: %d cells, %d differences%n", asked, differences.size());
        assertThat(differences).isEmpty();
        assertThat(CONTENTS).hasSize(17);
        assertThat(asked).isGreaterThan(1_500);
    }

    /** Whoever operates a node is nobody in particular, whatever certificate it shows. */
    @Test
    void shouldShowAnOperatorNoMoreThanAnybody() throws Exception {
        Map<String, Map<String, String>> page = Objects.requireNonNull(page().get("tx"));
        String key =
                "file:" + new NetworkFolder(folder.resolve("network")).members().resolve("developer.key");
        for (Map.Entry<String, Happened> content : CONTENTS.entrySet()) {
            String hash = content.getValue().hash();
            boolean isShown = "+"
                    .equals(Objects.requireNonNull(page.get(content.getKey())).get("anonymous"));
            NodeClient.Page receipt = administrative(key, client -> client.get("/journal/receipt/" + hash));
            assertThat(receipt.status()).as(content.getKey()).isEqualTo(isShown ? 200 : 404);
            NodeClient.Page status = administrative(key, client -> client.get("/journal/status/" + hash));
            assertThat(status.body().get("status").asString())
                    .as(content.getKey())
                    .isEqualTo(isShown ? "committed" : "unknown");
        }
        String question = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_blockNumber\",\"params\":[]}";
        assertThatThrownBy(() -> administrative(key, client -> client.post("/", bytes(question))))
                .as("JSON-RPC where operators are")
                .hasMessageContaining("answered status 405");
    }

    /** One to come, which waits for those before it, and one whose nonce is spent. */
    @Test
    void shouldTellOfWhatWaitsOrWasRefusedToItsSenderAlone() throws Exception {
        EthereumClient sender = client("sender");
        String waiting = sender.send(3, sender.nonce() + 7, UNUSED);
        String refused = sender.send(3, 0, UNUSED);
        Map<String, String> expected = Map.of(waiting, "pending", refused, "invalid");
        for (String identity : IDENTITIES) {
            boolean isTold = identity.equals("sender") || identity.equals("auditor");
            for (String hash : expected.keySet()) {
                String absent = client(identity).get(3, "/journal/status/" + NO_TRANSACTION);
                String told = client(identity).get(3, "/journal/status/" + hash);
                if (isTold) {
                    assertThat(told).as(identity).contains(expected.get(hash));
                } else {
                    assertThat(withoutHeight(told).replace(hash.substring(2), NO_TRANSACTION.substring(2)))
                            .as(identity)
                            .isEqualTo(withoutHeight(absent));
                }
            }
        }
    }

    private static String withoutHeight(String status) {
        return status.replaceAll("\"height\":[0-9]+", "");
    }

    @Test
    void shouldTellOverWebSocketOnlyWhatOneSees() throws Exception {
        ProcessNetwork network = networks.getFirst();
        Address secret = readable();
        Map<String, Integer> logs = new LinkedHashMap<>();
        Map<String, SocketClient> sockets = new LinkedHashMap<>();
        for (String identity : List.of("anonymous", "other", "reader")) {
            SocketClient socket = new SocketClient(
                    network.url(2, "/"), PATIENCE, client(identity).authorization());
            sockets.put(identity, socket);
            for (String what : List.of("[\"logs\",{}]", "[\"newHeads\"]")) {
                socket.call(1, "eth_subscribe", what);
                assertThat(socket.next()).contains("\"result\":\"0x");
            }
        }
        JsonNode receipt = act("owner", secret, "tell()");
        String hash = receipt.get("transactionHash").stringValue();
        for (Map.Entry<String, SocketClient> each : sockets.entrySet()) {
            SocketClient socket = each.getValue();
            TreeSet<String> seen = new TreeSet<>();
            String told;
            do {
                told = socket.next();
                seen.add(told.contains(hash) ? "log" : "head");
            } while (!told.contains("\"number\":" + receipt.get("blockNumber")));
            socket.call(2, "eth_getTransactionByHash", "[\"" + hash + "\"]");
            do {
                told = socket.next();
                seen.add(told.contains("\"id\":2") ? "answer" : told.contains(hash) ? "log" : "head");
            } while (!told.contains("\"id\":2"));
            logs.put(each.getKey(), seen.contains("log") ? 1 : 0);
            assertThat(told.contains("\"result\":null"))
                    .as(each.getKey())
                    .isEqualTo(!each.getKey().equals("reader"));
            socket.close();
        }
        assertThat(logs).isEqualTo(Map.of("anonymous", 0, "other", 0, "reader", 1));
    }

    @Test
    void shouldTellOverWebSocketAnyUserOfAPublicEventAndReadersOfAll() throws Exception {
        ProcessNetwork network = networks.getFirst();
        Address letterbox = Address.fromHex(content("readable").address());
        Map<String, SocketClient> sockets = new LinkedHashMap<>();
        for (String identity : List.of("anonymous", "other", "reader", "caller", "auditor")) {
            SocketClient socket = new SocketClient(
                    network.url(2, "/"), PATIENCE, client(identity).authorization());
            sockets.put(identity, socket);
            for (String what : List.of("[\"logs\",{\"address\":\"" + letterbox.hex() + "\"}]", "[\"newHeads\"]")) {
                socket.call(1, "eth_subscribe", what);
                assertThat(socket.next()).contains("\"result\":\"0x");
            }
        }
        JsonNode receipt = act("owner", letterbox, "announce()");
        String hash = receipt.get("transactionHash").stringValue();
        Map<String, Integer> logs = new LinkedHashMap<>();
        for (Map.Entry<String, SocketClient> each : sockets.entrySet()) {
            int told = 0;
            // Logs come before the head of their block; one that came after it all the same would come before the
            // answer.
            boolean isOver = false;
            boolean isAsked = false;
            while (!isOver) {
                String message = each.getValue().next();
                told += message.contains(hash) ? 1 : 0;
                isOver = message.contains("\"id\":2");
                if (!isAsked && message.contains("\"number\":" + receipt.get("blockNumber"))) {
                    each.getValue().call(2, "eth_chainId", "[]");
                    isAsked = true;
                }
            }
            logs.put(each.getKey(), told);
            each.getValue().close();
        }
        assertThat(logs).isEqualTo(Map.of("anonymous", 0, "other", 1, "reader", 2, "caller", 1, "auditor", 2));
    }

    @Test
    void shouldProveNothingToWhomItIsNotShown() throws Exception {
        String hash = content("unreadable").hash();
        for (String page : List.of("/journal/receipt/", "/journal/status/")) {
            String hidden = get(page + hash);
            String absent = get(page + NO_TRANSACTION);
            assertThat(hidden.replace(hash.substring(2), NO_TRANSACTION.substring(2)))
                    .as(page)
                    .isEqualTo(absent);
        }
        String open = content("open").hash();
        assertThat(get("/journal/status/" + open)).contains("committed");
    }

    private static String get(String path) throws Exception {
        return new String(
                networks.getFirst()
                        .send(HttpRequest.newBuilder(networks.getFirst().url(3, path))
                                .build())
                        .body(),
                StandardCharsets.UTF_8);
    }
}
