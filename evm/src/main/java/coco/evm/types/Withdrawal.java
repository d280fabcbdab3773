package coco.evm.types;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;

/**
 * A balance that a block gives to an account from outside (EIP-4895).
 *
 * @param index running number, unsigned
 * @param validatorIndex whose withdrawal it is, unsigned
 * @param address who gets it
 * @param amountGwei how much, in gwei, unsigned
 */
public record Withdrawal(long index, long validatorIndex, Address address, long amountGwei) {
    /** Its RLP encoding, as the withdrawals root wants it. */
    public byte[] encode() {
        RlpWriter out = new RlpWriter(64);
        writeTo(out);
        return out.toBytes();
    }

    /**
     * Decodes what {@link #encode} gives.
     *
     * @throws MalformedException if the bytes are not the canonical encoding of a withdrawal
     */
    public static Withdrawal decode(byte[] bytes) throws MalformedException {
        try {
            RlpReader in = new RlpReader(bytes);
            Withdrawal withdrawal = read(in);
            in.finish();
            return withdrawal;
        } catch (RlpException e) {
            throw new MalformedException(e);
        }
    }

    void writeTo(RlpWriter out) {
        out.beginList()
                .unsigned(index)
                .unsigned(validatorIndex)
                .string(address.bytes())
                .unsigned(amountGwei)
                .endList();
    }

    static Withdrawal read(RlpReader in) throws RlpException {
        in.enterList();
        Withdrawal withdrawal =
                new Withdrawal(in.unsigned64(), in.unsigned64(), Address.of(in.string(Address.SIZE)), in.unsigned64());
        in.leaveList();
        return withdrawal;
    }
}
