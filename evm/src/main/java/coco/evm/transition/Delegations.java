package coco.evm.transition;

import coco.crypto.Secp256k1;
import coco.evm.code.CodeInfo;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Word;
import java.util.List;

/** The authorisations of a set-code transaction (EIP-7702): a tuple that is wrong in any way is passed over. */
final class Delegations {
    /** What is given back if the account was there before. */
    private static final long EXISTING_REFUND = 12_500;

    private final Secp256k1 curve;
    private final Word chainId;

    Delegations(Secp256k1 curve, long chainId) {
        this.curve = curve;
        this.chainId = Word.of(chainId);
    }

    void apply(JournaledState state, List<Authorization> authorizations) {
        for (Authorization authorization : authorizations) {
            Address signer = authorization.authorityOn(chainId, curve);
            if (signer != null) {
                apply(state, authorization, state.account(signer));
            }
        }
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
