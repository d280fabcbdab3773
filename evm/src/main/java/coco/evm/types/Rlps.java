package coco.evm.types;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import org.jspecify.annotations.Nullable;

/** RLP of the types of this package that occur in several structures. */
final class Rlps {
    private Rlps() {}

    static void word(RlpWriter out, Word value) {
        if ((value.l3() | value.l2() | value.l1()) == 0) {
            out.unsigned(value.l0());
        } else {
            out.unsigned(value.toBytes32());
        }
    }

    static Word word(RlpReader in) throws RlpException {
        return Word.ofBytes32(in.unsigned256(), 0);
    }

    static void addressOrEmpty(RlpWriter out, @Nullable Address address) {
        out.string(address == null ? new byte[0] : address.bytes());
    }

    static @Nullable Address addressOrEmpty(RlpReader in) throws RlpException {
        byte[] bytes = in.stringOrEmpty(Address.SIZE);
        return bytes.length == 0 ? null : Address.of(bytes);
    }
}
