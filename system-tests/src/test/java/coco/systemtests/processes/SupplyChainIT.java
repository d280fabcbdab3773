package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.network.KnownAccounts;
import coco.crypto.Hex;
import coco.crypto.Keccak256;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The demonstration that this project began with: two retailers and two suppliers, whose orders are contracts of their
 * own. Who may see one finds it, with all that happened in it, at every node; for everybody else there is nothing at
 * its address: each answer is, byte for byte, that about an address which was never used.
 */
@Tag("processes")
@Timeout(600)
class SupplyChainIT {
    private static final int SUPPLIER = 4;
    private static final int READER = 1;
    private static final Address UNUSED = Address.fromHex("0x7e57ab1e7e57ab1e7e57ab1e7e57ab1e7e57ab1e");
    private static final String NO_TRANSACTION = "0x" + "5a".repeat(32);

    @TempDir
    private static Path folder = Path.of("");

    private static List<ProcessNetwork> networks = List.of();
    private static final Map<Party, EthereumClient> CLIENTS = new EnumMap<>(Party.class);

    private enum Party {
        NORTHWIND(0),
        TRAY_RESEARCH(1),
        CONTOSO(2),
        FABRIKAM(3),
        /** Who shows no identity. */
        NOBODY(4);

        private final int account;

        /** @param account number of the funded account it has */
        Party(int account) {
            this.account = account;
        }
    }

    /** A contract, and the hash of the transaction that made it. */
    private record Made(Address address, String transaction) {}

    @BeforeAll
    static void signEverybodyIn() throws Exception {
        ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Map.of());
        networks = List.of(network);
        for (Party party : Party.values()) {
            String secret = KnownAccounts.ALL.get(party.account).privateKey();
            EthereumClient client = new EthereumClient(network, Hex.decode(secret.substring(2)));
            if (party != Party.NOBODY) {
                client.signIn(1 + party.account % ProcessNetwork.NODES);
            }
            CLIENTS.put(party, client);
        }
    }

    @AfterAll
    static void stopNetwork() {
        networks.forEach(ProcessNetwork::close);
    }

    @Test
    void shouldShowAnOrderToItsBuyerAndTheSupplierItIsAssignedTo() throws Exception {
        Made order = order();
        assertFoundBy(order, EnumSet.of(Party.TRAY_RESEARCH));

        run(Party.TRAY_RESEARCH, order, call("assign(address)", address(Party.CONTOSO)));
        assertFoundBy(order, EnumSet.of(Party.TRAY_RESEARCH, Party.CONTOSO));

        run(Party.CONTOSO, order, call("fulfil()"));
        assertThat(read(Party.TRAY_RESEARCH, order, "fulfilled()")).isEqualTo("0x" + "0".repeat(63) + "1");

        run(Party.TRAY_RESEARCH, order, call("revoke(address,uint256)", address(Party.CONTOSO), Word.of(SUPPLIER)));
        assertFoundBy(order, EnumSet.of(Party.TRAY_RESEARCH));
    }

    @Test
    void shouldShowAnOrderToBothSuppliersWhenItIsAssignedToBoth() throws Exception {
        Made order = order();
        run(Party.TRAY_RESEARCH, order, call("assign(address)", address(Party.CONTOSO)));
        run(Party.TRAY_RESEARCH, order, call("assign(address)", address(Party.FABRIKAM)));
        assertFoundBy(order, EnumSet.of(Party.TRAY_RESEARCH, Party.CONTOSO, Party.FABRIKAM));
    }

    @Test
    void shouldShowAnOrderToBothRetailersWhenOneLetsTheOtherRead() throws Exception {
        Made order = order();
        run(Party.TRAY_RESEARCH, order, call("grant(address,uint256)", address(Party.NORTHWIND), Word.of(READER)));
        assertFoundBy(order, EnumSet.of(Party.TRAY_RESEARCH, Party.NORTHWIND));
    }

    @Test
    void shouldShowAnInventoryToTheRetailersThatItsSupplierNames() throws Exception {
        Made inventory = make(Party.CONTOSO, code("Inventory"));
        run(Party.CONTOSO, inventory, call("count(string,uint256)", Word.of(64), Word.of(12), Word.of(3), text("UPC")));
        assertFoundBy(inventory, EnumSet.of(Party.CONTOSO));

        run(Party.CONTOSO, inventory, call("grant(address,uint256)", address(Party.NORTHWIND), Word.of(READER)));
        assertFoundBy(inventory, EnumSet.of(Party.CONTOSO, Party.NORTHWIND));
    }

    /** Who is not let in can pay for trying, and changes nothing. */
    @Test
    void shouldRefuseAStrangersTransaction() throws Exception {
        Made order = order();
        JsonNode receipt = client(Party.FABRIKAM).execute(1, order.address(), call("fulfil()"));
        assertThat(receipt.get("status").stringValue()).isEqualTo("0x0");
        assertThat(read(Party.TRAY_RESEARCH, order, "fulfilled()")).isEqualTo("0x" + "0".repeat(64));
    }

    // ---------------------------------------------------------------- what is asked

    private static void assertFoundBy(Made contract, Set<Party> finders) throws Exception {
        networks.getFirst().awaitLevel();
        for (Party party : Party.values()) {
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                if (finders.contains(party)) {
                    assertFinds(party, node, contract);
                } else {
                    assertFindsNothing(party, node, contract);
                }
            }
        }
    }

    private static void assertFinds(Party party, int node, Made contract) throws Exception {
        String words = party + " at node " + node;
        String address = contract.address().hex();
        EthereumClient client = client(party);
        assertThat(result(client, node, "eth_getCode", address, "latest").stringValue())
                .as(words)
                .hasSizeGreaterThan(100);
        JsonNode receipt = result(client, node, "eth_getTransactionReceipt", contract.transaction());
        assertThat(receipt.path("contractAddress").asString("")).as(words).isEqualTo(address);
        assertThat(result(client, node, "eth_getTransactionByHash", contract.transaction())
                        .path("input")
                        .asString(""))
                .as(words)
                .hasSizeGreaterThan(100);
        String block = receipt.get("blockNumber").stringValue();
        assertThat(result(client, node, "eth_getBlockByNumber", block, false)
                        .get("transactions")
                        .toString())
                .as(words)
                .contains(contract.transaction());
        assertThat(result(client, node, "eth_getLogs", logsOf(address)).size())
                .as(words)
                .isPositive();
    }

    /** Nothing is there that is not there at an address, and under a hash, that nobody has ever used. */
    private static void assertFindsNothing(Party party, int node, Made contract) throws Exception {
        EthereumClient client = client(party);
        String address = contract.address().hex();
        for (String method : List.of("eth_getCode", "eth_getBalance", "eth_getTransactionCount")) {
            assertSame(
                    party,
                    node,
                    method,
                    client.call(node, method, address, "latest"),
                    client.call(node, method, UNUSED.hex(), "latest"));
        }
        assertSame(
                party,
                node,
                "eth_getStorageAt",
                client.call(node, "eth_getStorageAt", address, "0x0", "latest"),
                client.call(node, "eth_getStorageAt", UNUSED.hex(), "0x0", "latest"));
        assertSame(
                party,
                node,
                "eth_call",
                client.call(node, "eth_call", question(address), "latest"),
                client.call(node, "eth_call", question(UNUSED.hex()), "latest"));
        for (String method : List.of("eth_getTransactionByHash", "eth_getTransactionReceipt")) {
            assertSame(
                    party,
                    node,
                    method,
                    client.call(node, method, contract.transaction()),
                    client.call(node, method, NO_TRANSACTION));
        }
        for (JsonNode log : result(client, node, "eth_getLogs", logsOf(address))) {
            // An order tells a supplier that it was assigned to it, also later on; nothing else is shown.
            assertThat(log.get("topics").get(1).stringValue())
                    .as("%s at node %d: %s", party, node, log)
                    .endsWith(client.address().hex().substring(2));
        }
    }

    private static void assertSame(Party party, int node, String method, JsonNode hidden, JsonNode absent) {
        assertThat(hidden).as("%s at node %d: %s", party, node, method).isEqualTo(absent);
    }

    private static Map<String, String> question(String address) {
        return Map.of("to", address, "data", "0x" + Hex.encode(call("product()")));
    }

    private static Map<String, String> logsOf(String address) {
        return Map.of("address", address, "fromBlock", "earliest", "toBlock", "latest");
    }

    private static JsonNode result(EthereumClient client, int node, String method, Object... params) throws Exception {
        JsonNode answer = client.call(node, method, params);
        assertThat(answer.has("result")).as(answer.toString()).isTrue();
        return answer.get("result");
    }

    /** What a call answers at another node than the one written to, once that has caught up. */
    private static String read(Party party, Made contract, String function) throws Exception {
        networks.getFirst().awaitLevel();
        Map<String, String> asked = Map.of("to", contract.address().hex(), "data", "0x" + Hex.encode(call(function)));
        return result(client(party), 2, "eth_call", asked, "latest").stringValue();
    }

    // ---------------------------------------------------------------- what is done

    private static Made order() throws Exception {
        byte[] arguments = concat(
                Word.of(64).toBytes32(), Word.of(250).toBytes32(), Word.of(5).toBytes32(), text("seeds"));
        return make(Party.TRAY_RESEARCH, concat(code("PurchaseOrder"), arguments));
    }

    private static Made make(Party party, byte[] code) throws Exception {
        JsonNode receipt = client(party).create(1, code);
        assertThat(receipt.get("status").stringValue()).isEqualTo("0x1");
        return new Made(
                Address.fromHex(receipt.get("contractAddress").stringValue()),
                receipt.get("transactionHash").stringValue());
    }

    private static void run(Party party, Made contract, byte[] data) throws Exception {
        JsonNode receipt = client(party).execute(1, contract.address(), data);
        assertThat(receipt.get("status").stringValue()).as(receipt.toString()).isEqualTo("0x1");
    }

    private static EthereumClient client(Party party) {
        return Objects.requireNonNull(CLIENTS.get(party));
    }

    private static Word address(Party party) {
        return Word.of(client(party).address());
    }

    private static byte[] call(String signature, Object... arguments) {
        byte[] selector = Arrays.copyOf(Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII)), 4);
        byte[][] parts = new byte[1 + arguments.length][];
        parts[0] = selector;
        for (int i = 0; i < arguments.length; i++) {
            parts[i + 1] = arguments[i] instanceof Word word ? word.toBytes32() : (byte[]) arguments[i];
        }
        return concat(parts);
    }

    /** A short text, as it stands behind its length. */
    private static byte[] text(String text) {
        return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), 32);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] code(String contract) throws IOException {
        try (InputStream in = Objects.requireNonNull(SupplyChainIT.class.getResourceAsStream("supply-chain.json"))) {
            return Hex.decode(JsonMapper.shared().readTree(in).get(contract).stringValue());
        }
    }
}
