/** Tests of the tracers: traces written by hand, and those that geth gave for a public chain. */
@NullMarked
package coco.evm.tracing;

import org.jspecify.annotations.NullMarked;
