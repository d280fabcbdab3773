package coco.ledgers.ethereum;

import coco.ledgers.ethereum.access.ReaderLists;
import java.util.Map;

/**
 * Contracts that a new chain should have from the start: account to code, both in hexadecimal with 0x, as a genesis
 * document wants them. Each account has nonce 1 and no balance.
 */
public final class Predeploys {
    /**
     * Serves the hashes of the last 8,191 blocks (EIP-2935); the chain itself writes to it at the start of each block.
     */
    public static final String HISTORY = "0x0000f90827f1c53a10cb7a02335b175320002935";

    /**
     * Creates contracts at addresses that depend on salt and code only: what deployment tools look for on every chain.
     */
    public static final String DETERMINISTIC_DEPLOYER = "0x4e59b44847b379578588920ca78fbf26c0b4956c";

    /** Keeps who may see contracts that have no rule of their own (docs/design/access.md). */
    public static final String READERS = ReaderLists.ADDRESS.hex();

    private static final String HISTORY_CODE =
            "0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff8143031160"
                    + "4257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";

    private static final String DETERMINISTIC_DEPLOYER_CODE =
            "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f5801515"
                    + "6039578182fd5b8082525050506014600cf3";

    private Predeploys() {}

    /** All of them. */
    public static Map<String, String> codes() {
        return Map.of(
                HISTORY, HISTORY_CODE, DETERMINISTIC_DEPLOYER, DETERMINISTIC_DEPLOYER_CODE, READERS, ReaderLists.CODE);
    }
}
