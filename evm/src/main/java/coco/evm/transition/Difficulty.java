package coco.evm.transition;

import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How hard it was to find a block before the merge (Yellow Paper 4.3.4; EIP-2, EIP-100), bomb included. */
final class Difficulty {
    private static final BigInteger MINIMUM = BigInteger.valueOf(131_072);
    private static final BigInteger BOUND_DIVISOR = BigInteger.valueOf(2_048);
    private static final long LARGEST_STEP_DOWN = -99;
    private static final long BOMB_PERIOD = 100_000;

    private Difficulty() {}

    /** The difficulty of a block with this number and time after its parent; null beyond 256 bits. */
    static @Nullable Word of(ForkSchedule schedule, Fork fork, Header parent, long number, long timestamp) {
        BigInteger before = parent.difficulty().toBigInteger();
        BigInteger step = before.divide(BOUND_DIVISOR).multiply(BigInteger.valueOf(steps(fork, parent, timestamp)));
        BigInteger difficulty = before.add(step).max(MINIMUM);
        long delay = schedule.bombDelay(number);
        long period = Long.compareUnsigned(number, delay) < 0 ? 0 : Long.divideUnsigned(number - delay, BOMB_PERIOD);
        if (period > 256) {
            return null;
        }
        if (period > 1) {
            difficulty = difficulty.add(BigInteger.ONE.shiftLeft((int) period - 2));
        }
        return difficulty.bitLength() > 256 ? null : Word.of(difficulty);
    }

    private static long steps(Fork fork, Header parent, long timestamp) {
        long seconds = timestamp - parent.timestamp();
        if (!fork.has(Fork.HOMESTEAD)) {
            return Long.compareUnsigned(seconds, 13) < 0 ? 1 : -1;
        }
        if (!fork.has(Fork.BYZANTIUM)) {
            return Math.max(1 - Long.divideUnsigned(seconds, 10), LARGEST_STEP_DOWN);
        }
        boolean parentHasOmmers = !Arrays.equals(parent.ommersHash(), Header.NO_OMMERS);
        return Math.max((parentHasOmmers ? 2 : 1) - Long.divideUnsigned(seconds, 9), LARGEST_STEP_DOWN);
    }
}
