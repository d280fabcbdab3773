package coco.evm.reference;

import coco.evm.types.Address;
import java.math.BigInteger;

/**
 * What a frame is entered with.
 *
 * @param caller what CALLER gives
 * @param self whose storage it is
 * @param code what runs
 * @param value what CALLVALUE gives
 * @param depth zero for the outermost frame
 */
@SuppressWarnings("ArrayRecordComponent") // Read, never compared.
record Message(
        Address caller,
        Address self,
        byte[] code,
        BigInteger value,
        byte[] data,
        long gas,
        boolean isStatic,
        int depth) {}
