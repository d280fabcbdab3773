package coco.crypto;

import org.jspecify.annotations.Nullable;

/** Finds out once per process whether the native library works here. */
final class Secp256k1Choice {
    static final Attempt NATIVE = attempt(NativeSecp256k1::load);
    static final Secp256k1 FASTEST = choose(NATIVE);

    private Secp256k1Choice() {}

    /** Exactly one of the two is null. */
    record Attempt(
            @Nullable Secp256k1 implementation, @Nullable String problem) {}

    @FunctionalInterface
    interface Loader {
        Secp256k1 load() throws NativeSecp256k1.UnusableException;
    }

    static Secp256k1 choose(Attempt attempt) {
        Secp256k1 implementation = attempt.implementation();
        return implementation == null ? Secp256k1.bouncyCastle() : implementation;
    }

    static Attempt attempt(Loader loader) {
        try {
            return new Attempt(loader.load(), null);
        } catch (NativeSecp256k1.UnusableException | LinkageError | RuntimeException e) {
            // The library reports an unknown platform, a read-only temporary folder and a missing file each by another
            // kind of throwable.
            return new Attempt(null, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
