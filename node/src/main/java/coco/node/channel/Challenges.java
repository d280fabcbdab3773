package coco.node.channel;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Nonces that nodes were given and have not answered: one for each node, good once and not for long. Any thread. */
final class Challenges {
    private final SecureRandom random;
    private final LongSupplier nanoTime;
    private final Map<String, Open> open = new LinkedHashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Open(byte[] nonce, long sinceNanos) {}

    Challenges(SecureRandom random, LongSupplier nanoTime) {
        this.random = random;
        this.nanoTime = nanoTime;
    }

    /** A new challenge for this node; an earlier one is void. */
    byte[] draw(String node) {
        byte[] nonce = new byte[ChannelLimits.NONCE_BYTES];
        random.nextBytes(nonce);
        synchronized (open) {
            open.remove(node);
            open.put(node, new Open(nonce, nanoTime.getAsLong()));
            Iterator<String> oldest = open.keySet().iterator();
            while (open.size() > ChannelLimits.CHALLENGES_MAX) {
                oldest.next();
                oldest.remove();
            }
        }
        return Arrays.copyOf(nonce, nonce.length);
    }

    /** Whether this node was given this nonce a short time ago; it is used up either way. */
    boolean redeem(String node, byte[] nonce) {
        Open drawn;
        synchronized (open) {
            drawn = open.remove(node);
        }
        return drawn != null
                && MessageDigest.isEqual(drawn.nonce(), nonce)
                && nanoTime.getAsLong() - drawn.sinceNanos() < ChannelLimits.CHALLENGE_LIFE.toNanos();
    }
}
