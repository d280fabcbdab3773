package coco.evm.transition;

import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Word;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * How many blobs a block may carry and how their price follows (EIP-4844, EIP-7691, EIP-7892).
 *
 * @param target blobs a block carries when the price stays as it is
 * @param max most blobs of a block
 * @param baseFeeUpdateFraction how slowly the price follows the excess
 */
public record BlobParameters(int target, int max, long baseFeeUpdateFraction) {
    /** Blob gas that one blob uses. */
    public static final long GAS_PER_BLOB = 1L << 17;

    /** EIP-4844. */
    public static final BlobParameters CANCUN = new BlobParameters(3, 6, 3_338_477);
    /** EIP-7691; Osaka begins with the same. */
    public static final BlobParameters PRAGUE = new BlobParameters(6, 9, 5_007_716);
    /** The first step of the main network (EIP-7892). */
    public static final BlobParameters BPO1 = new BlobParameters(10, 15, 8_346_193);
    /** The second step of the main network (EIP-7892). */
    public static final BlobParameters BPO2 = new BlobParameters(14, 21, 11_684_671);

    /** EIP-7918: gas of execution that a blob is worth at least. */
    private static final BigInteger BLOB_BASE_COST = BigInteger.ONE.shiftLeft(13);

    private static final int WORD_BITS = 256;

    /** A block must be able to carry a blob, and a price to change. */
    public BlobParameters {
        if (target < 0 || max < 1 || target > max || baseFeeUpdateFraction < 1) {
            throw new IllegalArgumentException("blob parameters make no sense: target " + target + ", max " + max
                    + ", baseFeeUpdateFraction " + baseFeeUpdateFraction);
        }
    }

    /** What a fork begins with; those of Cancun for the forks before, which have no blobs. */
    public static BlobParameters of(Fork fork) {
        return fork.has(Fork.PRAGUE) ? PRAGUE : CANCUN;
    }

    /** Most blob gas of a block. */
    public long maxGas() {
        return max * GAS_PER_BLOB;
    }

    /**
     * Wei per blob gas at an excess: EIP-4844's {@code fake_exponential(1, excess, fraction)}.
     *
     * @param excessBlobGas unsigned
     * @return the price, or the largest word where it is larger
     */
    public Word baseFee(long excessBlobGas) {
        // e^178 is beyond 256 bits, and the series would need ever more terms to say so.
        if (Long.divideUnsigned(excessBlobGas, baseFeeUpdateFraction) >= WORD_BITS) {
            return Word.MAX;
        }
        BigInteger denominator = BigInteger.valueOf(baseFeeUpdateFraction);
        BigInteger numerator = Word.of(excessBlobGas).toBigInteger();
        BigInteger sum = BigInteger.ZERO;
        BigInteger term = denominator;
        for (int i = 1; term.signum() > 0; i++) {
            sum = sum.add(term);
            term = term.multiply(numerator).divide(denominator.multiply(BigInteger.valueOf(i)));
        }
        BigInteger fee = sum.divide(denominator);
        return fee.bitLength() > WORD_BITS ? Word.MAX : Word.of(fee);
    }

    /**
     * The excess blob gas of a block with these parameters that follows {@code parent}, unsigned (EIP-4844, EIP-7918).
     *
     * @param fork of the block
     */
    public long excess(Fork fork, Header parent) {
        long before = parent.excessBlobGas() == null ? 0 : parent.excessBlobGas();
        long used = parent.blobGasUsed() == null ? 0 : parent.blobGasUsed();
        long sum = before + used;
        if (Long.compareUnsigned(sum, before) < 0) {
            return -1;
        }
        long targetGas = target * GAS_PER_BLOB;
        if (Long.compareUnsigned(sum, targetGas) < 0) {
            return 0;
        }
        if (fork.has(Fork.OSAKA) && isBelowReserve(parent.baseFeePerGas(), before)) {
            return before + Long.divideUnsigned(used * (max - target), max);
        }
        return sum - targetGas;
    }

    /** Whether a blob costs less than the execution it stands for (EIP-7918). */
    private boolean isBelowReserve(@Nullable Word baseFeePerGas, long excess) {
        BigInteger base = baseFeePerGas == null ? BigInteger.ZERO : baseFeePerGas.toBigInteger();
        BigInteger blob = baseFee(excess).toBigInteger().multiply(BigInteger.valueOf(GAS_PER_BLOB));
        return base.multiply(BLOB_BASE_COST).compareTo(blob) > 0;
    }
}
