/**
 * How a node keeps what it has written whole: damaged chunks of the journal come back from other nodes, closed chunks
 * are read again now and then, and writes stop before a disk is full.
 *
 * <p><b>What always holds.</b> A chunk is either as it was written, or it is not served: what is missing or damaged is
 * answered with its range, and nothing wrong is ever answered. Nothing that comes from another node is put in place
 * before all of its range is here, each block follows the one before by hash, the first and the last one are tied to
 * what this node has on both sides, and, where the node runs, each block's signature and evidence were verified and its
 * content decrypted. A damaged file is put aside under another name, never deleted.
 *
 * <p><b>What it does not do.</b> The open chunk is not mended while it is written (a read of a bad entry says so; once
 * closed, it differs from its footer's digest and is fetched). The history index is a cache and rebuilt, not fetched.
 * Raft's own log is not mended: a bad byte there ends the start, as the log may hold what no journal has yet.
 */
@NullMarked
package coco.node.repair;

import org.jspecify.annotations.NullMarked;
