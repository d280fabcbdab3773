package coco.core;

import coco.crypto.AesGcm;
import coco.crypto.SecretMemory;
import coco.journal.EpochSecrets;
import coco.journal.SealRoot;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Epochs that nobody has asked for in a while, encrypted under a key of this process that lies outside the heap. What
 * it is for: the secrets of years do not lie about in memory in clear, of which an image, a register or a forgotten
 * copy shows some. Who reads all memory of the node reads this key too; against that there is the TEE.
 */
final class RestingEpochs {
    private static final byte WHOLE = 1;
    private static final byte SEAL_ROOT = 2;
    private static final int SECRET_BYTES = 32;

    private final byte[] serviceId;
    private final SecretMemory key;
    private final Map<Long, byte[]> sealed = new HashMap<>();

    RestingEpochs(byte[] serviceId, SecureRandom random) {
        this.serviceId = serviceId.clone();
        byte[] drawn = Wraps.draw(random);
        this.key = new SecretMemory(drawn);
        Arrays.fill(drawn, (byte) 0);
    }

    /** Lays an epoch to rest. */
    void put(EpochSecrets secrets) {
        byte[] secret =
                secrets.isWhole() ? secrets.secret() : secrets.sealRoot().secret();
        byte[] plain = ByteBuffer.allocate(1 + SECRET_BYTES)
                .put(secrets.isWhole() ? WHOLE : SEAL_ROOT)
                .put(secret)
                .array();
        // An epoch has one secret for ever, so the same IV only ever meets the same plaintext.
        sealed.put(secrets.epoch(), key.use(each -> AesGcm.seal(each, iv(secrets.epoch()), serviceId, plain)));
        Arrays.fill(secret, (byte) 0);
        Arrays.fill(plain, (byte) 0);
    }

    /** The epoch; null if it does not rest here. */
    @Nullable
    EpochSecrets get(long epoch) {
        byte[] resting = sealed.get(epoch);
        if (resting == null) {
            return null;
        }
        byte[] plain = Invariant.present(
                key.use(each -> AesGcm.open(each, iv(epoch), serviceId, resting)), "what this process sealed it opens");
        byte[] secret = Arrays.copyOfRange(plain, 1, plain.length);
        try {
            return plain[0] == WHOLE
                    ? new EpochSecrets(serviceId, epoch, secret)
                    : EpochSecrets.opened(serviceId, new SealRoot(serviceId, epoch, secret));
        } finally {
            Arrays.fill(plain, (byte) 0);
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static byte[] iv(long epoch) {
        return ByteBuffer.allocate(AesGcm.IV_BYTES).putInt(0).putLong(epoch).array();
    }
}
