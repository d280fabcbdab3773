/** Tests. */
@NullMarked
package coco.evm.state;

import org.jspecify.annotations.NullMarked;
