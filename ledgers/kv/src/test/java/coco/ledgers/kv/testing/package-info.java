/** Fakes for tests of the key-value ledger. */
@NullMarked
package coco.ledgers.kv.testing;

import org.jspecify.annotations.NullMarked;
