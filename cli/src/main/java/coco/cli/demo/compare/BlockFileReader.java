package coco.cli.demo.compare;

import coco.crypto.Hex;
import coco.crypto.Secp256k1;
import coco.evm.BlockEnvironment;
import coco.evm.transition.ChainRules;
import coco.evm.transition.ForkSchedule;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.MalformedException;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one block file. Whatever is wrong with it is said with the file's name and the field. */
final class BlockFileReader {
    private static final long MAINNET = 1;
    /** No block has more gas than for this many of the smallest transactions. */
    private static final int TRANSACTIONS_MAX = 100_000;

    private final String file;
    private final Secp256k1 curve = Secp256k1.fastest();

    BlockFileReader(String file) {
        this.file = file;
    }

    /** @throws coco.cli.console.CliException it is no such file */
    SourceBlock read(JsonNode tree) {
        JsonNode header = get(tree, "header");
        long number = number(header, "number");
        long timestamp = number(header, "timestamp");
        ChainRules rules = rules(get(tree, "chainId").asLong(MAINNET), text(tree, "fork"), number, timestamp);
        BlockEnvironment environment = environment(header, rules, number, timestamp);
        Map<Long, byte[]> hashes = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : tree.path("blockHashes").properties()) {
            hashes.put(decimalOrHex(entry.getKey()), bytes(entry.getValue(), "blockHashes"));
        }
        return new SourceBlock(number, rules, environment, preState(tree), transactions(tree, number), hashes);
    }

    private ChainRules rules(long chainId, String fork, long number, long timestamp) {
        if (chainId == MAINNET) {
            return ForkSchedule.mainnet().rules(number, timestamp);
        }
        for (Fork each : Fork.values()) {
            if (each.name().replace("_", "").equalsIgnoreCase(fork)) {
                return ForkSchedule.always(chainId, each).rules(number, timestamp);
            }
        }
        throw BlockFolder.damaged(file, "no fork is called " + fork);
    }

    private BlockEnvironment environment(JsonNode header, ChainRules rules, long number, long timestamp) {
        boolean merged = rules.fork().has(Fork.PARIS);
        long excess = header.hasNonNull("excessBlobGas") ? number(header, "excessBlobGas") : -1;
        return new BlockEnvironment(
                number,
                timestamp,
                number(header, "gasLimit"),
                header.hasNonNull("baseFeePerGas") ? word(header, "baseFeePerGas") : Word.ZERO,
                word(header, merged ? "mixHash" : "difficulty"),
                address(text(header, "miner")),
                excess < 0 ? Word.ZERO : rules.blobs().baseFee(excess));
    }

    private SequencedMap<Address, AccountState> preState(JsonNode tree) {
        SequencedMap<Address, AccountState> accounts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : get(tree, "preState").properties()) {
            JsonNode account = entry.getValue();
            SortedMap<Word, Word> storage = new TreeMap<>();
            for (Map.Entry<String, JsonNode> slot : account.path("storage").properties()) {
                storage.put(word(slot.getKey(), "storage"), word(slot.getValue().asString(""), "storage"));
            }
            String codeHash =
                    account.hasNonNull("codeHash") ? text(account, "codeHash").toLowerCase(Locale.ROOT) : null;
            accounts.put(
                    address(entry.getKey()),
                    new AccountState(number(account, "nonce"), word(account, "balance"), codeHash, storage));
        }
        return accounts;
    }

    private List<SourceTransaction> transactions(JsonNode tree, long block) {
        JsonNode sent = get(tree, "transactions");
        JsonNode recorded = tree.path("expected").path("transactions");
        if (sent.size() > TRANSACTIONS_MAX || (recorded.isArray() && recorded.size() != sent.size())) {
            throw BlockFolder.damaged(file, "its transactions are not as many as its results");
        }
        List<SourceTransaction> transactions = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            Transaction transaction = decode(sent.get(i), i);
            Address sender = transaction.sender(curve, false);
            if (sender == null) {
                throw BlockFolder.damaged(file, "the signature of transaction " + i + " is none");
            }
            SourceTransaction.Outcome outcome = recorded.isArray() ? outcome(recorded.get(i)) : null;
            transactions.add(new SourceTransaction(transaction, sender, block, i, outcome));
        }
        return transactions;
    }

    private Transaction decode(JsonNode raw, int index) {
        try {
            return Transaction.decode(bytes(raw, "transactions"));
        } catch (MalformedException e) {
            throw BlockFolder.damaged(file, "transaction " + index + ": " + e.getMessage());
        }
    }

    private SourceTransaction.@Nullable Outcome outcome(JsonNode recorded) {
        JsonNode success = recorded.get("success");
        return success == null || !success.isBoolean()
                ? null
                : new SourceTransaction.Outcome(success.booleanValue(), number(recorded, "gasUsed"));
    }

    // ---- fields ----

    private JsonNode get(JsonNode tree, String field) {
        JsonNode value = tree.get(field);
        if (value == null || value.isNull()) {
            throw BlockFolder.damaged(file, "it has no " + field);
        }
        return value;
    }

    private String text(JsonNode tree, String field) {
        return get(tree, field).asString("");
    }

    private long number(JsonNode tree, String field) {
        return decimalOrHex(text(tree, field));
    }

    private long decimalOrHex(String text) {
        try {
            return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw BlockFolder.damaged(file, "not a number: " + text);
        }
    }

    private Word word(JsonNode tree, String field) {
        return word(text(tree, field), field);
    }

    private Word word(String text, String field) {
        try {
            return text.equals("0x") ? Word.ZERO : Word.fromHex(text);
        } catch (IllegalArgumentException e) {
            throw BlockFolder.damaged(file, "not a word in " + field + ": " + text);
        }
    }

    private Address address(String text) {
        try {
            return Address.fromHex(text);
        } catch (IllegalArgumentException e) {
            throw BlockFolder.damaged(file, "not an address: " + text);
        }
    }

    private byte[] bytes(JsonNode value, String field) {
        String text = value.asString("");
        try {
            return Hex.decode(text.startsWith("0x") ? text.substring(2) : text);
        } catch (IllegalArgumentException e) {
            throw BlockFolder.damaged(file, "not bytes in " + field);
        }
    }
}
