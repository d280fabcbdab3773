package coco.cli.demo.compare;

import coco.cli.network.EthereumGenesis;
import coco.crypto.Hex;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.ledgers.ethereum.Predeploys;
import coco.ledgers.ethereum.chain.PackedAlloc;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The genesis document of both networks: the newest rules, a constant base fee of 0, and the accounts of a choice. What
 * differs is the gas limit of a block, which is a setting of each network.
 */
final class CompareGenesis {
    /**
     * Of Coco's blocks: more than a thousand transactions of the largest kind may ask for, so that the number of
     * transactions closes a block, and never their gas.
     */
    static final long COCO_GAS_LIMIT = 20_000_000_000L;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private CompareGenesis() {}

    /** A document without accounts, by which a pool judges before there is a state. */
    static ObjectNode empty(long chainId) {
        return EthereumGenesis.withoutAccounts(chainId, 0, COCO_GAS_LIMIT);
    }

    /** Coco's document, with its accounts packed: the constitution that it is part of has a largest size. */
    static String ofCoco(Choice choice, long chainId, long timestampSeconds) {
        ObjectNode root = EthereumGenesis.withoutAccounts(chainId, timestampSeconds, COCO_GAS_LIMIT);
        root.put(PackedAlloc.FIELD, PackedAlloc.pack(alloc(choice)));
        return JSON.writeValueAsString(root);
    }

    /**
     * The baseline's document, in geth's format.
     *
     * @param gasLimit of its blocks
     */
    static String ofBaseline(Choice choice, long chainId, long timestampSeconds, long gasLimit) {
        ObjectNode root = EthereumGenesis.withoutAccounts(chainId, timestampSeconds, gasLimit);
        root.remove("feeMarket");
        root.set("alloc", alloc(choice));
        return JSON.writeValueAsString(root);
    }

    private static ObjectNode alloc(Choice choice) {
        ObjectNode alloc = JSON.createObjectNode();
        for (Map.Entry<Address, AccountState> entry : choice.state().accounts().entrySet()) {
            // A tracer names what was looked at and not there; in a document it would be there, and empty, for which
            // clients ask another amount of gas (EIP-7702).
            if (!isEmpty(entry.getValue())) {
                put(alloc, entry.getKey(), entry.getValue(), choice.codes());
            }
        }
        Predeploys.codes().forEach((address, code) -> {
            if (alloc.get(address.substring(2)) == null) {
                alloc.putObject(address.substring(2))
                        .put("balance", "0x0")
                        .put("nonce", "0x1")
                        .put("code", code);
            }
        });
        return alloc;
    }

    private static boolean isEmpty(AccountState account) {
        return account.nonce() == 0 && account.balance().isZero() && account.codeHash() == null;
    }

    private static void put(ObjectNode alloc, Address address, AccountState account, Map<String, String> codes) {
        ObjectNode node = alloc.putObject(address.hex().replaceFirst("^0x", ""));
        node.put("balance", account.balance().toQuantity());
        node.put("nonce", "0x" + Long.toHexString(account.nonce()));
        String code = code(account, codes);
        if (code != null) {
            node.put("code", code);
        }
        Map<Word, Word> written = new TreeMap<>(account.storage());
        written.values().removeIf(Word::isZero);
        if (!written.isEmpty()) {
            ObjectNode storage = node.putObject("storage");
            written.forEach((slot, value) -> storage.put(padded(slot), padded(value)));
        }
    }

    private static @Nullable String code(AccountState account, Map<String, String> codes) {
        String hash = account.codeHash();
        return hash == null ? null : codes.get(hash);
    }

    private static String padded(Word word) {
        return "0x" + Hex.encode(word.toBytes32());
    }
}
