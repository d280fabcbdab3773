/** Tests of the curve by its laws. */
@NullMarked
package coco.evm.precompiles.bn254;

import org.jspecify.annotations.NullMarked;
