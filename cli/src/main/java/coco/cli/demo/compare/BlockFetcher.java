package coco.cli.demo.compare;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.client.JsonRpcClient;
import coco.crypto.Hex;
import coco.crypto.Keccak256;
import coco.evm.transition.SystemCalls;
import coco.evm.types.Address;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a folder of blocks with their state out of any endpoint that knows {@code debug_traceBlockByNumber} with {@code
 * prestateTracer}: geth, reth, Erigon, Nethermind, anvil, or a node of Coco.
 *
 * <p>The tracer gives the state before each transaction; what it names first is as it was before the block, since
 * whatever an earlier transaction of the block changed it has named already. What comes from the endpoint is believed
 * but for the signed transactions, whose hashes must be the block's.
 */
final class BlockFetcher {
    /** Some hours of the public network; each costs the endpoint an execution of its block. */
    static final long BLOCKS_MAX = 10_000;

    /** Header fields, the newest first, and the fork that brought each. */
    private static final SequencedMap<String, String> SHOWN_BY = new LinkedHashMap<>();

    static {
        SHOWN_BY.put("requestsHash", "osaka");
        SHOWN_BY.put("excessBlobGas", "cancun");
        SHOWN_BY.put("withdrawalsRoot", "shanghai");
        SHOWN_BY.put("baseFeePerGas", "london");
    }

    /** What the format has a word for, and nobody has looked at. */
    private static final List<String> CHECKED =
            List.of("headerHash", "transactionsRoot", "gasUsed", "logsBloom", "receiptsRoot", "stateRoot");

    /** Contracts that a block calls by itself, which no tracer of transactions sees (EIP-2935, EIP-4788). */
    private static final List<Address> CALLED = List.of(SystemCalls.HISTORY, SystemCalls.BEACON_ROOTS);

    /** Contracts whose queues a block takes requests from (EIP-7002, EIP-7251): slots of a request, most of a block. */
    private static final Map<Address, Queue> QUEUES = Map.of(
            SystemCalls.WITHDRAWAL_REQUESTS, new Queue(3, 16), SystemCalls.CONSOLIDATION_REQUESTS, new Queue(4, 2));

    /** Excess, count, head and tail; requests begin behind them. */
    private static final int QUEUE_FIELDS = 4;

    private static final int HEAD = 2;
    private static final int TAIL = 3;

    private static final String CODES = "codes.json.gz";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Queue(int slots, int most) {}

    private final JsonRpcClient rpc;
    private final Path folder;
    private final Console console;
    private final Map<String, String> codes = new TreeMap<>();

    BlockFetcher(JsonRpcClient rpc, Path folder, Console console) {
        this.rpc = rpc;
        this.folder = folder;
        this.console = console;
    }

    /**
     * Fetches a range, one block after the other; what is there is fetched again.
     *
     * @return how many transactions the blocks hold
     * @throws CliException the endpoint lacks a method or a block, or the folder cannot be written
     * @throws coco.client.ClientException the endpoint does not answer
     */
    int fetch(BlockRange range) {
        if (range.count() > BLOCKS_MAX) {
            throw CliException.usage(
                    "--blocks names more than " + BLOCKS_MAX + " blocks",
                    "Write both ends, such as --blocks 100..120.");
        }
        int transactions = 0;
        try {
            Files.createDirectories(folder);
            if (Files.exists(folder.resolve(CODES))) {
                codes.putAll(new TreeMap<>(BlockFolder.codes(folder)));
            }
            long chainId = Long.decode(rpc.result("eth_chainId").asString());
            for (long number = range.first(); number <= range.last(); number++) {
                ObjectNode block = block(number, chainId);
                write(number + ".json.gz", block);
                transactions += block.path("transactions").size();
                console.progress("  block " + number + " of " + range.last());
            }
            ObjectNode all = JSON.createObjectNode();
            codes.forEach(all::put);
            write(CODES, all);
        } catch (IOException e) {
            throw new CliException(folder + " cannot be written: " + e.getMessage(), "Name another folder.", e);
        }
        return transactions;
    }

    private ObjectNode block(long number, long chainId) {
        String tag = "0x" + Long.toHexString(number);
        JsonNode block = rpc.result("eth_getBlockByNumber", tag, true);
        if (!block.isObject()) {
            throw new CliException("the endpoint has no block " + number, "Name other blocks with --blocks.");
        }
        ObjectNode file = JSON.createObjectNode();
        file.put("chainId", chainId).put("number", number).put("fork", fork(block));
        file.putObject("source").put("endpoint", rpc.url().getHost());
        file.set("header", header(block));
        ArrayNode raw = file.putArray("transactions");
        ArrayNode senders = file.putArray("senders");
        for (JsonNode transaction : block.path("transactions")) {
            raw.add(raw(transaction));
            senders.add(transaction.path("from").asString(""));
        }
        file.set("withdrawals", block.hasNonNull("withdrawals") ? block.get("withdrawals") : JSON.nullNode());
        file.putObject("blockHashes")
                .put(Long.toString(number - 1), block.path("parentHash").asString(""));
        ObjectNode preState = preState(tag, raw.size());
        if (number > 0) {
            addSystemContracts(preState, "0x" + Long.toHexString(number - 1));
        }
        file.set("preState", preState);
        ObjectNode verified = file.putObject("verified");
        CHECKED.forEach(verified::putNull);
        file.set("uncles", block.path("uncles").isArray() ? block.get("uncles") : JSON.createArrayNode());
        ObjectNode expected = file.putObject("expected");
        for (String field : List.of("gasUsed", "logsBloom", "receiptsRoot", "stateRoot")) {
            expected.set(field, block.path(field));
        }
        expected.set("transactions", receipts(tag, block.path("transactions")));
        return file;
    }

    private String raw(JsonNode transaction) {
        String hash = transaction.path("hash").asString("");
        String raw = rpc.result("eth_getRawTransactionByHash", hash).asString("");
        byte[] bytes = raw.startsWith("0x") ? Hex.decode(raw.substring(2)) : new byte[0];
        if (!hash.equals("0x" + Hex.encode(Keccak256.hash(bytes)))) {
            throw new CliException(
                    "the endpoint gives other bytes for transaction " + hash, "Ask another endpoint with --fetch.");
        }
        return raw;
    }

    // ---- state ----

    private ObjectNode preState(String tag, int transactions) {
        ObjectNode merged = JSON.createObjectNode();
        if (transactions == 0) {
            return merged;
        }
        JsonNode traces =
                rpc.result("debug_traceBlockByNumber", tag, Map.of("tracer", "prestateTracer", "timeout", "60s"));
        if (!traces.isArray() || traces.size() != transactions) {
            throw new CliException(
                    "the endpoint traced " + traces.size() + " of " + transactions + " transactions of block " + tag,
                    "It needs debug_traceBlockByNumber with prestateTracer.");
        }
        for (JsonNode trace : traces) {
            for (Map.Entry<String, JsonNode> account : trace.path("result").properties()) {
                merge(merged, account.getKey().toLowerCase(Locale.ROOT), account.getValue());
            }
        }
        return merged;
    }

    private void merge(ObjectNode merged, String address, JsonNode seen) {
        JsonNode known = merged.get(address);
        ObjectNode account;
        if (known instanceof ObjectNode there) {
            account = there;
        } else {
            account = merged.putObject(address);
            account.put("balance", seen.path("balance").asString("0x0"));
            account.put("nonce", "0x" + Long.toHexString(seen.path("nonce").asLong(0)));
            String code = seen.path("code").asString("0x");
            if (code.length() > 2) {
                String hash = "0x" + Hex.encode(Keccak256.hash(Hex.decode(code.substring(2))));
                codes.put(hash, code);
                account.put("codeHash", hash);
            }
            account.putObject("storage");
        }
        ObjectNode storage = (ObjectNode) account.get("storage");
        for (Map.Entry<String, JsonNode> slot : seen.path("storage").properties()) {
            if (storage.get(slot.getKey()) == null) {
                storage.put(slot.getKey(), slot.getValue().asString("0x0"));
            }
        }
    }

    /** As the block before left them, where the tracer did not name them; contracts that are not there are left out. */
    private void addSystemContracts(ObjectNode merged, String parent) {
        for (Address address : CALLED) {
            addContract(merged, address, parent);
        }
        QUEUES.forEach((address, queue) -> {
            if (addContract(merged, address, parent)) {
                JsonNode account = merged.path(address.hex());
                for (int slot = 0; slot < QUEUE_FIELDS; slot++) {
                    addSlot(account, address, BigInteger.valueOf(slot), parent);
                }
                BigInteger head = slot(address, BigInteger.valueOf(HEAD), parent);
                BigInteger tail = slot(address, BigInteger.valueOf(TAIL), parent);
                int waiting = tail.subtract(head)
                        .min(BigInteger.valueOf(queue.most()))
                        .intValue();
                for (int i = 0; i < waiting * queue.slots(); i++) {
                    BigInteger first = head.multiply(BigInteger.valueOf(queue.slots()));
                    addSlot(account, address, first.add(BigInteger.valueOf(QUEUE_FIELDS + i)), parent);
                }
            }
        });
    }

    private boolean addContract(ObjectNode merged, Address address, String parent) {
        String code = rpc.result("eth_getCode", address.hex(), parent).asString("0x");
        if (code.length() <= 2) {
            return false;
        }
        ObjectNode seen = JSON.createObjectNode();
        seen.put("balance", rpc.result("eth_getBalance", address.hex(), parent).asString("0x0"));
        String nonce =
                rpc.result("eth_getTransactionCount", address.hex(), parent).asString("0x0");
        seen.put("nonce", Long.decode(nonce));
        seen.put("code", code);
        merge(merged, address.hex(), seen);
        return true;
    }

    private void addSlot(JsonNode account, Address address, BigInteger place, String parent) {
        ObjectNode storage = (ObjectNode) account.path("storage");
        String key = padded(place);
        if (storage.get(key) == null) {
            storage.put(key, padded(slot(address, place, parent)));
        }
    }

    private BigInteger slot(Address address, BigInteger place, String parent) {
        String value = rpc.result("eth_getStorageAt", address.hex(), padded(place), parent)
                .asString("0x0");
        return new BigInteger(value.length() > 2 ? value.substring(2) : "0", 16);
    }

    private static String padded(BigInteger value) {
        return "0x" + "0".repeat(64 - value.toString(16).length()) + value.toString(16);
    }

    private JsonNode receipts(String tag, JsonNode transactions) {
        JsonNode receipts = rpc.result("eth_getBlockReceipts", tag);
        if (!receipts.isArray() || receipts.size() != transactions.size()) {
            return JSON.nullNode();
        }
        ArrayNode expected = JsonNodeFactory.instance.arrayNode();
        for (JsonNode receipt : receipts) {
            boolean success = receipt.path("status").asString("").equals("0x1");
            expected.addObject()
                    .put("gasUsed", receipt.path("gasUsed").asString("0x0"))
                    .put("success", success)
                    .put("status", success ? 1 : 0);
        }
        return expected;
    }

    // ---- header ----

    private static ObjectNode header(JsonNode block) {
        ObjectNode header = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : block.properties()) {
            if (field.getValue().isString()) {
                header.set(field.getKey(), field.getValue());
            }
        }
        return header;
    }

    /** The newest fork that the header's fields show; which rules hold on the main network follows from its number. */
    private static String fork(JsonNode block) {
        for (Map.Entry<String, String> shown : SHOWN_BY.entrySet()) {
            if (block.hasNonNull(shown.getKey())) {
                boolean merged = block.path("difficulty").asString("0x0").equals("0x0");
                return shown.getValue().equals("london") && merged ? "paris" : shown.getValue();
            }
        }
        return "berlin";
    }

    private void write(String name, JsonNode content) throws IOException {
        Path next = folder.resolve(name + ".next");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(next))) {
            out.write(JSON.writeValueAsBytes(content));
        }
        Files.move(next, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
