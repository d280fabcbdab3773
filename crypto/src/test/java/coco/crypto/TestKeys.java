package coco.crypto;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Random;

/** Keys that are the same in every run. */
final class TestKeys {
    private TestKeys() {}

    static KeyPair pair(int seed) {
        return P256.generate(random(seed));
    }

    /** A source that is anything but secure, which is the point. */
    static SecureRandom random(int seed) {
        Random source = new Random(seed);
        return new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                source.nextBytes(bytes);
            }
        };
    }
}
