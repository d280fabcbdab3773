package coco.kv;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Order of keys, and what is refused as a key or value. */
final class Keys {
    static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

    private Keys() {}

    /** The least key above all that begin with the prefix; null if there is none. */
    static byte @Nullable [] afterPrefix(byte[] prefix) {
        int length = prefix.length;
        while (length > 0 && prefix[length - 1] == (byte) 0xff) {
            length--;
        }
        if (length == 0) {
            return null;
        }
        byte[] after = Arrays.copyOf(prefix, length);
        after[length - 1]++;
        return after;
    }

    static void check(StoreLimits limits, int keyBytes, int valueBytes) {
        if (keyBytes < 1 || keyBytes > limits.maxKeyBytes()) {
            throw new IllegalArgumentException(
                    "a key has 1 to " + limits.maxKeyBytes() + " bytes, this one has " + keyBytes);
        }
        if (valueBytes > limits.maxValueBytes()) {
            throw new IllegalArgumentException(
                    "a value has at most " + limits.maxValueBytes() + " bytes, this one has " + valueBytes);
        }
    }
}
