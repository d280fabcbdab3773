package coco.crypto;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;

/**
 * Feldman's verifiable secret sharing on P-256 (P. Feldman, "A practical scheme for non-interactive verifiable secret
 * sharing", FOCS 1987): a scalar is the value at 0 of a polynomial of degree M - 1 over the integers modulo the curve's
 * order; share x is its value at x = 1 ... N; the points coefficient · G commit the dealer to it. Whoever has a share
 * can check it; M shares give the scalar, fewer nothing.
 *
 * <p>The commitments show scalar · G. The scalar must therefore be one that nobody can guess, and is used for nothing
 * but to derive keys from.
 */
public final class Feldman {
    /** Bytes of a share and of the scalar: big-endian, 1 to the order less one. */
    public static final int SCALAR_BYTES = 32;

    /** Bytes of a commitment: a point in compressed form (SEC 1, section 2.3.3). */
    public static final int POINT_BYTES = 33;

    /** Most shares: what names one is a byte. */
    public static final int SHARES_MAX = 255;

    private static final int SEED_BYTES = 32;
    // 128 bits more than the order has, so that the reduction shows no bias (FIPS 186-5, appendix A.2.1).
    private static final int WIDE_BYTES = 48;
    private static final byte[] LABEL =
            "coco feldman coefficient 1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final BigInteger ORDER = P256.DOMAIN.getN();

    private final List<ECPoint> commitments;

    private Feldman(List<ECPoint> commitments) {
        this.commitments = commitments;
    }

    /**
     * A sharing as its dealer sees it.
     *
     * @param scalar what is shared
     * @param commitments M points, that of the scalar first
     * @param shares N shares, that of x = 1 first
     */
    public record Dealing(byte[] scalar, List<byte[]> commitments, List<byte[]> shares) {
        /** Takes the lists as they cannot be changed. */
        public Dealing {
            commitments = List.copyOf(commitments);
            shares = List.copyOf(shares);
        }
    }

    /**
     * Deals a scalar. Everything follows from the seed, so that who knows it can check the dealer.
     *
     * @param seed 32 bytes that no one can guess, used for this sharing alone
     * @param threshold M, 1 to N
     * @param shares N, 1 to {@link #SHARES_MAX}
     */
    public static Dealing deal(byte[] seed, int threshold, int shares) {
        Checks.length("seed", seed, SEED_BYTES);
        if (shares < 1 || shares > SHARES_MAX || threshold < 1 || threshold > shares) {
            throw new IllegalArgumentException(threshold + " of " + shares + " shares");
        }
        List<BigInteger> coefficients = new ArrayList<>();
        List<byte[]> commitments = new ArrayList<>();
        for (int i = 0; i < threshold; i++) {
            BigInteger coefficient = coefficient(seed, i);
            coefficients.add(coefficient);
            commitments.add(P256.DOMAIN.getG().multiply(coefficient).getEncoded(true));
        }
        List<byte[]> dealt = new ArrayList<>();
        for (int x = 1; x <= shares; x++) {
            dealt.add(bytes(evaluate(coefficients, BigInteger.valueOf(x))));
        }
        return new Dealing(bytes(coefficients.getFirst()), commitments, dealt);
    }

    private static BigInteger coefficient(byte[] seed, int index) {
        byte[] info = new byte[LABEL.length + 1];
        System.arraycopy(LABEL, 0, info, 0, LABEL.length);
        info[LABEL.length] = (byte) index;
        return new BigInteger(1, Hkdf.derive(new byte[0], seed, info, WIDE_BYTES))
                .mod(ORDER.subtract(BigInteger.ONE))
                .add(BigInteger.ONE);
    }

    private static BigInteger evaluate(List<BigInteger> coefficients, BigInteger x) {
        BigInteger value = BigInteger.ZERO;
        for (BigInteger coefficient : coefficients.reversed()) {
            value = value.multiply(x).add(coefficient).mod(ORDER);
        }
        return value;
    }

    /**
     * Reads a dealer's commitments.
     *
     * @param commitments 1 to {@link #SHARES_MAX} compressed points
     * @throws CryptoException with the code MALFORMED, if one is no point of the curve, or the one at infinity
     */
    public static Feldman of(List<byte[]> commitments) {
        if (commitments.isEmpty() || commitments.size() > SHARES_MAX) {
            throw CryptoException.malformed(commitments.size() + " commitments");
        }
        List<ECPoint> points = new ArrayList<>();
        for (byte[] encoded : commitments) {
            if (encoded.length != POINT_BYTES) {
                throw CryptoException.malformed("a commitment is no compressed point");
            }
            try {
                points.add(P256.DOMAIN.getCurve().decodePoint(encoded));
            } catch (IllegalArgumentException _) {
                throw CryptoException.malformed("a commitment is no point of P-256");
            }
        }
        return new Feldman(Collections.unmodifiableList(points));
    }

    /** M. */
    public int threshold() {
        return commitments.size();
    }

    /**
     * Whether this is the share of that number: share · G = Σ x^i · commitment i.
     *
     * @param x 1 to {@link #SHARES_MAX}; false for any other
     * @param share false unless 32 bytes and a number from 1 to the order less one
     */
    public boolean isShare(int x, byte[] share) {
        if (x < 1 || x > SHARES_MAX || !isScalar(share)) {
            return false;
        }
        ECPoint expected = P256.DOMAIN.getCurve().getInfinity();
        BigInteger at = BigInteger.valueOf(x);
        for (ECPoint commitment : commitments.reversed()) {
            expected = ECAlgorithms.referenceMultiply(expected, at).add(commitment);
        }
        return P256.DOMAIN.getG().multiply(new BigInteger(1, share)).equals(expected);
    }

    /**
     * The scalar that these shares give (Lagrange's interpolation at 0).
     *
     * @param shares by their numbers; the first M that are shares count, others are passed over
     * @return 32 bytes; null if fewer than M are shares
     */
    public byte @Nullable [] combine(SortedMap<Integer, byte[]> shares) {
        List<BigInteger> xs = new ArrayList<>();
        List<BigInteger> ys = new ArrayList<>();
        for (var share : shares.entrySet()) {
            if (xs.size() < threshold() && isShare(share.getKey(), share.getValue())) {
                xs.add(BigInteger.valueOf(share.getKey()));
                ys.add(new BigInteger(1, share.getValue()));
            }
        }
        if (xs.size() < threshold()) {
            return null;
        }
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < xs.size(); i++) {
            sum = sum.add(ys.get(i).multiply(weight(xs, i))).mod(ORDER);
        }
        return bytes(sum);
    }

    /** Π x_j / (x_j - x_i) over j ≠ i. */
    private static BigInteger weight(List<BigInteger> xs, int i) {
        BigInteger numerator = BigInteger.ONE;
        BigInteger denominator = BigInteger.ONE;
        for (int j = 0; j < xs.size(); j++) {
            if (j != i) {
                numerator = numerator.multiply(xs.get(j)).mod(ORDER);
                denominator =
                        denominator.multiply(xs.get(j).subtract(xs.get(i))).mod(ORDER);
            }
        }
        return numerator.multiply(denominator.modInverse(ORDER)).mod(ORDER);
    }

    private static boolean isScalar(byte[] bytes) {
        if (bytes.length != SCALAR_BYTES) {
            return false;
        }
        BigInteger value = new BigInteger(1, bytes);
        return value.signum() > 0 && value.compareTo(ORDER) < 0;
    }

    private static byte[] bytes(BigInteger scalar) {
        return BigIntegers.asUnsignedByteArray(SCALAR_BYTES, scalar);
    }
}
