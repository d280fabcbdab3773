package coco.core;

import coco.journal.SnapshotLimits;
import coco.journal.SnapshotWriter;
import coco.kv.MapExport;
import coco.kv.MapSpec;
import coco.kv.Version;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot being written, a chunk at a time, from a state that stays leased meanwhile. Made on the core thread,
 * then used by one thread at a time.
 */
final class SnapshotJob {
    private final Version state;
    private final SnapshotContext context;
    private final SnapshotWriter writer;
    private final Iterator<MapSpec> maps;
    private final List<SnapshotContext.MapChunks> written = new ArrayList<>();
    private @Nullable MapSpec map;
    private @Nullable MapExport export;
    private int chunks;

    /** @param state leased for this job, which closes it in the end */
    SnapshotJob(Version state, SnapshotContext context, List<MapSpec> maps, SnapshotWriter writer) {
        this.state = state;
        this.context = context;
        this.maps = maps.iterator();
        this.writer = writer;
    }

    long height() {
        return context.head().height();
    }

    long sizeBytes() {
        return writer.sizeBytes();
    }

    /**
     * Writes the next chunk.
     *
     * @return the root over all chunks after the last one; null if there are more
     */
    byte @Nullable [] writeNext() {
        while (true) {
            MapExport current = export;
            byte[] chunk = current == null ? null : current.nextChunk(SnapshotLimits.CHUNK_BYTES);
            if (chunk != null) {
                writer.append(chunk);
                chunks++;
                return null;
            }
            MapSpec done = map;
            if (done != null) {
                written.add(new SnapshotContext.MapChunks(done.name(), state.size(done), chunks));
            }
            if (!maps.hasNext()) {
                return finish();
            }
            MapSpec next = maps.next();
            map = next;
            export = new MapExport(state, next);
            chunks = 0;
        }
    }

    private byte[] finish() {
        writer.append(new SnapshotContext(
                        context.head(),
                        context.epochSinceSeconds(),
                        context.sealers(),
                        context.epochs(),
                        context.generations(),
                        written)
                .encode());
        byte[] root = writer.finish();
        state.close();
        return root;
    }

    /** Gives up; nothing stays on disk. */
    void abandon() {
        state.close();
        writer.abandon();
    }
}
