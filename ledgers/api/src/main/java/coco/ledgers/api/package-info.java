/**
 * The interface by which a ledger runs on Coco.
 *
 * <p>Coco owns order, replication, encryption, storage, identity and access; a {@link Ledger} owns what a transaction
 * <em>means</em>. A ledger keeps all its state in named maps of the kv store and never touches a socket, a key or a
 * disk. The same interface carries an Ethereum chain and a plain key-value store, so nothing here may know of either.
 *
 * <h2>The life of a transaction</h2>
 * <ol>
 *   <li>An {@link Endpoint} of the ledger receives a request with its {@link Caller}. It decodes it, checks what needs
 *       no state (and is expensive: signatures), and submits an {@link Offer} through {@link LedgerContext#submit}.
 *   <li>On the leader the ledger judges the offer ({@link Ledger#offer}) against the newest speculative state and keeps
 *       it in a pool of its own: <em>accepted</em>.
 *   <li>When a block is due, {@link Ledger#build} executes pooled transactions on a draft of the state and gives a
 *       {@link LedgerBlock}: per transaction an id, claims (what a receipt will bind), a payload and the writes.
 *       <em>Executed.</em>
 *   <li>The block is sealed, replicated and applied: {@link Ledger#apply} runs on every node, in the same order, from
 *       the same bytes. <em>Committed.</em> Followers apply the recorded writes and never execute.
 * </ol>
 *
 * <h2>Invariants</h2>
 * <ul>
 *   <li>{@code build}, {@code offer}, {@code apply}, {@code rebase} and {@code answer} are called by one thread,
 *       Coco's; a ledger needs no locks there and must not block. Endpoints run on many threads and see state only
 *       through the {@link View} of their caller.
 *   <li>What a ledger keeps outside its maps (pool, caches) is advice: it can be lost at any moment and is rebuilt from
 *       committed state by {@code rebase}.
 *   <li>A transaction leaves the pool when it is applied, not when it is executed: a block may yet be lost.
 *   <li>Execution may use only the draft, the offers and the {@link BuildContext}: time and randomness come from there,
 *       so that they are recorded. It need not be deterministic beyond that, since only the leader executes.
 * </ul>
 */
@NullMarked
package coco.ledgers.api;

import org.jspecify.annotations.NullMarked;
