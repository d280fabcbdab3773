/** Tests of confidential contracts, on contracts compiled from {@code solidity/contracts/internal}. */
@NullMarked
package coco.ledgers.ethereum.access;

import org.jspecify.annotations.NullMarked;
