package coco.kv;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Reads through a root per map: what a version and a draft have in common. */
abstract sealed class Roots implements DigestReader permits Version, Draft {
    private static final byte[] NO_PREFIX = {};

    final Arena arena;
    final Maps maps;
    final int[] roots;
    final long[] sizes;
    /** Digests of whole maps that are known; null elements are made when asked for. */
    final AtomicReferenceArray<byte @Nullable []> digests;

    Roots(Arena arena, Maps maps, int[] roots, long[] sizes, AtomicReferenceArray<byte @Nullable []> digests) {
        this.arena = arena;
        this.maps = maps;
        this.roots = roots;
        this.sizes = sizes;
        this.digests = digests;
    }

    /** Throws {@link IllegalStateException} if this must not be read any more. */
    abstract void checkReadable();

    /** Grows with every change. */
    abstract long changes();

    @Override
    public final byte @Nullable [] get(MapSpec map, byte[] key) {
        checkReadable();
        int root = roots[maps.index(map)];
        long[][] slabs = arena.slabs();
        int node = Node.find(slabs, root, key, key.length);
        return node == Arena.NONE ? null : Node.value(slabs, node);
    }

    @Override
    public final Cursor scan(MapSpec map, byte[] from, byte @Nullable [] to) {
        checkReadable();
        return new RadixCursor(this, arena.slabs(), roots[maps.index(map)], from, to);
    }

    @Override
    public final Cursor scanPrefix(MapSpec map, byte[] prefix) {
        return scan(map, prefix, Keys.afterPrefix(prefix));
    }

    @Override
    public final long size(MapSpec map) {
        checkReadable();
        return sizes[maps.index(map)];
    }

    @Override
    public final byte[] digest(MapSpec map) {
        checkReadable();
        int index = maps.indexWithDigest(map);
        byte[] known = digests.get(index);
        if (known == null) {
            known = digest(index, NO_PREFIX);
            digests.set(index, known);
        }
        return known.clone();
    }

    @Override
    public final byte[] digest(MapSpec map, byte[] prefix) {
        checkReadable();
        return digest(maps.indexWithDigest(map), prefix);
    }

    private byte[] digest(int index, byte[] prefix) {
        Digester digester = maps.borrowDigester(index);
        byte[] digest = digester.digest(arena.slabs(), roots[index], prefix);
        maps.giveBack(index, digester);
        return digest;
    }

    @Override
    public final void walk(MapSpec map, byte[] prefix, byte[] key, NodeVisitor visitor) {
        checkReadable();
        int index = maps.indexWithDigest(map);
        Digester digester = maps.borrowDigester(index);
        digester.walk(arena.slabs(), roots[index], prefix, key, visitor);
        maps.giveBack(index, digester);
    }
}
