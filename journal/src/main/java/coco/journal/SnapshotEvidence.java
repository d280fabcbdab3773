package coco.journal;

import javax.crypto.Mac;

/**
 * The keyed Merkle root over a snapshot's chunks: RFC 6962 over HMAC(evidence key, chunk number ‖ plaintext). Equal on
 * all nodes, says nothing to who has not the epoch's snapshot key, and cannot be made without it. One thread.
 */
final class SnapshotEvidence {
    private final Mac mac;
    private final byte[] number = new byte[Integer.BYTES];
    private LogFrontier leaves = LogFrontier.EMPTY;

    SnapshotEvidence(byte[] key) {
        mac = Digests.hmacSha256(key);
    }

    void add(byte[] plaintext) {
        Bytes.putInt(number, 0, (int) leaves.size());
        mac.update(number);
        leaves = leaves.append(mac.doFinal(plaintext));
    }

    byte[] root() {
        return leaves.root();
    }
}
