package coco.core;

import coco.journal.MalformedException;
import coco.kv.MalformedWriteSetException;
import coco.kv.MapSpec;
import coco.kv.WriteSet;
import coco.ledgers.api.LedgerBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The clear part of a block: what its administrative ledger wrote in public, and what the core did. */
final class PublicWrites {
    static final byte[] NONE = WriteSet.empty().serialise();

    private PublicWrites() {}

    /** One write set of both. */
    static byte[] join(Collection<LedgerBlock> blocks, WriteSet own, List<MapSpec> maps) {
        List<WriteSet> sets = new ArrayList<>();
        sets.add(own);
        for (LedgerBlock block : blocks) {
            if (block.publicWrites().length > 0) {
                sets.add(parse(block.publicWrites(), maps));
            }
        }
        return sets.size() == 1 && own.isEmpty() ? NONE : WriteSet.merge(sets).serialise();
    }

    private static WriteSet parse(byte[] writes, List<MapSpec> maps) {
        try {
            return WriteSet.parse(writes, maps);
        } catch (MalformedWriteSetException e) {
            throw new BrokenInvariantException("a ledger made a malformed public write set", e);
        }
    }

    /** What of a block's public writes is the ledger's that has these maps; empty if there is nothing. */
    static byte[] of(byte[] publicWrites, List<MapSpec> ledgerMaps) {
        try {
            WriteSet part = WriteSet.parsePart(publicWrites, ledgerMaps);
            return part.isEmpty() ? new byte[0] : part.serialise();
        } catch (MalformedWriteSetException e) {
            throw new BrokenInvariantException("the public writes of a committed block do not parse", e);
        }
    }

    /** What a block writes to a key of one of the service's maps; null if it writes nothing there, or removes it. */
    static byte @Nullable [] value(byte[] publicWrites, MapSpec map, byte[] key) throws MalformedException {
        List<byte[]> found = new ArrayList<>();
        try {
            WriteSet.parsePart(publicWrites, List.of(map)).forEach((at, each, value) -> {
                if (value != null && Arrays.equals(each, key)) {
                    found.add(value);
                }
            });
        } catch (MalformedWriteSetException e) {
            throw new MalformedException("the public write set is malformed");
        }
        return found.isEmpty() ? null : found.getFirst();
    }
}
