package coco.evm.code;

import coco.evm.types.Word;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Analysed code by code hash, bounded by weight and safe for any number of threads.
 *
 * <p>Two generations instead of a list ordered by use: what is read moves to the young generation, and when that is
 * half of the limit heavy it becomes the old one, and the former old one is dropped with whatever nobody asked for in
 * the meantime. A hit in the young generation, the usual case, writes nothing.
 */
public final class CodeCache {
    /** Enough for about 2,000 contracts of the largest size, and far more of the usual one. */
    public static final long DEFAULT_WEIGHT_BYTES = 64L << 20;

    private final long generationBytes;
    private final AtomicLong youngBytes = new AtomicLong();
    private volatile Generations generations = new Generations(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

    private record Generations(ConcurrentHashMap<Word, CodeInfo> young, ConcurrentHashMap<Word, CodeInfo> old) {}

    /** A cache that holds at most about {@code weightBytes}. */
    public CodeCache(long weightBytes) {
        this.generationBytes = weightBytes / 2;
    }

    /** The analysed code with this hash, if it is here. */
    public @Nullable CodeInfo get(byte[] hash32) {
        Word key = Word.ofBytes32(hash32, 0);
        Generations now = generations;
        CodeInfo found = now.young.get(key);
        if (found != null) {
            return found;
        }
        found = now.old.get(key);
        if (found != null) {
            put(found);
        }
        return found;
    }

    /** Keeps this code for a while. */
    public void put(CodeInfo code) {
        if (code.weightBytes() > generationBytes) {
            return;
        }
        Generations now = generations;
        if (now.young.put(Word.ofBytes32(code.hash(), 0), code) == null
                && youngBytes.addAndGet(code.weightBytes()) > generationBytes) {
            turn();
        }
    }

    private synchronized void turn() {
        if (youngBytes.get() > generationBytes) {
            generations = new Generations(new ConcurrentHashMap<>(), generations.young);
            youngBytes.set(0);
        }
    }
}
