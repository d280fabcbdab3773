/**
 * The Java client of a Coco network: JSON-RPC and the node pages over HTTP, trusting one service.
 *
 * <p>A Coco network is one service with one identity, and its nodes' TLS certificates are issued under that identity. A
 * client therefore trusts exactly one certificate, the service's, and never the machine's list of public authorities:
 * {@link coco.client.ServiceTrust} turns that certificate into a TLS context. Which node answers does not matter to a
 * caller, since every node forwards writes to the leader and answers reads from what it has applied itself.
 *
 * <p>Two callers, two needs. Tools and tests want a comfortable client: {@link coco.client.JsonRpcClient} and
 * {@link coco.client.NodeClient}, over the JDK's HTTP client, with replies as JSON trees. The load driver in
 * {@link coco.client.load} wants to cost next to nothing, because it shares the machine with the nodes it measures; it
 * has its own connection, see there.
 *
 * <p>Outcomes: an error object in a JSON-RPC reply is a value, {@link coco.client.RpcReply.Failure}. A node that cannot
 * be reached, a reply that is no JSON-RPC and a reply over the limit are {@link coco.client.ClientException}. Nothing
 * is retried here: only the caller knows whether a request may be sent twice.
 */
@NullMarked
package coco.client;

import org.jspecify.annotations.NullMarked;
