package coco.cli.demo.compare;

import coco.cli.console.CliException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Blocks one after the other.
 *
 * @param first inclusive
 * @param last inclusive
 */
record BlockRange(long first, long last) {
    /** From Byzantium on: the first receipts that say whether a transaction succeeded. */
    static final BlockRange FROM_BYZANTIUM = new BlockRange(4_370_000, Long.MAX_VALUE);

    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})\\.\\.([0-9]{1,18})?");

    /**
     * Reads {@code A..B} or {@code A..}.
     *
     * @throws CliException it is neither
     */
    static BlockRange parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw CliException.usage(
                    "--blocks " + text + " is no range of blocks",
                    "Write two numbers with two dots, such as 100..120.");
        }
        String last = matcher.group(2);
        BlockRange range =
                new BlockRange(Long.parseLong(matcher.group(1)), last == null ? Long.MAX_VALUE : Long.parseLong(last));
        if (range.last < range.first) {
            throw CliException.usage("--blocks " + text + " ends before it begins", "Write the smaller number first.");
        }
        return range;
    }

    boolean contains(long number) {
        return number >= first && number <= last;
    }

    /** How many there are, the largest number if that is too many to count. */
    long count() {
        long count = last - first + 1;
        return count <= 0 ? Long.MAX_VALUE : count;
    }
}
