package coco.cli.network;

import coco.governance.Preset;
import coco.ledgers.ethereum.Predeploys;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The Ethereum ledger's genesis, in geth's format. */
public final class EthereumGenesis {
    /** Forks that are switched on by block number, all of them from the start. */
    private static final String[] BY_BLOCK = {
        "homesteadBlock",
        "eip150Block",
        "eip155Block",
        "eip158Block",
        "byzantiumBlock",
        "constantinopleBlock",
        "petersburgBlock",
        "istanbulBlock",
        "berlinBlock",
        "londonBlock"
    };

    private static final String[] BY_TIME = {"shanghaiTime", "cancunTime", "pragueTime", "osakaTime"};

    /** Several full blocks of plain token transfers at 1,000 a block; execution time closes a block before gas does. */
    private static final long GAS_LIMIT = 200_000_000;

    private static final List<KnownAccounts.Account> NOBODY = List.of();

    private EthereumGenesis() {}

    /** The document. */
    static String of(Preset preset, long chainId, long timestampSeconds) {
        ObjectNode root = withoutAccounts(chainId, timestampSeconds, GAS_LIMIT);
        ObjectNode alloc = root.putObject("alloc");
        for (KnownAccounts.Account account : preset == Preset.DEVELOPMENT ? KnownAccounts.ALL : NOBODY) {
            alloc.putObject(account.address().substring(2))
                    .put("balance", "0x" + KnownAccounts.BALANCE_WEI.toString(16));
        }
        Predeploys.codes()
                .forEach((address, code) -> alloc.putObject(address.substring(2))
                        .put("balance", "0x0")
                        .put("nonce", "0x1")
                        .put("code", code));
        return JsonMapper.builder().build().writeValueAsString(root);
    }

    /**
     * A document with the newest rules, a constant base fee of 0 and no accounts.
     *
     * @param gasLimit of every block
     */
    public static ObjectNode withoutAccounts(long chainId, long timestampSeconds, long gasLimit) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode config = root.putObject("config");
        config.put("chainId", chainId);
        for (String fork : BY_BLOCK) {
            config.put(fork, 0);
        }
        config.put("terminalTotalDifficulty", 0);
        for (String fork : BY_TIME) {
            config.put(fork, 0);
        }
        root.put("nonce", "0x0")
                .put("timestamp", hex(timestampSeconds))
                .put("extraData", "0x")
                .put("gasLimit", hex(gasLimit))
                .put("difficulty", "0x0")
                .put("mixHash", "0x" + "00".repeat(32))
                .put("coinbase", "0x" + "00".repeat(20))
                .put("baseFeePerGas", "0x0")
                .put("feeMarket", "constant");
        return root;
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
