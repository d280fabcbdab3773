package coco.evm.types;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import org.jspecify.annotations.Nullable;

/**
 * One tuple of a type 4 transaction (EIP-7702): an account allows that its code be that of another address.
 *
 * @param chainId the chain it holds on; 0 for every chain
 * @param address whose code the account takes on; zero clears an earlier one
 * @param nonce the account's nonce when the tuple is applied, unsigned
 * @param yParity parity of the signature's point, 0 or 1 where valid, at most 255
 * @param r the signature's r
 * @param s the signature's s
 */
public record Authorization(Word chainId, Address address, long nonce, int yParity, Word r, Word s) {
    private static final int MAGIC = 0x05;

    /**
     * What an account gives.
     *
     * @param secret32 its key
     */
    public static Authorization sign(Word chainId, Address address, long nonce, Secp256k1 curve, byte[] secret32) {
        byte[] hash = new Authorization(chainId, address, nonce, 0, Word.ZERO, Word.ZERO).signingHash();
        Secp256k1.Signature signature = curve.sign(hash, secret32);
        Word r = Word.ofBytes32(signature.rs(), 0);
        return new Authorization(
                chainId, address, nonce, signature.recoveryId(), r, Word.ofBytes32(signature.rs(), 32));
    }

    /** What the account signs: keccak256(0x05 ‖ rlp([chainId, address, nonce])). */
    public byte[] signingHash() {
        RlpWriter out = new RlpWriter(64).raw(MAGIC).beginList();
        Rlps.word(out, chainId);
        out.string(address.bytes()).unsigned(nonce).endList();
        return Keccak256.hash(out.buffer(), 0, out.sizeBytes());
    }

    /** The account that signed, or null where the signature is not valid (a high s is not, EIP-2). */
    public @Nullable Address authority(Secp256k1 curve) {
        if (yParity > 1 || !Signatures.inRange(r, s) || !Signatures.lowS(s)) {
            return null;
        }
        return Signatures.recover(curve, signingHash(), r, s, yParity);
    }

    /** The account whose code this changes on a chain; null where it is passed over there whatever the account is. */
    public @Nullable Address authorityOn(Word chain, Secp256k1 curve) {
        boolean here = chainId.isZero() || chainId.equals(chain);
        return here && nonce != -1 ? authority(curve) : null;
    }

    void write(RlpWriter out) {
        out.beginList();
        Rlps.word(out, chainId);
        out.string(address.bytes()).unsigned(nonce).unsigned(yParity);
        Rlps.word(out, r);
        Rlps.word(out, s);
        out.endList();
    }

    static Authorization read(RlpReader in) throws RlpException {
        in.enterList();
        Word chainId = Rlps.word(in);
        Address address = Address.of(in.string(Address.SIZE));
        long nonce = in.unsigned64();
        long parity = in.unsigned64();
        if (Long.compareUnsigned(parity, 255) > 0) {
            throw new RlpException(RlpException.Kind.TOO_LARGE, in.offset());
        }
        Word r = Rlps.word(in);
        Word s = Rlps.word(in);
        in.leaveList();
        return new Authorization(chainId, address, nonce, (int) parity, r, s);
    }
}
