package coco.evm.transition;

import coco.evm.BlockEnvironment;
import coco.evm.code.CodeInfo;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.transition.Outcome.Reason;
import coco.evm.transition.Outcome.Rejected;
import coco.evm.types.Fork;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Whether a transaction may be in a block. The order of the checks and their words are those of geth, because wallets
 * and tools look for them; each check answers null if there is nothing to say.
 */
final class Checks {
    private static final int INIT_CODE_LIMIT = 2 * 24_576;
    private static final byte BLOB_HASH_VERSION = 0x01;
    /** EIP-7594. */
    private static final int BLOBS_PER_TRANSACTION = 6;

    private Checks() {}

    /**
     * Everything but the nonce and the kind of account, which do not matter to a simulation.
     *
     * @param lenient whether what names no fee need not pay any: in simulations
     */
    static @Nullable Rejected message(
            ChainRules chain,
            JournaledState state,
            BlockEnvironment block,
            TransactionMessage tx,
            long gasLeftInBlock,
            boolean lenient) {
        Rejected rejected = type(chain.fork(), tx);
        if (rejected == null && !(lenient && namesNoFees(tx))) {
            rejected = fees(chain.fork(), block, tx);
        }
        if (rejected == null) {
            rejected = byType(chain, block, tx, lenient);
        }
        if (rejected == null) {
            rejected = funds(tx, state.account(tx.sender()));
        }
        // EIP-1985: gas has 63 bits, so no block has room for more.
        boolean tooMuch = tx.gasLimit() < 0 || Long.compareUnsigned(tx.gasLimit(), gasLeftInBlock) > 0;
        if (rejected == null && tooMuch) {
            rejected = new Rejected(Reason.BLOCK_GAS_EXCEEDED, "gas limit reached");
        }
        return rejected == null ? gas(chain.fork(), tx) : rejected;
    }

    static boolean namesNoFees(TransactionMessage tx) {
        return tx.maxFeePerGas().isZero() && tx.maxPriorityFeePerGas().isZero();
    }

    private static @Nullable Rejected type(Fork fork, TransactionMessage tx) {
        Fork since = switch (tx.type()) {
            case LEGACY -> Fork.FRONTIER;
            case ACCESS_LIST -> Fork.BERLIN;
            case DYNAMIC_FEE -> Fork.LONDON;
            case BLOB -> Fork.CANCUN;
            case SET_CODE -> Fork.PRAGUE;
        };
        return fork.has(since) ? null : new Rejected(Reason.TYPE_NOT_SUPPORTED, "transaction type not supported");
    }

    static @Nullable Rejected nonce(TransactionMessage tx, long stateNonce) {
        int order = Long.compareUnsigned(tx.nonce(), stateNonce);
        if (order != 0) {
            String what = order < 0 ? "nonce too low" : "nonce too high";
            String message = "%s: address %s, tx: %s state: %s"
                    .formatted(
                            what,
                            tx.sender().checksumHex(),
                            Long.toUnsignedString(tx.nonce()),
                            Long.toUnsignedString(stateNonce));
            return new Rejected(order < 0 ? Reason.NONCE_TOO_LOW : Reason.NONCE_TOO_HIGH, message);
        }
        if (stateNonce == -1) {
            return new Rejected(
                    Reason.NONCE_AT_MAXIMUM,
                    "nonce has max value: address %s, nonce: %s"
                            .formatted(tx.sender().checksumHex(), Long.toUnsignedString(stateNonce)));
        }
        return null;
    }

    static @Nullable Rejected gasCap(ChainRules chain, TransactionMessage tx) {
        if (!chain.fork().has(Fork.OSAKA) || Long.compareUnsigned(tx.gasLimit(), chain.transactionGasCap()) <= 0) {
            return null;
        }
        return new Rejected(
                Reason.GAS_LIMIT_TOO_HIGH,
                "transaction gas limit too high (cap: %d, tx: %s)"
                        .formatted(chain.transactionGasCap(), Long.toUnsignedString(tx.gasLimit())));
    }

    /** EIP-3607: contracts sign nothing, save accounts that delegate (EIP-7702). */
    static @Nullable Rejected sender(JournaledState state, JournaledAccount sender) {
        if (!sender.hasCode()) {
            return null;
        }
        CodeInfo code = state.code(sender);
        return code.delegate() != null
                ? null
                : new Rejected(
                        Reason.SENDER_NOT_EOA,
                        "sender not an eoa: address %s, len(code): %d"
                                .formatted(sender.address().checksumHex(), code.length()));
    }

    private static @Nullable Rejected fees(Fork fork, BlockEnvironment block, TransactionMessage tx) {
        if (!fork.has(Fork.LONDON)) {
            return null;
        }
        if (tx.maxFeePerGas().compareTo(tx.maxPriorityFeePerGas()) < 0) {
            return new Rejected(
                    Reason.PRIORITY_FEE_ABOVE_MAX_FEE,
                    "max priority fee per gas higher than max fee per gas: address %s, maxPriorityFeePerGas: %s, maxFeePerGas: %s"
                            .formatted(tx.sender().checksumHex(), tx.maxPriorityFeePerGas(), tx.maxFeePerGas()));
        }
        if (tx.maxFeePerGas().compareTo(block.baseFee()) < 0) {
            return new Rejected(
                    Reason.MAX_FEE_BELOW_BASE_FEE,
                    "max fee per gas less than block base fee: address %s, maxFeePerGas: %s, baseFee: %s"
                            .formatted(tx.sender().checksumHex(), tx.maxFeePerGas(), block.baseFee()));
        }
        return null;
    }

    private static @Nullable Rejected byType(
            ChainRules chain, BlockEnvironment block, TransactionMessage tx, boolean lenient) {
        if (tx.type() == Transaction.Type.BLOB) {
            String wrong = blobs(chain, block, tx, lenient);
            return wrong == null ? null : new Rejected(Reason.BLOB_TRANSACTION_INVALID, wrong);
        }
        if (tx.type() == Transaction.Type.SET_CODE && tx.to() == null) {
            return new Rejected(
                    Reason.SET_CODE_TRANSACTION_INVALID,
                    "EIP-7702 transaction cannot be used to create contract (sender %s)"
                            .formatted(tx.sender().checksumHex()));
        }
        if (tx.type() == Transaction.Type.SET_CODE && tx.authorizations().isEmpty()) {
            return new Rejected(
                    Reason.SET_CODE_TRANSACTION_INVALID,
                    "EIP-7702 transaction with empty auth list (sender %s)"
                            .formatted(tx.sender().checksumHex()));
        }
        return null;
    }

    private static @Nullable String blobs(
            ChainRules chain, BlockEnvironment block, TransactionMessage tx, boolean lenient) {
        if (tx.to() == null) {
            return "blob transaction of type create";
        }
        if (tx.blobHashes().isEmpty()) {
            return "blob transaction missing blob hashes";
        }
        int most = chain.blobs().max();
        if (chain.fork().has(Fork.OSAKA)) {
            most = Math.min(most, BLOBS_PER_TRANSACTION);
        }
        if (tx.blobHashes().size() > most) {
            return "blob transaction has too many blobs (max %d)".formatted(most);
        }
        for (int i = 0; i < tx.blobHashes().size(); i++) {
            if (tx.blobHashes().get(i)[0] != BLOB_HASH_VERSION) {
                return "blob %d has invalid hash version".formatted(i);
            }
        }
        boolean free = lenient && tx.maxFeePerBlobGas().isZero();
        if (!free && tx.maxFeePerBlobGas().compareTo(block.blobBaseFee()) < 0) {
            return "max fee per blob gas less than block blob gas fee: address %s blobGasFeeCap: %s, blobBaseFee: %s"
                    .formatted(tx.sender().checksumHex(), tx.maxFeePerBlobGas(), block.blobBaseFee());
        }
        return null;
    }

    private static @Nullable Rejected funds(TransactionMessage tx, JournaledAccount sender) {
        long blobGas = BlobParameters.GAS_PER_BLOB * tx.blobHashes().size();
        int bits = 2
                + Math.max(
                        tx.value().bitLength(),
                        Math.max(
                                tx.maxFeePerGas().bitLength() + 64 - Long.numberOfLeadingZeros(tx.gasLimit()),
                                tx.maxFeePerBlobGas().bitLength() + 64 - Long.numberOfLeadingZeros(blobGas)));
        if (bits <= 256) {
            Word wanted = tx.maxFeePerGas()
                    .times(tx.gasLimit())
                    .plus(tx.maxFeePerBlobGas().times(blobGas))
                    .plus(tx.value());
            return sender.balance().compareTo(wanted) >= 0 ? null : insufficient(sender, wanted.toBigInteger());
        }
        BigInteger wanted = tx.maxFeePerGas()
                .toBigInteger()
                .multiply(Word.of(tx.gasLimit()).toBigInteger())
                .add(tx.maxFeePerBlobGas().toBigInteger().multiply(BigInteger.valueOf(blobGas)))
                .add(tx.value().toBigInteger());
        return sender.balance().toBigInteger().compareTo(wanted) >= 0 ? null : insufficient(sender, wanted);
    }

    private static Rejected insufficient(JournaledAccount sender, BigInteger wanted) {
        return new Rejected(
                Reason.INSUFFICIENT_FUNDS,
                "insufficient funds for gas * price + value: address %s have %s want %s"
                        .formatted(sender.address().checksumHex(), sender.balance(), wanted));
    }

    private static @Nullable Rejected gas(Fork fork, TransactionMessage tx) {
        long intrinsic = IntrinsicGas.of(tx, fork);
        if (Long.compareUnsigned(tx.gasLimit(), intrinsic) < 0) {
            return new Rejected(
                    Reason.INTRINSIC_GAS_TOO_LOW,
                    "intrinsic gas too low: have %s, want %d"
                            .formatted(Long.toUnsignedString(tx.gasLimit()), intrinsic));
        }
        long floor = IntrinsicGas.floor(tx, fork);
        if (Long.compareUnsigned(tx.gasLimit(), floor) < 0) {
            return new Rejected(
                    Reason.FLOOR_GAS_TOO_LOW,
                    "insufficient gas for floor data gas cost: have %s, want %d"
                            .formatted(Long.toUnsignedString(tx.gasLimit()), floor));
        }
        if (fork.has(Fork.SHANGHAI) && tx.to() == null && tx.data().length > INIT_CODE_LIMIT) {
            return new Rejected(
                    Reason.INIT_CODE_TOO_LONG,
                    "max initcode size exceeded: code size %d limit %d".formatted(tx.data().length, INIT_CODE_LIMIT));
        }
        return null;
    }
}
