package coco.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;

/** SEC 1, sections 4.1.3, 4.1.4 and 4.1.6, over BouncyCastle's field arithmetic for this curve. */
final class BouncyCastleSecp256k1 implements Secp256k1 {
    static final BouncyCastleSecp256k1 INSTANCE = new BouncyCastleSecp256k1();

    private static final int UNCOMPRESSED = 4;
    private static final int COMPRESSED_EVEN_Y = 2;

    private final ECCurve curve;
    private final ECPoint generator;
    private final BigInteger order;
    private final BigInteger halfOrder;
    private final BigInteger fieldSize;

    private BouncyCastleSecp256k1() {
        X9ECParameters parameters = CustomNamedCurves.getByName("secp256k1");
        this.curve = parameters.getCurve();
        this.generator = parameters.getG();
        this.order = parameters.getN();
        this.halfOrder = order.shiftRight(1);
        this.fieldSize = curve.getField().getCharacteristic();
    }

    @Override
    public byte[] publicKey(byte[] secret32) {
        Secp256k1Inputs.checkSecret(secret32);
        return encode(multiplyGenerator(new BigInteger(1, secret32)));
    }

    @Override
    public Signature sign(byte[] hash32, byte[] secret32) {
        Secp256k1Inputs.checkHash(hash32);
        Secp256k1Inputs.checkSecret(secret32);
        BigInteger secret = new BigInteger(1, secret32);
        BigInteger hash = new BigInteger(1, hash32);
        HMacDSAKCalculator nonces = new HMacDSAKCalculator(new SHA256Digest());
        nonces.init(order, secret, hash32);
        while (true) {
            BigInteger nonce = nonces.nextK();
            ECPoint point = multiplyGenerator(nonce);
            BigInteger x = point.getAffineXCoord().toBigInteger();
            BigInteger r = x.mod(order);
            BigInteger s = BigIntegers.modOddInverse(order, nonce)
                    .multiply(hash.add(r.multiply(secret)))
                    .mod(order);
            // Section 4.1.3, steps 3 and 5; no one has ever met either case.
            if (r.signum() == 0 || s.signum() == 0) {
                continue;
            }
            int oddY = point.getAffineYCoord().testBitZero() ? 1 : 0;
            int overflow = x.equals(r) ? 0 : 2;
            boolean high = s.compareTo(halfOrder) > 0;
            return high
                    ? new Signature(concatenate(r, order.subtract(s)), overflow | (oddY ^ 1))
                    : new Signature(concatenate(r, s), overflow | oddY);
        }
    }

    @Override
    public boolean verify(byte[] hash32, byte[] signature64, byte[] publicKey64) {
        Secp256k1Inputs.checkHash(hash32);
        if (!Secp256k1Inputs.isSignature(signature64) || !Secp256k1Inputs.hasPublicKeyLength(publicKey64)) {
            return false;
        }
        ECPoint key = decode(publicKey64);
        if (key == null) {
            return false;
        }
        BigInteger r = scalar(signature64, 0);
        BigInteger inverse = BigIntegers.modOddInverseVar(order, scalar(signature64, Secp256k1Inputs.SCALAR_BYTES));
        BigInteger u1 = new BigInteger(1, hash32).multiply(inverse).mod(order);
        BigInteger u2 = r.multiply(inverse).mod(order);
        ECPoint point = ECAlgorithms.sumOfTwoMultiplies(generator, u1, key, u2).normalize();
        return !point.isInfinity()
                && point.getAffineXCoord().toBigInteger().mod(order).equals(r);
    }

    @Override
    public byte @Nullable [] recover(byte[] hash32, byte[] signature64, int recoveryId) {
        Secp256k1Inputs.checkHash(hash32);
        if (!Secp256k1Inputs.isRecoveryId(recoveryId) || !Secp256k1Inputs.isSignature(signature64)) {
            return null;
        }
        BigInteger r = scalar(signature64, 0);
        ECPoint noncePoint = decompress((recoveryId & 2) == 0 ? r : r.add(order), (recoveryId & 1) != 0);
        if (noncePoint == null) {
            return null;
        }
        BigInteger inverse = BigIntegers.modOddInverseVar(order, r);
        BigInteger u1 = new BigInteger(1, hash32).negate().multiply(inverse).mod(order);
        BigInteger u2 = scalar(signature64, Secp256k1Inputs.SCALAR_BYTES)
                .multiply(inverse)
                .mod(order);
        ECPoint key =
                ECAlgorithms.sumOfTwoMultiplies(generator, u1, noncePoint, u2).normalize();
        return key.isInfinity() ? null : encode(key);
    }

    private ECPoint multiplyGenerator(BigInteger scalar) {
        // A multiplier keeps its tables with the point, so a new one costs nothing.
        return new FixedPointCombMultiplier().multiply(generator, scalar).normalize();
    }

    private @Nullable ECPoint decompress(BigInteger x, boolean oddY) {
        if (x.compareTo(fieldSize) >= 0) {
            return null;
        }
        byte[] compressed = new byte[1 + Secp256k1Inputs.SCALAR_BYTES];
        BigIntegers.asUnsignedByteArray(x, compressed, 1, Secp256k1Inputs.SCALAR_BYTES);
        compressed[0] = (byte) (oddY ? COMPRESSED_EVEN_Y + 1 : COMPRESSED_EVEN_Y);
        return decodeOrNull(compressed);
    }

    private @Nullable ECPoint decode(byte[] publicKey64) {
        return decodeOrNull(Secp256k1Inputs.withPrefix(publicKey64));
    }

    private @Nullable ECPoint decodeOrNull(byte[] encoded) {
        try {
            return curve.decodePoint(encoded);
        } catch (IllegalArgumentException _) {
            // Its only way to say that no such point is on the curve.
            return null;
        }
    }

    private static byte[] encode(ECPoint normalised) {
        byte[] uncompressed = normalised.getEncoded(false);
        if (uncompressed[0] != UNCOMPRESSED) {
            throw new IllegalStateException("a point without coordinates");
        }
        return Arrays.copyOfRange(uncompressed, 1, uncompressed.length);
    }

    private static BigInteger scalar(byte[] bytes, int off) {
        return BigIntegers.fromUnsignedByteArray(bytes, off, Secp256k1Inputs.SCALAR_BYTES);
    }

    private static byte[] concatenate(BigInteger r, BigInteger s) {
        byte[] out = new byte[Secp256k1Inputs.SIGNATURE_BYTES];
        BigIntegers.asUnsignedByteArray(r, out, 0, Secp256k1Inputs.SCALAR_BYTES);
        BigIntegers.asUnsignedByteArray(s, out, Secp256k1Inputs.SCALAR_BYTES, Secp256k1Inputs.SCALAR_BYTES);
        return out;
    }
}
