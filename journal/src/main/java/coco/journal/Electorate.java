package coco.journal;

import coco.crypto.P256;
import java.nio.ByteBuffer;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;

/**
 * Who recovers the service when its nodes are lost, in the words of a generation of its identity. The journal says it
 * too, to whoever has it; a client has a certificate alone, and no key is left that could endorse the next one.
 *
 * @param generation whose key signs
 * @param height of the block that says it
 * @param document who they are, in the administrative ledger's own form
 * @param signature over {@link #endorsed}, 64 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Electorate(int generation, long height, byte[] document, byte[] signature) {
    private static final int PREFIX_BYTES = Long.BYTES + P256.SIGNATURE_BYTES;

    /** Copies the arrays. */
    public Electorate {
        Bytes.requireLength(signature, P256.SIGNATURE_BYTES, "signature");
        document = document.clone();
        signature = signature.clone();
    }

    /** What the service signs: SHA-256(label ‖ service id ‖ generation ‖ height ‖ SHA-256(document)). */
    public static byte[] endorsed(byte[] serviceId, int generation, long height, byte[] document) {
        byte[] number = new byte[Integer.BYTES];
        Bytes.putInt(number, 0, generation);
        return Digests.hash(Labels.ELECTORATE, serviceId, number, Bytes.ofLong(height), Digests.hash(document));
    }

    /** Vouches for them with the key of a generation. */
    public static Electorate of(byte[] serviceId, int generation, long height, byte[] document, PrivateKey serviceKey) {
        byte[] hash = endorsed(serviceId, generation, height, document);
        return new Electorate(generation, height, document, P256.sign(serviceKey, hash));
    }

    /** Whether the generation with this key vouches for them. */
    public boolean isBy(PublicKey serviceKey, byte[] serviceId) {
        try {
            return P256.verify(serviceKey, endorsed(serviceId, generation, height, document), signature);
        } catch (IllegalArgumentException notOnTheCurve) {
            return false;
        }
    }

    /** Height (8 bytes) ‖ signature (64 bytes) ‖ document. */
    public byte[] value() {
        return ByteBuffer.allocate(PREFIX_BYTES + document.length)
                .putLong(height)
                .put(signature)
                .put(document)
                .array();
    }

    /**
     * Reads {@link #value}.
     *
     * @throws MalformedException if it is something else
     */
    public static Electorate decode(int generation, byte[] value) throws MalformedException {
        if (value.length < PREFIX_BYTES || value[0] < 0) {
            throw new MalformedException("an electorate is cut off");
        }
        return new Electorate(
                generation,
                ByteBuffer.wrap(value).getLong(),
                Arrays.copyOfRange(value, PREFIX_BYTES, value.length),
                Arrays.copyOfRange(value, Long.BYTES, PREFIX_BYTES));
    }
}
