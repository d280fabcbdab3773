package coco.ledgers.ethereum.chain;

import coco.crypto.Keccak256;
import coco.evm.types.Header;
import coco.evm.types.MalformedException;
import coco.kv.Reader;
import coco.ledgers.api.LedgerException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The newest block of the chain, as the state knows it. Its number is the chain's own, not the journal's height.
 *
 * @param hash of the header, 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Read field by field.
public record Head(Header header, byte[] hash) {
    /** What was decoded last: nearly every request asks for the same one. */
    private static volatile @Nullable Known newest;

    private record Known(byte[] encoded, Head head) {}

    /** The head that a block is. */
    static Head of(Header header) {
        return new Head(header, header.hash());
    }

    /**
     * The head of a state.
     *
     * @throws LedgerException if the state has no genesis block
     */
    public static Head of(Reader state) {
        byte[] bytes = state.get(EthereumMaps.CHAIN, EthereumMaps.headKey());
        if (bytes == null) {
            throw new LedgerException("the Ethereum ledger has no genesis block");
        }
        Known known = newest;
        if (known != null && Arrays.equals(bytes, known.encoded)) {
            return known.head;
        }
        try {
            Head head = new Head(Header.decode(bytes), Keccak256.hash(bytes));
            newest = new Known(bytes, head);
            return head;
        } catch (MalformedException e) {
            throw new LedgerException("the head of the Ethereum chain is damaged", e);
        }
    }

    /** The block's number. */
    public long number() {
        return header.number();
    }

    byte[] encode() {
        return header.encode();
    }
}
