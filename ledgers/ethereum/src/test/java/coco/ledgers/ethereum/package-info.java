/** Tests of the ledger as a whole. */
@NullMarked
package coco.ledgers.ethereum;

import org.jspecify.annotations.NullMarked;
