/** Tests of the key-value ledger. */
@NullMarked
package coco.ledgers.kv;

import org.jspecify.annotations.NullMarked;
