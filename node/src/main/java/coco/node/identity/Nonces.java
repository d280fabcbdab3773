package coco.node.identity;

import coco.crypto.Hex;
import coco.crypto.Hmac;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Nonces for messages that are signed: each is good once, at the node that gave it, for a while. A nonce proves itself
 * by a code over its time and its random part, so that asking for many takes no memory; what is remembered are those
 * that were used. Any thread.
 */
final class Nonces {
    private static final int RANDOM_BYTES = 12;
    private static final int CODE_BYTES = 16;
    private static final int BYTES = Long.BYTES + RANDOM_BYTES + CODE_BYTES;

    private final SecureRandom random;
    private final byte[] key = new byte[32];
    /** To when they are over. */
    private final Map<String, Long> used = new HashMap<>();

    Nonces(SecureRandom random) {
        this.random = random;
        random.nextBytes(key);
    }

    /** A new one: letters and digits. */
    String next(long nowSeconds) {
        byte[] drawn = new byte[RANDOM_BYTES];
        random.nextBytes(drawn);
        byte[] head = ByteBuffer.allocate(Long.BYTES + RANDOM_BYTES)
                .putLong(nowSeconds)
                .put(drawn)
                .array();
        return Hex.encode(head) + Hex.encode(code(head));
    }

    /** Whether it is one of this node's that is neither over nor used. */
    boolean isGood(String nonce, long nowSeconds) {
        if (nonce.length() != 2 * BYTES) {
            return false;
        }
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(nonce);
        } catch (IllegalArgumentException notHex) {
            return false;
        }
        byte[] head = Arrays.copyOf(bytes, Long.BYTES + RANDOM_BYTES);
        byte[] code = Arrays.copyOfRange(bytes, head.length, BYTES);
        // One text for each, or the same nonce were good twice.
        boolean isOurs =
                MessageDigest.isEqual(code, code(head)) && Hex.encode(bytes).equals(nonce);
        long given = ByteBuffer.wrap(head).getLong();
        boolean isOver = nowSeconds >= given + IdentityLimits.NONCE_LIFE.toSeconds();
        synchronized (used) {
            return isOurs && !isOver && !used.containsKey(nonce);
        }
    }

    /** Uses a good one up; false if somebody was faster, or too many were used. */
    boolean use(String nonce, long nowSeconds) {
        synchronized (used) {
            if (!isGood(nonce, nowSeconds)) {
                return false;
            }
            if (used.size() >= IdentityLimits.NONCES_USED) {
                used.values().removeIf(over -> over <= nowSeconds);
            }
            if (used.size() >= IdentityLimits.NONCES_USED) {
                return false;
            }
            used.put(nonce, nowSeconds + IdentityLimits.NONCE_LIFE.toSeconds() + 1);
            return true;
        }
    }

    private byte[] code(byte[] head) {
        return Arrays.copyOf(Hmac.sha256(key, head), CODE_BYTES);
    }
}
