/**
 * The recorded JSON-RPC cases of ethereum/execution-apis, put to whoever answers: requests and the responses that other
 * clients gave over one and the same chain.
 *
 * <p>A file has comments, requests and responses. A response is compared as JSON, exactly; where the file says {@code
 * speconly}, only its shape is judged: that a result is a result, and that it fits the method's schema. No case is
 * excepted. Those of {@code engine_*} and {@code testing_*} methods are for other kinds of nodes and are not read.
 *
 * <p>Cases that send transactions run last, so that what they leave in the pool or the chain disturbs no other.
 *
 * <p>What this package does not do: it finds no test data, and it starts no node.
 */
@NullMarked
package coco.ledgers.ethereum.conformance;

import org.jspecify.annotations.NullMarked;
