package coco.core;

import coco.journal.HistoryIndex;
import coco.journal.IndexLookup;
import coco.ledgers.api.History;
import coco.ledgers.api.LedgerException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongFunction;

/** The journal's index on disk as a {@link Lookup}. */
public final class HistoryLookup implements Lookup {
    /** Candidates for one key: keys are hashes, so more than one is a false hit or a second ledger's block. */
    private static final int MOST_CANDIDATES = 1_000;

    private final HistoryIndex index;

    /** Kinds that an index must have room for, with this many ledgers. */
    public static int kinds(int ledgers) {
        return ledgers * Archive.KINDS;
    }

    /** Looks up in this index, which it does not close. */
    public HistoryLookup(HistoryIndex index) {
        this.index = index;
    }

    @Override
    public boolean covers(long height) {
        return index.covers(height);
    }

    @Override
    public void add(int kind, byte[] key, long height, int ordinal) {
        index.add(kind, key, height, ordinal);
    }

    @Override
    public boolean endBlock(long height) {
        return index.endBlock(height);
    }

    @Override
    public boolean isDue() {
        return index.isDue();
    }

    @Override
    public boolean damaged() {
        return index.damage() != null || index.firstHeight() > 0;
    }

    @Override
    public void repair(LongFunction<List<Key>> keysAt) {
        index.repair(
                0,
                height -> keysAt.apply(height).stream()
                        .map(key -> new HistoryIndex.IndexedKey(key.kind(), key.key(), key.ordinal()))
                        .toList());
    }

    @Override
    public void endChunk() {
        index.endChunk();
    }

    @Override
    public boolean maintain() {
        return index.maintain();
    }

    @Override
    public List<History.Position> find(int kind, byte[] key, long maxHeight) {
        List<History.Position> positions = find(kind, key, 0, maxHeight, MOST_CANDIDATES);
        Collections.reverse(positions);
        return positions;
    }

    @Override
    public List<History.Position> find(int kind, byte[] key, long fromHeight, long toHeight, int limit) {
        return switch (index.find(kind, key, fromHeight, toHeight, limit)) {
            case IndexLookup.Candidates candidates -> {
                List<History.Position> positions = new ArrayList<>();
                for (IndexLookup.Position position : candidates.positions()) {
                    positions.add(new History.Position(position.height(), position.ordinal()));
                }
                yield positions;
            }
            case IndexLookup.Unavailable unavailable ->
                throw new LedgerException("the history index of this node is damaged, and is being made again");
        };
    }
}
