package coco.core;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Chains on futures whose result is the action alone. */
final class Futures {
    private Futures() {}

    /** Runs the action when the future completes; the action itself must not throw. */
    static <T> void whenDone(
            CompletableFuture<T> future, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> action) {
        var _ = future.whenComplete(action);
    }
}
