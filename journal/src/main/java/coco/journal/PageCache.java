package coco.journal;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** The decrypted index pages used last. Any thread. */
final class PageCache {
    /** Run ids are random, so the first half names a run as well as the whole. */
    private record Key(long run, int page) {}

    private final int most;
    private final LinkedHashMap<Key, byte[]> pages = new LinkedHashMap<>(16, 0.75f, true);

    PageCache(int most) {
        this.most = most;
    }

    synchronized byte @Nullable [] get(byte[] runId, int page) {
        return pages.get(new Key(Bytes.getLong(runId, 0), page));
    }

    synchronized void put(byte[] runId, int page, byte[] entries) {
        pages.put(new Key(Bytes.getLong(runId, 0), page), entries);
        if (pages.size() > most) {
            pages.pollFirstEntry();
        }
    }

    synchronized void clear() {
        pages.clear();
    }
}
