/** Tests and their helpers. */
@NullMarked
package coco.ledgers.ethereum.pool;

import org.jspecify.annotations.NullMarked;
