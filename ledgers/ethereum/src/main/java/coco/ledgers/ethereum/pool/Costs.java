package coco.ledgers.ethereum.pool;

import coco.evm.transition.BlobParameters;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/** Amounts of money that do not wrap around: where a sum or product is past 2^256 it stays at the largest number. */
final class Costs {
    private Costs() {}

    static Word of(Transaction transaction) {
        Word gas = times(transaction.maxFeePerGas(), transaction.gasLimit());
        long blobGas = BlobParameters.GAS_PER_BLOB * transaction.blobHashes().size();
        return plus(plus(gas, times(transaction.maxFeePerBlobGas(), blobGas)), transaction.value());
    }

    /** Why a sender with this account cannot send this, in geth's words; null if it can. */
    static @Nullable String fault(Transaction transaction, Word cost, long stateNonce, Word balance) {
        if (Long.compareUnsigned(transaction.nonce(), stateNonce) < 0) {
            return "nonce too low: next nonce " + Long.toUnsignedString(stateNonce) + ", tx nonce "
                    + Long.toUnsignedString(transaction.nonce());
        }
        return balance.compareTo(cost) >= 0
                ? null
                : "insufficient funds for gas * price + value: balance " + balance + ", tx cost " + cost + ", overshot "
                        + cost.minus(balance);
    }

    static Word plus(Word left, Word right) {
        Word sum = left.plus(right);
        return sum.compareTo(left) < 0 ? Word.MAX : sum;
    }

    static Word times(Word price, long gas) {
        if (price.bitLength() + 64 - Long.numberOfLeadingZeros(gas) <= 256) {
            return price.times(gas);
        }
        java.math.BigInteger exact = price.toBigInteger().multiply(Word.of(gas).toBigInteger());
        return exact.bitLength() > 256 ? Word.MAX : Word.of(exact);
    }

    /** At least {@code percent} more than {@code price}, rounded down as geth does. */
    static Word raised(Word price, int percent) {
        java.math.BigInteger raised = price.toBigInteger()
                .multiply(java.math.BigInteger.valueOf(100L + percent))
                .divide(java.math.BigInteger.valueOf(100));
        return raised.bitLength() > 256 ? Word.MAX : Word.of(raised);
    }
}
