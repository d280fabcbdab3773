package coco.evm.state;

/**
 * The secret of the hash functions of both maps. Whoever writes a contract chooses addresses and keys at will; with a
 * known hash function a transaction could make every probe walk over all others. Products of seeded halves (a
 * multiply-shift family) keep the cost of a lookup flat for two multiplications.
 */
final class Seeds {
    final long a;
    final long b;
    final long c;
    final long d;

    Seeds(long seed) {
        a = mix(seed + 0x9E3779B97F4A7C15L);
        b = mix(seed + 0x3C6EF372FE94F82AL);
        c = mix(seed + 0xDAA66D2C7DDF743FL);
        d = mix(seed + 0x78DDE6E5FD29F054L);
    }

    /** A hash whose <em>high</em> bits are good. The factors are made odd so that no bit of the other one is lost. */
    long hash(long k3, long k2, long k1, long k0) {
        return (k0 + a) * ((k1 + b) | 1) + (k2 + c) * ((k3 + d) | 1);
    }

    private static long mix(long z) {
        long y = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long x = (y ^ (y >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
