package coco.evm;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Frames by depth, made when first needed and kept by the thread. An execution that starts while another one runs on
 * the same thread, as a guard may do, gets a pool of its own.
 */
final class FramePool {
    /** The outermost frame and 1,024 calls in it. */
    static final int DEPTH_MAX = 1024;

    private static final int INITIAL_FRAMES = 16;
    private static final ThreadLocal<ArrayDeque<FramePool>> FREE = ThreadLocal.withInitial(ArrayDeque::new);

    private @Nullable Frame[] frames = new Frame[INITIAL_FRAMES];
    private int used;

    final HashCache hashes = new HashCache();

    private FramePool() {}

    static FramePool acquire() {
        FramePool free = FREE.get().pollLast();
        return free == null ? new FramePool() : free;
    }

    Frame at(int depth) {
        if (depth >= frames.length) {
            frames = Arrays.copyOf(frames, frames.length * 2);
        }
        Frame frame = frames[depth];
        if (frame == null) {
            frame = new Frame(depth);
            frames[depth] = frame;
        }
        used = Math.max(used, depth + 1);
        return frame;
    }

    void release() {
        for (int depth = 0; depth < used; depth++) {
            Frame frame = frames[depth];
            if (frame != null) {
                frame.release();
            }
        }
        used = 0;
        FREE.get().addLast(this);
    }
}
