package coco.evm.transition;

import coco.crypto.Secp256k1;
import coco.evm.transition.Outcome.Reason;
import coco.evm.transition.Outcome.Rejected;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Who signed a transaction, by the rules of a fork: the lower s since Homestead (EIP-2), EIP-155 since Spurious Dragon.
 */
public final class SignatureRules {
    private SignatureRules() {}

    /** The sender; null where the signature is not one. */
    public static @Nullable Address sender(ChainRules rules, Transaction transaction) {
        return transaction.sender(Secp256k1.fastest(), rules.fork().has(Fork.HOMESTEAD));
    }

    /** Why the signature does not count on this chain, though it may be one; null if it counts. */
    public static @Nullable Rejected check(ChainRules rules, Transaction transaction) {
        if (!transaction.replayProtected()) {
            return null;
        }
        boolean legacy = transaction.type() == Transaction.Type.LEGACY;
        if (legacy && !rules.fork().has(Fork.SPURIOUS_DRAGON)) {
            return new Rejected(Reason.INVALID_SIGNATURE, "invalid transaction v, r, s values");
        }
        if (transaction.chainId() != rules.chainId()) {
            return new Rejected(
                    Reason.WRONG_CHAIN_ID,
                    "invalid chain id for signer: have %s want %s"
                            .formatted(
                                    Long.toUnsignedString(transaction.chainId()),
                                    Long.toUnsignedString(rules.chainId())));
        }
        return null;
    }

    /** The refusal of a signature that is none. */
    public static Rejected invalid() {
        return new Rejected(Reason.INVALID_SIGNATURE, "invalid transaction v, r, s values");
    }
}
