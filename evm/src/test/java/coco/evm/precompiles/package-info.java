/** Tests of the precompiled contracts. */
@NullMarked
package coco.evm.precompiles;

import org.jspecify.annotations.NullMarked;
