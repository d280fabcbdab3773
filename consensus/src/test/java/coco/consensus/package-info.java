/** Tests of the replicated log; the contract suite runs against every implementation. */
@NullMarked
package coco.consensus;

import org.jspecify.annotations.NullMarked;
