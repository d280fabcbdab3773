package coco.ledgers.ethereum.testing;

import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.node.ObjectNode;

/**
 * The test chain of ethereum/execution-apis: 45 blocks and more from Frontier to Osaka, with proof of work, ommers,
 * withdrawals, blobs and requests.
 */
public final class PublicChain {
    private PublicChain() {}

    /** Where chain and cases are; skips the test where they are missing. */
    public static Path folder() {
        Path folder = Path.of(System.getProperty("coco.testdata", ""), "rpc-compat", "tests");
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> "test data is missing: " + folder);
        return folder;
    }

    /** The chain's genesis document, with Ethereum's fee market. */
    public static String genesis() throws IOException {
        ObjectNode document = (ObjectNode) Rpc.MAPPER.readTree(Files.readAllBytes(folder().resolve("genesis.json")));
        return document.put("feeMarket", "eip1559").toString();
    }

    /** The chain's blocks, to be closed. */
    public static InputStream blocks() throws IOException {
        return Files.newInputStream(folder().resolve("chain.rlp"));
    }

    /** A node that has imported the chain. */
    public static SingleNode node() throws IOException {
        try (InputStream blocks = blocks()) {
            return new SingleNode(new EthereumLedgerFactory(), genesis()).importHistory(blocks);
        }
    }
}
