package coco.evm;

import coco.crypto.Keccak256;
import coco.evm.types.Address;

/** Where new contracts come to lie. */
public final class ContractAddresses {
    private static final int SHORT_STRING = 0x80;
    private static final int SHORT_LIST = 0xC0;

    private ContractAddresses() {}

    /**
     * Of a contract that {@code creator} makes by CREATE or by a transaction with this nonce: of rlp([creator, nonce]).
     */
    public static Address of(Address creator, long nonce) {
        int nonceBytes = (71 - Long.numberOfLeadingZeros(nonce)) / 8;
        boolean single = nonce > 0 && nonce < SHORT_STRING;
        int payload = 1 + Address.SIZE + (single ? 1 : 1 + nonceBytes);
        byte[] rlp = new byte[1 + payload];
        rlp[0] = (byte) (SHORT_LIST + payload);
        rlp[1] = (byte) (SHORT_STRING + Address.SIZE);
        creator.writeTo(rlp, 2);
        if (!single) {
            rlp[2 + Address.SIZE] = (byte) (SHORT_STRING + nonceBytes);
        }
        for (int i = 0; i < nonceBytes; i++) {
            rlp[rlp.length - 1 - i] = (byte) (nonce >>> (8 * i));
        }
        return fromDigest(Keccak256.hash(rlp));
    }

    /** Of a contract that {@code creator} makes by CREATE2 (EIP-1014). */
    public static Address of(Address creator, byte[] salt32, byte[] initCodeHash32) {
        byte[] preimage = new byte[1 + Address.SIZE + 32 + 32];
        preimage[0] = (byte) 0xFF;
        creator.writeTo(preimage, 1);
        System.arraycopy(salt32, 0, preimage, 1 + Address.SIZE, 32);
        System.arraycopy(initCodeHash32, 0, preimage, 33 + Address.SIZE, 32);
        return fromDigest(Keccak256.hash(preimage));
    }

    private static Address fromDigest(byte[] digest) {
        return Address.of(digest, 12);
    }
}
