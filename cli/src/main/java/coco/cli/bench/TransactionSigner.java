package coco.cli.bench;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.evm.rlp.RlpWriter;

/** Makes signed EIP-1559 transactions without fees. Safe for any number of threads. */
final class TransactionSigner {
    private static final int TYPE = 2;

    private final Secp256k1 curve;
    private final long chainId;

    TransactionSigner(Secp256k1 curve, long chainId) {
        this.curve = curve;
        this.chainId = chainId;
    }

    /**
     * The bytes to send.
     *
     * @param to 20 bytes, or none to create a contract
     * @param valueWei unsigned
     */
    byte[] sign(byte[] secret, long nonce, long gasLimit, byte[] to, long valueWei, byte[] data) {
        RlpWriter unsigned = fields(nonce, gasLimit, to, valueWei, data).endList();
        Secp256k1.Signature signature = curve.sign(Keccak256.hash(unsigned.toBytes()), secret);
        return fields(nonce, gasLimit, to, valueWei, data)
                .unsigned(signature.recoveryId())
                .unsigned(signature.rs(), 0, 32)
                .unsigned(signature.rs(), 32, 32)
                .endList()
                .toBytes();
    }

    private RlpWriter fields(long nonce, long gasLimit, byte[] to, long valueWei, byte[] data) {
        return new RlpWriter(data.length + 160)
                .raw(TYPE)
                .beginList()
                .unsigned(chainId)
                .unsigned(nonce)
                .unsigned(0)
                .unsigned(0)
                .unsigned(gasLimit)
                .string(to)
                .unsigned(valueWei)
                .string(data)
                .beginList()
                .endList();
    }
}
