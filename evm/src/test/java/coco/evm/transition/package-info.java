/** Tests of the state transition. */
@NullMarked
package coco.evm.transition;

import org.jspecify.annotations.NullMarked;
