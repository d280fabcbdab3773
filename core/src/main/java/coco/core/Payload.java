package coco.core;

/**
 * What goes through replication: a type byte, then the body. A block's body is a sealed block. A no-op has none and
 * takes no height; it exists so that something can be appended without a block.
 */
final class Payload {
    static final byte BLOCK = 1;
    static final byte NO_OP = 0;

    private Payload() {}

    static byte[] block(byte[] sealed) {
        byte[] payload = new byte[sealed.length + 1];
        payload[0] = BLOCK;
        System.arraycopy(sealed, 0, payload, 1, sealed.length);
        return payload;
    }

    static boolean isBlock(byte[] payload) {
        return payload.length > 0 && payload[0] == BLOCK;
    }

    static boolean isNoOp(byte[] payload) {
        return payload.length == 1 && payload[0] == NO_OP;
    }

    static byte[] body(byte[] payload) {
        byte[] body = new byte[payload.length - 1];
        System.arraycopy(payload, 1, body, 0, body.length);
        return body;
    }
}
