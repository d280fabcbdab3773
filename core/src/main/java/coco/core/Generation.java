package coco.core;

import coco.crypto.Hmac;
import coco.journal.EvidenceKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of one generation of the service identity.
 *
 * @param number of the generation, 0 for the first
 * @param evidence its evidence key; null where it went with the nodes before a recovery
 * @param serviceKey the service's P-256 key; null once a newer generation is in force, as it is of no more use
 */
public record Generation(
        int number,
        @Nullable EvidenceKey evidence,
        @Nullable PrivateKey serviceKey) {
    private static final int DIGEST_BYTES = 32;
    private static final byte[] LABEL = "coco evidence key 1".getBytes(StandardCharsets.US_ASCII);

    /** A generation from before a recovery: nobody has its secrets any more. */
    static Generation lost(int number) {
        return new Generation(number, null, null);
    }

    /**
     * By which a snapshot tells whether an evidence key is the network's; it says nothing of the key. Of a lost
     * generation zeros, on every node, as none has it.
     */
    byte[] commitment() {
        return evidence == null
                ? new byte[DIGEST_BYTES]
                : Hmac.sha256(
                        evidence.secret(),
                        LABEL,
                        ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }
}
