/**
 * Sealed blocks: how one batch of transactions becomes bytes that may leave the trusted environment, how those bytes
 * lie on disk, and how anybody with the files and the service certificate checks them.
 *
 * <h2>What is here</h2>
 *
 * <ul>
 *   <li><b>Sealing.</b> {@link coco.journal.BlockSealer} turns a {@link coco.journal.BlockContent} into a {@link
 *       coco.journal.SealedBlock}: a clear {@link coco.journal.BlockHeader}, the public write set in clear, the private
 *       part encrypted and padded, and the sealer's signature. {@link coco.journal.BlockOpener} is its exact inverse,
 *       and recomputes everything the sealer claimed.
 *   <li><b>Proofs.</b> {@link coco.journal.LeafTree} commits to the transactions of one block, {@link
 *       coco.journal.MerkleLog} to the headers of all blocks; both have the shapes of RFC 6962.
 *   <li><b>Disk.</b> {@link coco.journal.Journal} keeps entries in chunk files; {@link coco.journal.HistoryIndex} maps
 *       keys (a transaction hash, an address) to heights through encrypted sorted runs.
 *   <li><b>Snapshots.</b> {@link coco.journal.SnapshotWriter} and {@link coco.journal.SnapshotFile} keep opaque chunks
 *       in an encrypted file with a keyed root over them; {@link coco.journal.SnapshotCopy} takes one in from another
 *       node.
 *   <li><b>Audit.</b> {@link coco.journal.JournalVerifier} needs the files and the service certificate, nothing else.
 * </ul>
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li>Private bytes leave this package only as ciphertext; what is clear in a file is listed in the format document.
 *   <li>No (key, IV) pair is used twice: each {@code BlockSealer} draws an incarnation of its own, which goes into its
 *       keys, and counts upwards.
 *   <li>No byte of a file is unchecked: a frame has a checksum, a closed chunk a digest, padding has one legal value.
 *   <li>{@link coco.journal.Journal#durable()} never runs ahead of what a completed {@code force} covers.
 *   <li>The same sequence of entries gives the same closed chunk files on every node.
 *   <li>Memory does not grow with the length of the history.
 * </ul>
 *
 * <h2>What it does not do</h2>
 *
 * It knows no ledger, no kv map and no consensus: write sets and payloads are bytes, and whoever needs to read node
 * certificates out of a public write set passes in a {@link coco.journal.PublicWritesReader}. It starts no thread,
 * reads no clock, and touches no file but through {@link coco.journal.Storage}. It does not decide who may seal; that
 * is {@link coco.journal.SealerDirectory}.
 *
 * <p>The byte formats are in {@code docs/specs/journal.md}, the reasons in {@code docs/design/journal.md}.
 */
@NullMarked
package coco.journal;

import org.jspecify.annotations.NullMarked;
