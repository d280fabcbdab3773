package coco.evm.transition;

import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Word;
import java.math.BigInteger;

/** How the price of gas follows from the block before (EIP-1559). */
public final class FeeMarket {
    /** How many times its target a block may use. */
    private static final long ELASTICITY = 2;

    private static final BigInteger BASE_FEE_CHANGE_DENOMINATOR = BigInteger.valueOf(8);
    private static final Word FIRST_BASE_FEE = Word.of(1_000_000_000);

    private FeeMarket() {}

    /**
     * Wei per gas that the block after {@code parent} burns: an eighth up or down, or less; 1 gwei in the first block
     * that has a base fee.
     */
    public static Word baseFeeAfter(Header parent) {
        Word before = parent.baseFeePerGas();
        if (before == null) {
            return FIRST_BASE_FEE;
        }
        long target = Long.divideUnsigned(parent.gasLimit(), ELASTICITY);
        BigInteger fee = before.toBigInteger();
        BigInteger used = Word.of(parent.gasUsed()).toBigInteger();
        BigInteger wanted = Word.of(target).toBigInteger();
        if (used.equals(wanted) || wanted.signum() == 0) {
            return before;
        }
        BigInteger change =
                fee.multiply(used.subtract(wanted).abs()).divide(wanted).divide(BASE_FEE_CHANGE_DENOMINATOR);
        BigInteger after = used.compareTo(wanted) > 0 ? fee.add(change.max(BigInteger.ONE)) : fee.subtract(change);
        return after.bitLength() > 256 ? Word.MAX : Word.of(after);
    }

    /**
     * The gas limit from which the block after {@code parent} may move by less than a 1,024th: the parent's, doubled in
     * the first block that has a base fee, so that the target is what the limit was.
     *
     * @param fork of the block
     */
    public static long gasLimitAfter(Fork fork, Header parent) {
        boolean doubles = fork.has(Fork.LONDON) && parent.baseFeePerGas() == null;
        return doubles ? parent.gasLimit() * ELASTICITY : parent.gasLimit();
    }
}
