package coco.systemtests.simulation;

import java.util.function.Function;

/** Storms until one of them notices something; loaded in the world of a {@link Mutant}. */
public final class MutantStorm implements Function<String, String> {
    /** A rule that needs more seeds than this to be missed is not watched well enough. */
    private static final int SEEDS = 60;

    /** Constructed by reflection. */
    public MutantStorm() {}

    /**
     * Runs seeds one after the other.
     *
     * @param storms name of a {@link Mutant.Storms}
     * @return the first seed that failed and why; empty if none did
     */
    @Override
    public String apply(String storms) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                if (storms.equals("ROSTER")) {
                    RosterSimTest.storm(seed);
                } else {
                    ClusterSimTest.storm(seed);
                }
            } catch (AssertionError noticed) {
                Throwable cause = noticed;
                while (cause.getCause() != null) {
                    cause = cause.getCause();
                }
                String words = String.valueOf(cause.getMessage()).strip();
                return "seed " + seed + ": " + words.lines().findFirst().orElse(words);
            }
        }
        return "";
    }
}
