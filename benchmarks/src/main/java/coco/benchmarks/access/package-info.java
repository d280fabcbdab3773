/**
 * What confidential contracts cost those who execute transactions, on the contracts that the node's own tests use.
 */
@NullMarked
package coco.benchmarks.access;

import org.jspecify.annotations.NullMarked;
