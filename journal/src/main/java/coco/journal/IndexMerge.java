package coco.journal;

import java.util.ArrayList;
import java.util.List;

/** Reads several runs at once, in order of fingerprint and position; one page of each in memory. */
final class IndexMerge {
    private static final class Source {
        private final IndexRun run;
        private byte[] entries = new byte[0];
        private int page = -1;
        private int index;
        private int count;

        Source(IndexRun run) {
            this.run = run;
        }

        /** Moves to the next entry; false at the end. */
        boolean advance() throws IndexRun.DamagedPage {
            index++;
            if (index >= count) {
                page++;
                if (page >= run.header().pages()) {
                    return false;
                }
                entries = run.readPage(page);
                count = run.entriesOf(page);
                index = 0;
            }
            return true;
        }

        long fingerprint() {
            return IndexRun.fingerprint(entries, index);
        }

        long position() {
            return IndexRun.position(entries, index);
        }
    }

    private final List<Source> sources = new ArrayList<>();

    /** @param runs in order of height, so that of equal fingerprints the earlier run's come first */
    IndexMerge(List<IndexRun> runs) throws IndexRun.DamagedPage {
        for (IndexRun run : runs) {
            Source source = new Source(run);
            if (source.advance()) {
                sources.add(source);
            }
        }
    }

    void into(IndexRunWriter writer) throws IndexRun.DamagedPage {
        // There are at most a handful of sources: comparing them all costs less than keeping a heap.
        while (!sources.isEmpty()) {
            Source least = sources.getFirst();
            for (int i = 1; i < sources.size(); i++) {
                if (Long.compareUnsigned(sources.get(i).fingerprint(), least.fingerprint()) < 0) {
                    least = sources.get(i);
                }
            }
            writer.add(least.fingerprint(), least.position());
            if (!least.advance()) {
                sources.remove(least);
            }
        }
        writer.finish();
    }
}
