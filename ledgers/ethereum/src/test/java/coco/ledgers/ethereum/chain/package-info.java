/** Tests and their helpers. */
@NullMarked
package coco.ledgers.ethereum.chain;

import org.jspecify.annotations.NullMarked;
