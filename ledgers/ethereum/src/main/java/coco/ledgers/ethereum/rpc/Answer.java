package coco.ledgers.ethereum.rpc;

import tools.jackson.core.JsonGenerator;

/** What a method answers, to be written later. */
@FunctionalInterface
interface Answer {
    Answer NULL = JsonGenerator::writeNull;

    /**
     * Writes one JSON value. Runs after the other requests of a batch were taken, so that it may wait.
     *
     * @throws RpcException if there is no value after all; whatever was written is then taken back
     */
    void write(JsonGenerator out) throws RpcException;

    static Answer text(String value) {
        return out -> out.writeString(value);
    }

    static Answer quantity(long unsigned) {
        return text(Hexes.quantity(unsigned));
    }

    static Answer data(byte[] bytes) {
        return out -> Hexes.data(out, bytes);
    }
}
