package coco.cli.demo.compare;

import java.util.Locale;

/**
 * What the blocks of the baseline are like.
 *
 * @param era in words, for the label
 * @param blockSeconds between two blocks
 * @param gasLimit of a block
 */
record BaselineSettings(String era, int blockSeconds, long gasLimit) {
    /** The public network in the second half of 2017. */
    static final BaselineSettings OF_2017 =
            new BaselineSettings("the public network's block time and gas limit of 2017", 14, 6_700_000);
    /** The public network since the end of 2025. */
    static final BaselineSettings TODAY =
            new BaselineSettings("the public network's block time and gas limit of today", 12, 60_000_000);

    /** Nobody's blocks, for whoever has no minutes to wait. */
    static BaselineSettings ofOwn(int blockSeconds, long gasLimit) {
        return new BaselineSettings("a setting for tests, of no public network", blockSeconds, gasLimit);
    }

    /** Exactly what is measured. */
    String label() {
        return String.format(
                Locale.ROOT,
                "anvil %s, one node, in memory, a block every %d s of %.1f Mgas (%s)",
                AnvilPackage.VERSION,
                blockSeconds,
                gasLimit / 1e6,
                era);
    }
}
