package coco.governance.api;

import java.util.Locale;

/** Words of documents. */
final class Words {
    private Words() {}

    /** A constant as documents have it: lower case. */
    static String of(Enum<?> constant) {
        return lower(constant.name());
    }

    static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
