package coco.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A secret that lives long, outside the Java heap: the collector moves what is on the heap, and leaves copies behind
 * that nobody can overwrite. It is overwritten with zeros when nothing refers to it any more, so that no thread finds
 * it gone in the middle of its work.
 *
 * <p>What it does not do: each use makes a copy on the heap, which is zeroed after it; the JDK's ciphers and MACs make
 * copies of their own (key schedules, {@code SecretKeySpec}), which are not. Memory is not locked: nodes run without
 * swap.
 */
public final class SecretMemory {
    private static final Cleaner CLEANER = Cleaner.create();

    private final MemorySegment segment;

    /** @param secret is copied; the caller zeroes its own where it can */
    public SecretMemory(byte[] secret) {
        Arena arena = Arena.ofShared();
        segment = arena.allocate(secret.length);
        MemorySegment.copy(secret, 0, segment, ValueLayout.JAVA_BYTE, 0, secret.length);
        CLEANER.register(this, new Zeroing(arena, segment));
    }

    private record Zeroing(Arena arena, MemorySegment segment) implements Runnable {
        @Override
        public void run() {
            segment.fill((byte) 0);
            arena.close();
        }
    }

    /** A copy on the heap, which whoever asked for it zeroes. */
    public byte[] copy() {
        try {
            return segment.toArray(ValueLayout.JAVA_BYTE);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** What a function makes of a copy, which is zeroed afterwards; the function keeps nothing of it. */
    public <T> T use(Function<byte[], T> function) {
        byte[] copy = copy();
        try {
            return function.apply(copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }
}
