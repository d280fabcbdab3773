/** Tests of this package. */
@NullMarked
package coco.evm.trie;

import org.jspecify.annotations.NullMarked;
