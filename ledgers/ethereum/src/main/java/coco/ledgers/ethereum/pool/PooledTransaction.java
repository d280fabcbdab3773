package coco.ledgers.ethereum.pool;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.ethereum.chain.Candidates;

/** A transaction in the pool. */
final class PooledTransaction implements Candidates.Candidate {
    final Transaction transaction;
    final Address sender;
    /** The transaction's hash, as a key. */
    final Word id;
    /** What it may cost its sender: gas limit times fee, and value; in wei, the largest number where that overflows. */
    final Word cost;
    /** What the beneficiary gets per gas in the next block; zero if the transaction cannot pay for that block. */
    Word tip = Word.ZERO;
    /** Whether it pays what the next block burns. */
    boolean payable;

    final long arrival;
    final long arrivedMillis;
    boolean executed;

    PooledTransaction(Transaction transaction, Address sender, Word cost, long arrival, long arrivedMillis) {
        this.transaction = transaction;
        this.sender = sender;
        this.id = Word.ofBytes32(transaction.hash(), 0);
        this.cost = cost;
        this.arrival = arrival;
        this.arrivedMillis = arrivedMillis;
    }

    /** The next block burns this much, in wei per gas and per blob gas. */
    void price(Word baseFee, Word blobBaseFee) {
        payable = transaction.maxFeePerGas().compareTo(baseFee) >= 0
                && (transaction.type() != Transaction.Type.BLOB
                        || transaction.maxFeePerBlobGas().compareTo(blobBaseFee) >= 0);
        tip = payable ? transaction.effectiveGasPrice(baseFee).minus(baseFee) : Word.ZERO;
    }

    @Override
    public Transaction transaction() {
        return transaction;
    }

    @Override
    public Address sender() {
        return sender;
    }

    int sizeBytes() {
        return transaction.encoded().length;
    }

    /** Which of two pays less: geth's comparison, by tip, then by the most that either fee may be. */
    static int byPrice(PooledTransaction left, PooledTransaction right) {
        int byTip = left.tip.compareTo(right.tip);
        if (byTip != 0) {
            return byTip;
        }
        int byFee = left.transaction.maxFeePerGas().compareTo(right.transaction.maxFeePerGas());
        return byFee != 0
                ? byFee
                : left.transaction.maxPriorityFeePerGas().compareTo(right.transaction.maxPriorityFeePerGas());
    }

    /** The order in which transactions make room for dearer ones: the cheapest first, of these the newest. */
    static int byPriceThenNewest(PooledTransaction left, PooledTransaction right) {
        int byPrice = byPrice(left, right);
        return byPrice != 0 ? byPrice : Long.compare(right.arrival, left.arrival);
    }

    /** The order in which ready transactions of different senders execute; last those that cannot pay. */
    static int byTipThenArrival(PooledTransaction left, PooledTransaction right) {
        if (left.payable != right.payable) {
            return left.payable ? -1 : 1;
        }
        int byTip = right.tip.compareTo(left.tip);
        return byTip != 0 ? byTip : Long.compare(left.arrival, right.arrival);
    }
}
