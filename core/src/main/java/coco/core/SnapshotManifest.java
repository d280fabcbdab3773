package coco.core;

import coco.crypto.Hkdf;
import coco.crypto.Hmac;
import coco.journal.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What makes a snapshot's file one that this node begins with: written last, once the block that commits the network to
 * the snapshot's root is applied and on disk here. It is authenticated by a key that only this node can make, from its
 * own private key. A file from elsewhere, or an epoch's secret that somebody smuggled into this node's journal, is thus
 * worth nothing, although a start from a snapshot does not read the chain from the beginning.
 *
 * @param height of the snapshot
 * @param root over its chunks
 * @param evidenceHeight of the block that commits to the root
 * @param evidenceHash of that block's header
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SnapshotManifest(long height, byte[] root, long evidenceHeight, byte[] evidenceHash) {
    static final String SUFFIX = ".manifest";

    private static final byte[] MAGIC = "COCOSNPM".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LABEL = "coco snapshot manifest 1".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int DIGEST_BYTES = 32;
    private static final int BODY_BYTES = 8 + Integer.BYTES + 2 * Long.BYTES + 2 * DIGEST_BYTES;
    private static final int LENGTH = BODY_BYTES + DIGEST_BYTES;

    /** The key of manifests of the node with this private key. */
    static byte[] key(byte[] serviceId, PrivateKey own) {
        byte[] secret = own instanceof ECPrivateKey key ? key.getS().toByteArray() : own.getEncoded();
        return Hkdf.derive(serviceId, secret, LABEL, 32);
    }

    /** The name of the manifest beside a snapshot's file. */
    static String name(String snapshot) {
        return snapshot + SUFFIX;
    }

    void write(Storage files, String snapshot, byte[] key) {
        byte[] body = ByteBuffer.allocate(BODY_BYTES)
                .put(MAGIC)
                .putInt(VERSION)
                .putLong(height)
                .put(root)
                .putLong(evidenceHeight)
                .put(evidenceHash)
                .array();
        byte[] whole = Arrays.copyOf(body, LENGTH);
        System.arraycopy(Hmac.sha256(key, body), 0, whole, BODY_BYTES, DIGEST_BYTES);
        String temporary = name(snapshot) + ".tmp";
        try (Storage.File file = files.open(temporary)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(whole), 0);
            file.force();
        }
        files.rename(temporary, name(snapshot));
        files.forceFolder();
    }

    /** Null if it is not whole, or not this node's own. */
    static @Nullable SnapshotManifest read(Storage files, String snapshot, byte[] key) {
        byte[] whole = new byte[LENGTH];
        try (Storage.File file = files.openForReading(name(snapshot))) {
            if (file.size() != LENGTH) {
                return null;
            }
            file.read(ByteBuffer.wrap(whole), 0);
        }
        byte[] mac = Arrays.copyOfRange(whole, BODY_BYTES, LENGTH);
        ByteBuffer in = ByteBuffer.wrap(whole);
        byte[] magic = new byte[MAGIC.length];
        in.get(magic);
        if (!MessageDigest.isEqual(mac, Hmac.sha256(key, Arrays.copyOf(whole, BODY_BYTES)))
                || !Arrays.equals(magic, MAGIC)
                || in.getInt() != VERSION) {
            return null;
        }
        long height = in.getLong();
        byte[] root = new byte[DIGEST_BYTES];
        in.get(root);
        long evidenceHeight = in.getLong();
        byte[] evidenceHash = new byte[DIGEST_BYTES];
        in.get(evidenceHash);
        return new SnapshotManifest(height, root, evidenceHeight, evidenceHash);
    }
}
