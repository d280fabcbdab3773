/** Tests of this package. */
@NullMarked
package coco.evm.types;

import org.jspecify.annotations.NullMarked;
