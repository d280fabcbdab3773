package coco.journal;

import java.security.PublicKey;

/** The 32 bytes that bind every signed structure to one service. */
public final class ServiceId {
    private ServiceId() {}

    /**
     * SHA-256(label ‖ SHA-256(genesis document) ‖ DER of the first service key): the document is hashed first so that
     * no choice of it can move the boundary between the two.
     */
    public static byte[] of(byte[] genesisDocument, PublicKey firstServiceKey) {
        return Digests.hash(Labels.SERVICE, Digests.hash(genesisDocument), firstServiceKey.getEncoded());
    }
}
