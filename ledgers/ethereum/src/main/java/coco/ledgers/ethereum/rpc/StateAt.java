package coco.ledgers.ethereum.rpc;

import coco.evm.types.Header;
import coco.ledgers.ethereum.chain.StateReader;

/**
 * A block and the state right after it. Good for as long as the exchange it came from.
 *
 * @param hash of the header, 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Read field by field.
record StateAt(Header header, byte[] hash, StateReader state) {}
