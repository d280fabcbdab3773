package coco.ledgers.ethereum.chain;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import coco.kv.Reader;
import coco.ledgers.api.LedgerException;

/**
 * The newest block of the chain, as the state knows it.
 *
 * @param number its number, not the journal's height
 * @param hash 32 bytes
 * @param timestampSeconds since 1970
 * @param randomness its mixHash, 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Read field by field.
public record Head(long number, byte[] hash, long timestampSeconds, byte[] randomness) {
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
        try {
            RlpReader in = new RlpReader(bytes);
            in.enterList();
            Head head = new Head(in.unsigned64(), in.string(32), in.unsigned64(), in.string(32));
            in.leaveList();
            in.finish();
            return head;
        } catch (RlpException e) {
            throw new LedgerException("the head of the Ethereum chain is damaged", e);
        }
    }

    byte[] encode() {
        return new RlpWriter(96)
                .beginList()
                .unsigned(number)
                .string(hash)
                .unsigned(timestampSeconds)
                .string(randomness)
                .endList()
                .toBytes();
    }
}
