package coco.core;

import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.Hpke;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that a block brings, encrypted to each node (docs/specs/journal.md, section 3.1): an epoch's, and those
 * of a generation where one begins.
 */
final class Wraps {
    private static final byte[] LABEL = "coco epoch wrap 1".getBytes(StandardCharsets.UTF_8);
    private static final int SECRET_BYTES = 32;
    private static final int GENERATION_BYTES = Integer.BYTES + SECRET_BYTES;

    private Wraps() {}

    /**
     * What one block brings.
     *
     * @param epoch the new epoch's secrets
     * @param generation the new generation's, if one begins
     */
    record Brought(EpochSecrets epoch, @Nullable Generation generation) {}

    static byte[] draw(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return secret;
    }

    /** Key in {@link ServiceMaps#EPOCHS}: epoch (8 bytes) ‖ node id. */
    static byte[] key(long epoch, String nodeId) {
        byte[] id = nodeId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(epoch)
                .put(id)
                .array();
    }

    static byte[] seal(Brought brought, byte[] serviceId, String nodeId, PublicKey wrappingKey, SecureRandom random) {
        byte[] aad = key(brought.epoch().epoch(), nodeId);
        byte[] plaintext = plaintext(brought);
        try {
            return Hpke.seal(wrappingKey, info(serviceId), aad, plaintext, random);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    private static byte[] plaintext(Brought brought) {
        byte[] epoch = brought.epoch().secret();
        Generation generation = brought.generation();
        if (generation == null) {
            return epoch;
        }
        byte[] evidence = Invariant.present(generation.evidence(), "a new generation has its evidence key")
                .secret();
        byte[] serviceKey = Invariant.present(generation.serviceKey(), "a new generation has its service key")
                .getEncoded();
        return ByteBuffer.allocate(SECRET_BYTES + GENERATION_BYTES + serviceKey.length)
                .put(epoch)
                .putInt(generation.number())
                .put(evidence)
                .put(serviceKey)
                .array();
    }

    /** Null if it is not encrypted to this key, for this epoch and node. */
    static @Nullable Brought open(byte[] wrapped, byte[] serviceId, long epoch, String nodeId, PrivateKey wrappingKey) {
        byte[] plaintext = Hpke.open(wrappingKey, info(serviceId), key(epoch, nodeId), wrapped);
        if (plaintext == null || plaintext.length < SECRET_BYTES) {
            return null;
        }
        EpochSecrets secrets = new EpochSecrets(serviceId, epoch, Arrays.copyOf(plaintext, SECRET_BYTES));
        if (plaintext.length == SECRET_BYTES) {
            return new Brought(secrets, null);
        }
        if (plaintext.length <= SECRET_BYTES + GENERATION_BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(plaintext, SECRET_BYTES, plaintext.length - SECRET_BYTES);
        int number = in.getInt();
        byte[] evidence = new byte[SECRET_BYTES];
        in.get(evidence);
        byte[] serviceKey = new byte[in.remaining()];
        in.get(serviceKey);
        try {
            PrivateKey key = Certificates.privateKeyFromDer(serviceKey);
            return new Brought(secrets, new Generation(number, new EvidenceKey(serviceId, evidence), key));
        } catch (CryptoException malformed) {
            return null;
        }
    }

    private static byte[] info(byte[] serviceId) {
        byte[] both = Arrays.copyOf(LABEL, LABEL.length + serviceId.length);
        System.arraycopy(serviceId, 0, both, LABEL.length, serviceId.length);
        return both;
    }
}
