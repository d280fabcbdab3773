package coco.ledgers.ethereum.chain;

import coco.crypto.Keccak256;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import coco.evm.types.Block;
import coco.evm.types.Header;
import coco.evm.types.MalformedException;
import coco.evm.types.Withdrawal;
import coco.ledgers.api.LedgerException;
import java.util.ArrayList;
import java.util.List;

/**
 * A block but for its transactions, as a section's payload holds it: the header's RLP and, where there are any, the
 * lists of ommers and withdrawals after it. Our own blocks have neither.
 *
 * @param header the header
 * @param hash its hash, 32 bytes
 * @param ommers before Paris
 * @param withdrawals since Shanghai; empty before
 */
@SuppressWarnings("ArrayRecordComponent") // Read field by field.
record BlockPayload(Header header, byte[] hash, List<Header> ommers, List<Withdrawal> withdrawals) {
    BlockPayload {
        ommers = List.copyOf(ommers);
        withdrawals = List.copyOf(withdrawals);
    }

    /** The payload of a block that came from elsewhere. */
    static byte[] encode(Block block) {
        List<Withdrawal> withdrawals = block.withdrawals() == null ? List.of() : block.withdrawals();
        if (block.ommers().isEmpty() && withdrawals.isEmpty()) {
            return block.header().encode();
        }
        RlpWriter out = new RlpWriter(1_024);
        out.raw(block.header().encode()).beginList().beginList();
        block.ommers().forEach(ommer -> out.raw(ommer.encode()));
        out.endList().beginList();
        withdrawals.forEach(withdrawal -> out.raw(withdrawal.encode()));
        return out.endList().endList().toBytes();
    }

    /**
     * Reads a section's payload.
     *
     * @throws LedgerException if it is damaged
     */
    static BlockPayload decode(byte[] payload) {
        try {
            RlpReader in = new RlpReader(payload);
            byte[] header = in.encodedItem();
            List<Header> ommers = new ArrayList<>();
            List<Withdrawal> withdrawals = new ArrayList<>();
            if (in.hasNext()) {
                in.enterList();
                in.enterList();
                while (in.hasNext()) {
                    ommers.add(Header.decode(in.encodedItem()));
                }
                in.leaveList();
                in.enterList();
                while (in.hasNext()) {
                    withdrawals.add(Withdrawal.decode(in.encodedItem()));
                }
                in.leaveList();
                in.leaveList();
            }
            in.finish();
            return new BlockPayload(Header.decode(header), Keccak256.hash(header), ommers, withdrawals);
        } catch (RlpException | MalformedException e) {
            throw new LedgerException("a block in the journal is damaged", e);
        }
    }
}
