package coco.governance.cose;

import coco.governance.cose.CborReader.Major;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The structure COSE_Sign1 (RFC 9052, section 4.2) before anybody has asked what its headers mean: an array of
 * protected headers (encoded, in a byte string), unprotected headers, payload and signature, with the tag 18.
 *
 * @param protectedBytes the protected headers as they were encoded; empty for none
 * @param protectedHeaders label (Long or String) to value (Long, byte[], String, or a list of byte[])
 * @param unprotectedHeaders the same
 */
record Sign1(
        byte[] protectedBytes,
        Map<Object, Object> protectedHeaders,
        Map<Object, Object> unprotectedHeaders,
        byte[] payload,
        byte[] signature) {
    static final long TAG = 18;

    private static final int PARTS = 4;
    private static final String CONTEXT = "Signature1";

    static Sign1 read(byte[] message) throws MalformedCoseException {
        if (message.length > CoseLimits.MESSAGE_BYTES) {
            throw new MalformedCoseException("longer than " + CoseLimits.MESSAGE_BYTES + " bytes");
        }
        CborReader in = new CborReader(message);
        if (in.tag() != TAG) {
            throw new MalformedCoseException("not tagged as COSE_Sign1");
        }
        if (in.array(PARTS) != PARTS) {
            throw new MalformedCoseException("COSE_Sign1 has four parts");
        }
        byte[] protectedBytes = in.bytes(CoseLimits.PROTECTED_BYTES);
        Map<Object, Object> protectedHeaders = Map.of();
        if (protectedBytes.length > 0) {
            CborReader headers = new CborReader(protectedBytes);
            protectedHeaders = headers(headers);
            headers.end();
        }
        Map<Object, Object> unprotectedHeaders = headers(in);
        if (in.peek() != Major.BYTES) {
            throw new MalformedCoseException("a detached payload");
        }
        byte[] payload = in.bytes(CoseLimits.PAYLOAD_BYTES);
        byte[] signature = in.bytes(Algorithm.ES384.signatureBytes());
        in.end();
        // RFC 9052, section 4.4: an empty map is signed as an empty string.
        byte[] signedHeaders = protectedHeaders.isEmpty() ? new byte[0] : protectedBytes;
        return new Sign1(signedHeaders, protectedHeaders, unprotectedHeaders, payload, signature);
    }

    private static Map<Object, Object> headers(CborReader in) throws MalformedCoseException {
        int count = in.map(CoseLimits.HEADERS);
        Map<Object, Object> headers = new LinkedHashMap<>();
        byte[] previous = new byte[0];
        for (int i = 0; i < count; i++) {
            int start = in.position();
            Object label = in.peek() == Major.TEXT ? in.text(CoseLimits.TEXT_BYTES) : (Object) in.integer();
            byte[] encoded = in.since(start);
            CborReader.checkOrder(previous, encoded);
            previous = encoded;
            headers.put(label, value(in));
        }
        return headers;
    }

    private static Object value(CborReader in) throws MalformedCoseException {
        return switch (in.peek()) {
            case UNSIGNED, NEGATIVE -> in.integer();
            case BYTES -> in.bytes(CoseLimits.CERTIFICATE_BYTES);
            case TEXT -> in.text(CoseLimits.TEXT_BYTES);
            case ARRAY -> {
                int count = in.array(CoseLimits.CHAIN_CERTIFICATES);
                List<byte[]> items = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    items.add(in.bytes(CoseLimits.CERTIFICATE_BYTES));
                }
                yield items;
            }
            case MAP, TAG, SIMPLE -> throw new MalformedCoseException("a header of an unexpected type");
        };
    }

    static byte[] write(byte[] protectedBytes, byte[] payload, byte[] signature) {
        return new CborWriter()
                .tag(TAG)
                .array(PARTS)
                .bytes(protectedBytes)
                .map(0)
                .bytes(payload)
                .bytes(signature)
                .toBytes();
    }

    /** Sig_structure (RFC 9052, section 4.4): what a signature covers. */
    static byte[] toBeSigned(byte[] protectedBytes, byte[] externalAad, byte[] payload) {
        return new CborWriter()
                .array(PARTS)
                .text(CONTEXT)
                .bytes(protectedBytes)
                .bytes(externalAad)
                .bytes(payload)
                .toBytes();
    }
}
