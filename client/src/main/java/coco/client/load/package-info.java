/**
 * Load on a network, and what it takes: throughput, latency, processor time per transaction.
 *
 * <p>Two ways to drive, because they answer two questions. <em>Closed loop</em>: every connection sends its next batch
 * when the last one is answered; this finds the most a network can do, and its latencies mean little. <em>Open
 * loop</em>: batches leave by a timetable, whatever the network does; latency counts from the time a batch was
 * <em>meant</em> to leave, so a stall of the network is charged to every transaction that had to wait for it (the
 * mistake otherwise made is known as coordinated omission).
 *
 * <p>What is measured: <em>committed on a majority</em>, which is when a node answers {@code eth_sendRawTransaction}
 * under {@code rpc.sendReply=committed}; and <em>applied on all nodes</em>, found by an {@link
 * coco.client.load.ApplyProbe} that follows single transactions. A reply without the header that says committed is not
 * counted. The time before the end of the warm-up is cut off.
 *
 * <p>The driver shares a machine with what it measures, so it has to be cheap: transactions are signed ahead, a request
 * is written from one reused buffer, replies are judged by looking for a few bytes rather than by parsing, and the
 * connection ({@code HttpConnection}) is a blocking socket with keep-alive instead of the JDK's HTTP client, whose
 * hand-overs between threads would be charged to the network.
 *
 * <p>What this package does not do: it knows no ledger. What is sent comes from a {@link coco.client.load.Workload}.
 */
@NullMarked
package coco.client.load;

import org.jspecify.annotations.NullMarked;
