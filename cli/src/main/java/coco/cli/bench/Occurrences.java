package coco.cli.bench;

import java.nio.charset.StandardCharsets;

/** Counts a word in a reply, for which parsing it would be too dear. */
final class Occurrences {
    private Occurrences() {}

    static int count(byte[] text, int length, String word) {
        byte[] wanted = word.getBytes(StandardCharsets.US_ASCII);
        int found = 0;
        for (int i = 0; i + wanted.length <= length; i++) {
            if (text[i] == wanted[0] && matches(text, i, wanted)) {
                found++;
                i += wanted.length - 1;
            }
        }
        return found;
    }

    private static boolean matches(byte[] text, int at, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (text[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
