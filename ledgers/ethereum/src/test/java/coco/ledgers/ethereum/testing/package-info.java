/** Tests and their helpers. */
@NullMarked
package coco.ledgers.ethereum.testing;

import org.jspecify.annotations.NullMarked;
