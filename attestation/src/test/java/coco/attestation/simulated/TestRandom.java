package coco.attestation.simulated;

import java.security.SecureRandom;
import java.util.Random;

/** A source that gives the same bytes in every run. */
final class TestRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final Random source;

    TestRandom(int seed) {
        this.source = new Random(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        source.nextBytes(bytes);
    }
}
