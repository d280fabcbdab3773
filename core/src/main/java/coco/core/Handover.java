package coco.core;

import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.Hpke;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import coco.journal.SealRoot;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a joining node is given so that it can read the journal from its beginning: the secrets of all epochs and
 * generations that the giver holds, and the newest service key. The one way by which secrets leave a {@link Keyring},
 * and only encrypted to the wrapping key of a node that is on the roster: the caller has admitted it and checked its
 * evidence. The node keeps the bytes as they came, and opens them again when it starts; what later blocks bring it is
 * in the journal.
 */
public final class Handover {
    private static final byte[] LABEL = "coco handover 1".getBytes(StandardCharsets.UTF_8);
    private static final byte FORMAT = 2;
    private static final byte SECRET = 0;
    private static final byte SEAL_ROOT = 1;
    private static final int SECRET_BYTES = 32;

    private Handover() {}

    /**
     * Encrypts everything to one node.
     *
     * @param to a node of the roster in force
     */
    public static byte[] seal(Keyring keys, byte[] serviceId, Roster.Node to, SecureRandom random) {
        byte[] plaintext = encode(keys.secrets());
        try {
            return Hpke.seal(to.wrappingKey(), info(serviceId), aad(to.id()), plaintext, random);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    /** The secrets, or nothing if they are not meant for this node and key, or are malformed. */
    public static Optional<Secrets> open(byte[] sealed, byte[] serviceId, String nodeId, PrivateKey wrappingKey) {
        byte[] plaintext = Hpke.open(wrappingKey, info(serviceId), aad(nodeId), sealed);
        if (plaintext == null) {
            return Optional.empty();
        }
        try {
            return decode(plaintext, serviceId);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    private static byte[] encode(Secrets secrets) {
        byte[] serviceKey = Invariant.present(
                        secrets.generations().getLast().serviceKey(), "a node has its generation's service key")
                .getEncoded();
        int epochBytes = (Long.BYTES + 1 + SECRET_BYTES) * secrets.epochs().size();
        int generationBytes =
                (Integer.BYTES + SECRET_BYTES) * secrets.generations().size();
        ByteBuffer out = ByteBuffer.allocate(1 + 2 * Integer.BYTES + epochBytes + generationBytes + serviceKey.length);
        out.put(FORMAT).putInt(secrets.epochs().size());
        for (EpochSecrets epoch : secrets.epochs()) {
            // Of epochs from before a recovery nobody has more than what opens their blocks.
            out.putLong(epoch.epoch())
                    .put(epoch.isWhole() ? SECRET : SEAL_ROOT)
                    .put(epoch.isWhole() ? epoch.secret() : epoch.sealRoot().secret());
        }
        out.putInt(secrets.generations().size());
        for (Generation generation : secrets.generations()) {
            EvidenceKey evidence = Invariant.present(generation.evidence(), "a keyring holds no lost generation");
            out.putInt(generation.number()).put(evidence.secret());
        }
        return out.put(serviceKey).array();
    }

    private static Optional<Secrets> decode(byte[] plaintext, byte[] serviceId) {
        ByteBuffer in = ByteBuffer.wrap(plaintext);
        try {
            if (in.get() != FORMAT) {
                return Optional.empty();
            }
            List<EpochSecrets> epochs = new ArrayList<>();
            for (int left = in.getInt(); left > 0; left--) {
                EpochSecrets epoch = epoch(in, serviceId);
                if (epoch == null) {
                    return Optional.empty();
                }
                epochs.add(epoch);
            }
            List<Generation> generations = new ArrayList<>();
            for (int left = in.getInt(); left > 0; left--) {
                generations.add(new Generation(in.getInt(), new EvidenceKey(serviceId, secret(in)), null));
            }
            if (epochs.isEmpty() || generations.isEmpty()) {
                return Optional.empty();
            }
            byte[] serviceKey = new byte[in.remaining()];
            in.get(serviceKey);
            Generation newest = generations.removeLast();
            generations.add(
                    new Generation(newest.number(), newest.evidence(), Certificates.privateKeyFromDer(serviceKey)));
            return Optional.of(new Secrets(epochs, generations));
        } catch (BufferUnderflowException | CryptoException malformed) {
            return Optional.empty();
        }
    }

    private static @Nullable EpochSecrets epoch(ByteBuffer in, byte[] serviceId) {
        long epoch = in.getLong();
        byte kind = in.get();
        byte[] secret = secret(in);
        return switch (kind) {
            case SECRET -> new EpochSecrets(serviceId, epoch, secret);
            case SEAL_ROOT -> EpochSecrets.opened(serviceId, new SealRoot(serviceId, epoch, secret));
            default -> null;
        };
    }

    private static byte[] secret(ByteBuffer in) {
        byte[] secret = new byte[SECRET_BYTES];
        in.get(secret);
        return secret;
    }

    private static byte[] info(byte[] serviceId) {
        byte[] both = Arrays.copyOf(LABEL, LABEL.length + serviceId.length);
        System.arraycopy(serviceId, 0, both, LABEL.length, serviceId.length);
        return both;
    }

    private static byte[] aad(String nodeId) {
        return nodeId.getBytes(StandardCharsets.UTF_8);
    }
}
