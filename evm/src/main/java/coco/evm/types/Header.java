package coco.evm.types;

import coco.crypto.Keccak256;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A block header with all fields up to Prague. The last six came one fork after another and are null before theirs:
 * a field is encoded exactly when it is not null, and none may follow a null one.
 *
 * @param parentHash hash of the block before, 32 bytes
 * @param ommersHash hash of the list of ommers, 32 bytes; {@link #NO_OMMERS} since Paris
 * @param beneficiary who gets the fees
 * @param stateRoot root of the accounts after the block, 32 bytes
 * @param transactionsRoot root of the transactions, 32 bytes
 * @param receiptsRoot root of the receipts, 32 bytes
 * @param logsBloom filter over all logs of the block
 * @param difficulty zero since Paris
 * @param number height in the chain, unsigned
 * @param gasLimit most gas a block may use, unsigned
 * @param gasUsed gas its transactions used, unsigned
 * @param timestamp seconds since 1970, unsigned
 * @param extraData up to 32 bytes of anything
 * @param mixHash randomness of the block since Paris (EIP-4399), 32 bytes
 * @param nonce 8 bytes, zero since Paris
 * @param baseFeePerGas wei per gas that is burnt (EIP-1559, London)
 * @param withdrawalsRoot root of the withdrawals, 32 bytes (EIP-4895, Shanghai)
 * @param blobGasUsed blob gas its transactions used (EIP-4844, Cancun)
 * @param excessBlobGas running excess of blob gas (EIP-4844, Cancun)
 * @param parentBeaconBlockRoot 32 bytes (EIP-4788, Cancun)
 * @param requestsHash hash over requests to the consensus layer, 32 bytes (EIP-7685, Prague)
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by hash only.
public record Header(
        byte[] parentHash,
        byte[] ommersHash,
        Address beneficiary,
        byte[] stateRoot,
        byte[] transactionsRoot,
        byte[] receiptsRoot,
        Bloom logsBloom,
        Word difficulty,
        long number,
        long gasLimit,
        long gasUsed,
        long timestamp,
        byte[] extraData,
        byte[] mixHash,
        byte[] nonce,
        @Nullable Word baseFeePerGas,
        byte @Nullable [] withdrawalsRoot,
        @Nullable Long blobGasUsed,
        @Nullable Long excessBlobGas,
        byte @Nullable [] parentBeaconBlockRoot,
        byte @Nullable [] requestsHash) {
    /** Hash of the RLP of an empty list. */
    public static final byte[] NO_OMMERS =
            HexFormat.of().parseHex("1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");

    /** SHA-256 of nothing: the requests hash of a block without requests (EIP-7685). */
    public static final byte[] NO_REQUESTS =
            HexFormat.of().parseHex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    /** The header's RLP, whose Keccak hash names the block. */
    public byte[] encode() {
        RlpWriter out = new RlpWriter(720);
        writeTo(out);
        return out.toBytes();
    }

    /** The block's hash, 32 bytes. */
    public byte[] hash() {
        RlpWriter out = new RlpWriter(720);
        writeTo(out);
        return Keccak256.hash(out.buffer(), 0, out.sizeBytes());
    }

    void writeTo(RlpWriter out) {
        out.beginList()
                .string(parentHash)
                .string(ommersHash)
                .string(beneficiary.bytes())
                .string(stateRoot)
                .string(transactionsRoot)
                .string(receiptsRoot)
                .string(logsBloom.bytes());
        Rlps.word(out, difficulty);
        out.unsigned(number)
                .unsigned(gasLimit)
                .unsigned(gasUsed)
                .unsigned(timestamp)
                .string(extraData)
                .string(mixHash)
                .string(nonce);
        writeOptional(out);
        out.endList();
    }

    private void writeOptional(RlpWriter out) {
        if (baseFeePerGas != null) {
            Rlps.word(out, baseFeePerGas);
        }
        if (withdrawalsRoot != null) {
            out.string(withdrawalsRoot);
        }
        if (blobGasUsed != null) {
            out.unsigned(blobGasUsed);
        }
        if (excessBlobGas != null) {
            out.unsigned(excessBlobGas);
        }
        if (parentBeaconBlockRoot != null) {
            out.string(parentBeaconBlockRoot);
        }
        if (requestsHash != null) {
            out.string(requestsHash);
        }
    }

    /**
     * Decodes what {@link #encode} gives.
     *
     * @throws MalformedException if the bytes are not the canonical encoding of a header
     */
    public static Header decode(byte[] bytes) throws MalformedException {
        try {
            RlpReader in = new RlpReader(bytes);
            Header header = read(in);
            in.finish();
            return header;
        } catch (RlpException e) {
            throw new MalformedException(e);
        }
    }

    static Header read(RlpReader in) throws RlpException {
        in.enterList();
        Header header = new Header(
                in.string(32),
                in.string(32),
                Address.of(in.string(Address.SIZE)),
                in.string(32),
                in.string(32),
                in.string(32),
                Bloom.of(in.string(Bloom.SIZE)),
                Rlps.word(in),
                in.unsigned64(),
                in.unsigned64(),
                in.unsigned64(),
                in.unsigned64(),
                in.string(),
                in.string(32),
                in.string(8),
                in.hasNext() ? Rlps.word(in) : null,
                in.hasNext() ? in.string(32) : null,
                in.hasNext() ? (Long) in.unsigned64() : null,
                in.hasNext() ? (Long) in.unsigned64() : null,
                in.hasNext() ? in.string(32) : null,
                in.hasNext() ? in.string(32) : null);
        in.leaveList();
        return header;
    }
}
