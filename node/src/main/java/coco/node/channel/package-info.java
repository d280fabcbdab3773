/**
 * The node channel: how a follower hands transactions and questions to the leader.
 *
 * <p><b>What.</b> Two POSTs on the administrative listener, by mutual TLS 1.3: {@code /channel/offers} carries a batch
 * of offers and brings back the leader's verdicts, {@code /channel/questions} carries one ledger's question and brings
 * back its answer. Bodies are small binary messages ({@code ChannelCodec}); the byte format stands in {@code
 * docs/specs/channel.md}.
 *
 * <p><b>Who may.</b> The client accepts the one certificate that the constitution gives to the node it calls; the
 * server looks at every request, before its body, for whether the client's certificate is that of a listed node. Both
 * at each request or handshake, not once: who is a node may change while connections live.
 *
 * <p><b>Order and batching.</b> {@link coco.node.channel.ChannelClient} keeps one message of offers in flight for each
 * peer; what arrives meanwhile waits and goes together in the next one. So offers reach the leader in the order in
 * which they were handed over, and batches grow by themselves with load. Questions go side by side.
 *
 * <p><b>What it does not do.</b> It does not repeat: a failure says nothing about whether a message was handled, and
 * what to do about it is core's to know. It does not follow leaders: messages for one who no longer leads fail, and
 * core hands over what is still open when it learns of the next.
 */
@NullMarked
package coco.node.channel;

import org.jspecify.annotations.NullMarked;
