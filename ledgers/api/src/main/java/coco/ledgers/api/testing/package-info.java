/**
 * What authors of ledgers test with. {@link coco.ledgers.api.testing.SingleNode} is a ledger on a network of one: it
 * plays core to the ledger, with a clock and faults in the test's hands, and a follower beside it that gets the
 * recorded writes only. What holds there holds in a network; what depends on order, loss or time between nodes belongs
 * to a simulated cluster.
 */
@NullMarked
package coco.ledgers.api.testing;

import org.jspecify.annotations.NullMarked;
