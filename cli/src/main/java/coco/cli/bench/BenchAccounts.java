package coco.cli.bench;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.crypto.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Accounts derived from a seed and from how much its network has seen: the same on every fresh network, and others in a
 * second run on the same one, where the nonces of the first are used up. Their keys guard nothing.
 */
final class BenchAccounts {
    private static final byte[] LABEL = "coco bench account".getBytes(StandardCharsets.US_ASCII);
    private static final int ADDRESS_BYTES = 20;

    private final long seed;
    private final long generation;
    private final byte[] addresses;
    private final int count;

    private BenchAccounts(long seed, long generation, int count, byte[] addresses) {
        this.seed = seed;
        this.generation = generation;
        this.count = count;
        this.addresses = addresses;
    }

    /**
     * Derives all addresses, on all processors: a public key takes some 25 µs.
     *
     * @param generation differs between two runs on one network
     */
    static BenchAccounts derive(long seed, long generation, int count, Secp256k1 curve) {
        byte[] addresses = new byte[Math.multiplyExact(count, ADDRESS_BYTES)];
        IntStream.range(0, count).parallel().forEach(i -> {
            byte[] publicKey = curve.publicKey(secret(seed, generation, i));
            System.arraycopy(Keccak256.hash(publicKey), 12, addresses, i * ADDRESS_BYTES, ADDRESS_BYTES);
        });
        return new BenchAccounts(seed, generation, count, addresses);
    }

    int count() {
        return count;
    }

    /** The private key, 32 bytes. That a digest is no valid key is as likely as guessing someone else's. */
    byte[] secret(int account) {
        return secret(seed, generation, account);
    }

    /** The address, 20 bytes. */
    byte[] address(int account) {
        return addresses(account, account + 1);
    }

    /** Addresses one after the other, without anything between. */
    byte[] addresses(int from, int to) {
        return Arrays.copyOfRange(addresses, from * ADDRESS_BYTES, to * ADDRESS_BYTES);
    }

    private static byte[] secret(long seed, long generation, int account) {
        return Sha256.hash(
                LABEL,
                ByteBuffer.allocate(20)
                        .putLong(seed)
                        .putLong(generation)
                        .putInt(account)
                        .array());
    }
}
