/**
 * Ethereum's JSON-RPC 2.0 over HTTP and WebSocket.
 *
 * <p>{@link coco.ledgers.ethereum.rpc.JsonRpc} takes a body and gives a body: one request or a batch. A method gets its
 * parameters and an {@link coco.ledgers.ethereum.rpc.Exchange}, through which alone it reaches state, always as the
 * caller sees it; and gives an answer that is written straight into the response. Names, field order aside the
 * shapes, error codes and error texts are geth's, because libraries match on them.
 *
 * <p>Transactions of a batch are submitted together before any of them is waited for, so that a batch costs one commit
 * and not as many as it has requests.
 *
 * <p>A connection that stays open is a {@code SocketSession}: the same methods, and subscriptions, of which {@code
 * NewsHub} tells from a task of its own. {@code Filters} are polled instead, and hold a position only.
 *
 * <p>Invariants: whatever the bytes, the answer is a JSON-RPC response with one of the standard errors, never a stack
 * trace; a batch, a document's depth, a log query and a simulated call are bounded by {@link
 * coco.ledgers.api.RpcSettings}; an address gets an answer only through a view, and the {@link
 * coco.ledgers.ethereum.chain.Sight} of its caller; what is hidden is answered as what was never there.
 *
 * <p>Traces execute a block once more on the state of its parent ({@code Replay}): nothing about executions is kept but
 * what receipts say.
 *
 * <p>{@link coco.ledgers.ethereum.rpc.OpenRpc} describes every method: a node that had another one would not start, and
 * tests hold answers and refusals against what it says.
 *
 * <p>What this package does not do: it executes nothing itself, signs for nobody, and knows no engine or miner.
 */
@NullMarked
package coco.ledgers.ethereum.rpc;

import org.jspecify.annotations.NullMarked;
