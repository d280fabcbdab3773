/** Tests and their helpers. */
@NullMarked
package coco.ledgers.ethereum.rpc;

import org.jspecify.annotations.NullMarked;
