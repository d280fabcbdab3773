/**
 * Named, ordered maps from bytes to bytes, in memory, in many versions at once.
 *
 * <h2>What</h2> A {@link coco.kv.Store} holds a line of {@link coco.kv.Version}s, each an immutable state of all maps.
 * One thread writes: it opens a {@link coco.kv.Draft} on the newest version, changes it, and seals it into the next
 * version, or discards it, or rolls the line back. Any thread reads any version it holds a lease on, without locks and
 * without being disturbed. {@link coco.kv.Transaction} collects writes over any {@link coco.kv.Reader} with savepoints,
 * and gives them as a {@link coco.kv.WriteSet}, whose canonical bytes another store can apply.
 *
 * <p>A map may have a {@link coco.kv.NodeDigest}, which makes it a Merkle tree: of the whole, or of the entries under
 * any key prefix. Digests are made lazily and only for what changed.
 *
 * <p>{@link coco.kv.MapExport} writes a map's nodes down with their digests, the same bytes for the same contents;
 * {@link coco.kv.MapImport} builds the map from them.
 *
 * <h2>Why</h2>
 * State of millions of entries is changed hundreds of times in a batch, many batches a second, must be readable at
 * several batches at once, be thrown back when speculation is lost, and have a Merkle root. Nodes as objects cost long
 * collector pauses; a flat map beside a tree costs twice the memory. So there is one structure, a path-compressed radix
 * over nibbles, packed in arrays of longs.
 *
 * <h2>Invariants</h2>
 * <ul>
 *   <li>A node has a value, or at least two children, or both a value and one child: equal contents have equal shape,
 *       whatever the history.
 *   <li>Nothing that a leased version reaches is changed, but for digests of nodes that have none yet.
 *   <li>A node is never younger than its parent; all above a dirty node is dirty.
 *   <li>Every live block is reached by a kept version or waits to be freed; with one version kept there are exactly as
 *       many as it reaches.
 *   <li>Bytes that a {@link coco.kv.WriteSet} is parsed from cause nothing worse than
 *       {@link coco.kv.MalformedWriteSetException}.
 * </ul>
 *
 * <h2>What it does not do</h2>
 * No disk, no encryption, no conflict detection between writers (there is one), no knowledge of what keys or values
 * mean. {@link coco.kv.Visibility} is a label that is carried, not enforced.
 *
 * <h2>Errors</h2>
 * {@link java.lang.IllegalArgumentException} for keys, values and maps that are not allowed;
 * {@link java.lang.IllegalStateException} for a broken contract (a closed version, a second draft) or a bug;
 * {@link coco.kv.StoreFullException} if memory is used up; {@link coco.kv.MalformedWriteSetException} for input.
 */
@NullMarked
package coco.kv;

import org.jspecify.annotations.NullMarked;
