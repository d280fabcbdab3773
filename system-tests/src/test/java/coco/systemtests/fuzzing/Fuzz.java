package coco.systemtests.fuzzing;

import java.util.Random;

/** Runs a target over many rounds. */
final class Fuzz {
    private static final long SEED = Long.getLong("coco.fuzz.seed", 20_261_123L);
    private static final long FIRST_ROUND = Long.getLong("coco.fuzz.round", 0);
    private static final long SECONDS = Long.getLong("coco.fuzz.seconds", 0);
    private static final long CHECK_TIME_EVERY = 64;

    private Fuzz() {}

    /** One round. */
    @FunctionalInterface
    interface Round {
        void run(Random random) throws Exception;
    }

    /**
     * Runs rounds.
     *
     * @param rounds how many, where no time is given
     * @return how many there were
     */
    static long run(String target, long rounds, Round round) {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        long number = FIRST_ROUND;
        for (; goesOn(number - FIRST_ROUND, rounds, end); number++) {
            long seed = SEED * 1_000_003 + number;
            try {
                round.run(new Random(seed ^ target.hashCode()));
            } catch (Throwable failure) {
                throw new AssertionError(
                        target + ", round " + number + " (again: -Dcoco.fuzz.seed=" + SEED + " -Dcoco.fuzz.round="
                                + number + ")",
                        failure);
            }
        }
        if (SECONDS > 0) {
            System.out.printf("fuzz: %s, %,d rounds%n", target, number - FIRST_ROUND);
        }
        return number - FIRST_ROUND;
    }

    private static boolean goesOn(long done, long rounds, long end) {
        return SECONDS == 0 ? done < rounds : done % CHECK_TIME_EVERY != 0 || System.nanoTime() - end < 0;
    }
}
