/** Tests of the simulated log: the contract, and what it must survive under its own faults. */
@NullMarked
package coco.consensus.testing;

import org.jspecify.annotations.NullMarked;
