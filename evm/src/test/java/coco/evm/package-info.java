/** Tests of the interpreter, some of them from public sets of cases. */
@NullMarked
package coco.evm;

import org.jspecify.annotations.NullMarked;
