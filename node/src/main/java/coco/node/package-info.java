/**
 * A node: the place where the parts become one running thing. Wires; holds no domain rules.
 *
 * <p><b>What.</b> {@link coco.node.NodeMain} is the process, {@link coco.node.Node} the composition, {@link
 * coco.node.Founding} the making of a new network's genesis document, keys and first block. The packages below it stand
 * alone: {@code config} (the one table of settings), {@code http} (guarded listeners), {@code tls} (identities and
 * trust), {@code channel} (followers to leader).
 *
 * <p><b>Order of a start</b>, each step refusing with words that say what to do: configuration; constitution;
 * certificate and its dates; lock and format of the data folder; sealed keys; journal (checked byte by byte) and its
 * genesis block; index; replay; listeners; replication; and only while a majority confirms its reads does the node call
 * itself ready.
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>No ledger is named here: they are found by {@link java.util.ServiceLoader} and must be exactly those of the
 *       constitution. Only signing in knows that its addresses are Ethereum's.
 *   <li>Keys leave the keys folder only through {@code attestation.Sealing}; nothing here writes a key, a payload or
 *       the text of a client's request to a log, a metric or a page.
 *   <li>A node that finds itself wrong stops; it never goes on serving.
 * </ul>
 *
 * <p><b>What it does not do.</b> Who a client is, {@code identity} finds out; what it may see is for ledgers to decide.
 */
@NullMarked
package coco.node;

import org.jspecify.annotations.NullMarked;
