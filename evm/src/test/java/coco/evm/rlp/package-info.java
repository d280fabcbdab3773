/** Tests of the RLP reader and writer. */
@NullMarked
package coco.evm.rlp;

import org.jspecify.annotations.NullMarked;
