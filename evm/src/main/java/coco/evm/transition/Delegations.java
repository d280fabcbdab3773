package coco.evm.transition;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.evm.code.CodeInfo;
import coco.evm.rlp.RlpWriter;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The authorisations of a set-code transaction (EIP-7702): a tuple that is wrong in any way is passed over. */
final class Delegations {
    private static final int MAGIC = 0x05;
    /** What is given back if the account was there before. */
    private static final long EXISTING_REFUND = 12_500;

    private static final Word ORDER = Word.fromHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    private static final Word HALF_ORDER =
            Word.fromHex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

    private final Secp256k1 curve;
    private final Word chainId;

    Delegations(Secp256k1 curve, long chainId) {
        this.curve = curve;
        this.chainId = Word.of(chainId);
    }

    void apply(JournaledState state, List<Authorization> authorizations) {
        for (Authorization authorization : authorizations) {
            Address signer = signer(authorization);
            if (signer != null) {
                apply(state, authorization, state.account(signer));
            }
        }
    }

    private @Nullable Address signer(Authorization authorization) {
        boolean here =
                authorization.chainId().isZero() || authorization.chainId().equals(chainId);
        if (!here || authorization.nonce() == -1) {
            return null;
        }
        return authority(authorization);
    }

    /** Who signed it, be it good for this chain or not; null if the signature is wrong. */
    @Nullable
    Address authority(Authorization authorization) {
        Word r = authorization.r();
        Word s = authorization.s();
        if (r.isZero() || s.isZero() || r.compareTo(ORDER) >= 0 || s.compareTo(HALF_ORDER) > 0) {
            return null;
        }
        if (authorization.yParity() != 0 && authorization.yParity() != 1) {
            return null;
        }
        byte[] signature = new byte[64];
        r.writeTo(signature, 0);
        s.writeTo(signature, 32);
        byte[] publicKey = curve.recover(signedHash(authorization), signature, authorization.yParity());
        return publicKey == null ? null : Address.of(Keccak256.hash(publicKey), 12);
    }

    private static byte[] signedHash(Authorization authorization) {
        RlpWriter out = new RlpWriter();
        out.raw(MAGIC);
        out.beginList();
        out.unsigned(authorization.chainId().toBytes32());
        out.string(authorization.address().bytes());
        out.unsigned(authorization.nonce());
        out.endList();
        return Keccak256.hash(out.toBytes());
    }

    private static void apply(JournaledState state, Authorization authorization, JournaledAccount signer) {
        state.warm(signer);
        boolean free = !signer.hasCode() || state.code(signer).delegate() != null;
        if (!free || signer.nonce() != authorization.nonce()) {
            return;
        }
        // The EIP says "not empty", the specification and the clients ask whether the account is there at all; only an
        // account with nothing but storage tells the two apart.
        if (signer.exists()) {
            state.addRefund(EXISTING_REFUND);
        }
        boolean takesBack = authorization.address().isZero();
        state.setCode(signer, takesBack ? new byte[0] : CodeInfo.delegationTo(authorization.address()));
        state.setNonce(signer, signer.nonce() + 1);
    }
}
