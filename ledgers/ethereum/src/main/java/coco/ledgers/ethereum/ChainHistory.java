package coco.ledgers.ethereum;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.types.Header;
import coco.evm.types.MalformedException;
import coco.ledgers.api.LedgerException;
import coco.ledgers.ethereum.chain.BlockFile;
import coco.ledgers.ethereum.chain.Genesis;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a network needs that shall begin with the history of another one.
 *
 * @param document the ledger's genesis document, which names the history's last block
 * @param chainId EIP-155
 * @param blocks how many blocks there are after the first one
 * @param number of the last block
 * @param hash of the last block, with 0x
 */
public record ChainHistory(String document, long chainId, long blocks, long number, String hash) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /**
     * Looks through a file of blocks, of which it believes all, and completes the genesis document: {@code imported}
     * names the last block; {@code feeMarket}, where the document has none, is Ethereum's.
     *
     * @param genesis the genesis document of the chain in geth's format, or the constitution of a Coco network
     * @param blocks the RLP of one block after the other, perhaps compressed with gzip
     * @throws LedgerException if either cannot be understood
     * @throws IOException if the file cannot be read
     */
    public static ChainHistory read(byte[] genesis, InputStream blocks) throws IOException {
        ObjectNode document = document(genesis);
        long first = Genesis.parse(bytes(document)).number();
        BlockFile file = new BlockFile(blocks);
        Header last = null;
        long count = 0;
        for (byte[] block = file.next(); block != null; block = file.next()) {
            Header header = header(block, last);
            if (header.number() != first || last != null) {
                count++;
                last = header;
            }
        }
        if (last == null) {
            throw new LedgerException("the file of blocks holds no block after the first one of the chain");
        }
        String hash = "0x" + HexFormat.of().formatHex(last.hash());
        document.putObject("imported").put("number", last.number()).put("hash", hash);
        byte[] completed = bytes(document);
        long chainId = Genesis.parse(completed).config().chainId();
        return new ChainHistory(document.toString(), chainId, count, last.number(), hash);
    }

    private static ObjectNode document(byte[] genesis) {
        JsonNode given;
        try {
            given = MAPPER.readTree(genesis);
        } catch (JacksonException e) {
            throw new LedgerException("the genesis document is not JSON: " + e.getOriginalMessage(), e);
        }
        JsonNode ours = given.path("ledgers").get(EthereumLedger.ID);
        if ((ours == null ? given : ours) instanceof ObjectNode document) {
            if (!document.hasNonNull("feeMarket")) {
                document.put("feeMarket", ours == null ? "eip1559" : "constant");
            }
            return document;
        }
        throw new LedgerException("the genesis document is no JSON object");
    }

    private static byte[] bytes(ObjectNode document) {
        return MAPPER.writeValueAsBytes(document);
    }

    private static Header header(byte[] block, @Nullable Header before) {
        try {
            RlpReader in = new RlpReader(block);
            in.enterList();
            return Header.decode(in.encodedItem());
        } catch (RlpException | MalformedException e) {
            String place = before == null ? "the beginning" : "block " + Long.toUnsignedString(before.number());
            throw new LedgerException("what follows " + place + " is no block: " + e.getMessage(), e);
        }
    }
}
