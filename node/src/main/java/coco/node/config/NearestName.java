package coco.node.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Guesses which name was meant. */
final class NearestName {
    /** Longer input than any key could be a misspelling of. */
    private static final int LENGTH_MAX = 80;

    private NearestName() {}

    /**
     * The known name with the fewest edits (Levenshtein, case ignored) if a third of the letters or fewer differ, else
     * null.
     */
    static @Nullable String of(String name, List<String> known) {
        if (name.length() > LENGTH_MAX) {
            return null;
        }
        @Nullable String best = null;
        int fewest = Math.max(2, name.length() / 3) + 1;
        for (String candidate : known) {
            int edits = edits(name, candidate);
            String last = candidate.substring(candidate.lastIndexOf('.') + 1);
            // Somebody who wrote the right key without its section, or in the wrong one.
            if (name.substring(name.lastIndexOf('.') + 1).equalsIgnoreCase(last)) {
                edits = Math.min(edits, 1);
            }
            if (edits < fewest) {
                fewest = edits;
                best = candidate;
            }
        }
        return best;
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                int cost = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = row[j];
                row[j] = cost;
            }
        }
        return row[b.length()];
    }
}
