/**
 * Whole clusters in one thread from one seed: the real core, journal, store and ledgers over the oracle log, faulty
 * disks and a node channel that loses messages. After every applied block the invariants are checked; a failure prints
 * the seed, and the seed is all it takes to see it again.
 */
@NullMarked
package coco.systemtests.simulation;

import org.jspecify.annotations.NullMarked;
