package coco.crypto;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/**
 * ECDSA on P-256 (FIPS 186-5; secp256r1 of SEC 2) over a hash the caller made: the signatures of nodes, members and the
 * service.
 *
 * <p>Keys are the JDK's, so that TLS and key stores take them; the arithmetic is BouncyCastle's, which is several times
 * faster. Signatures are 64 bytes r ‖ s (IEEE P1363), not DER: one length, one encoding.
 */
public final class P256 {
    /** Bytes of a signature. */
    public static final int SIGNATURE_BYTES = 64;

    /** Bytes of an encoded public key (SEC 1, section 2.3.3, uncompressed). */
    public static final int PUBLIC_KEY_BYTES = 65;

    static final ECDomainParameters DOMAIN = domain();

    private static final int SCALAR_BYTES = 32;
    // 64 bits more than the order has, so that the reduction shows no bias (FIPS 186-5, appendix A.2.1).
    private static final int DERIVATION_BYTES = 40;
    private static final String CURVE = "secp256r1";
    private static final byte UNCOMPRESSED = 4;
    private static final ECParameterSpec PARAMETERS = jdkParameters();

    private P256() {}

    /** Makes a key pair of the JDK's "EC" kind. */
    public static KeyPair generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw CryptoException.unavailable(CURVE);
        }
    }

    /**
     * Derives a key pair from a secret: always the same one (HKDF, then FIPS 186-5, appendix A.2.1).
     *
     * @param secret at least 32 bytes that no one can guess
     * @param info what the key is for; another purpose gives an unrelated key
     */
    public static KeyPair derive(byte[] secret, byte[] info) {
        byte[] wide = Hkdf.derive(new byte[0], secret, info, DERIVATION_BYTES);
        BigInteger scalar = new BigInteger(1, wide)
                .mod(DOMAIN.getN().subtract(BigInteger.ONE))
                .add(BigInteger.ONE);
        ECPoint point = DOMAIN.getG().multiply(scalar).normalize();
        try {
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(scalar, PARAMETERS));
            return new KeyPair(decode(point.getEncoded(false)), key);
        } catch (GeneralSecurityException e) {
            throw CryptoException.unavailable(CURVE);
        }
    }

    /**
     * Deterministic (RFC 6979 with SHA-256), so the same key and hash always give the same bytes.
     *
     * @return 64 bytes r ‖ s
     * @throws IllegalArgumentException if the key is not on P-256, or the hash not 32 bytes long
     */
    public static byte[] sign(PrivateKey key, byte[] hash32) {
        Checks.length("hash", hash32, SCALAR_BYTES);
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, parameters(key));
        BigInteger[] rs = signer.generateSignature(hash32);
        byte[] out = new byte[SIGNATURE_BYTES];
        BigIntegers.asUnsignedByteArray(rs[0], out, 0, SCALAR_BYTES);
        BigIntegers.asUnsignedByteArray(rs[1], out, SCALAR_BYTES, SCALAR_BYTES);
        return out;
    }

    /**
     * Checks a signature.
     *
     * @return false also for a signature that is not 64 bytes long
     * @throws IllegalArgumentException if the key is not on P-256, or the hash not 32 bytes long
     */
    public static boolean verify(PublicKey key, byte[] hash32, byte[] signature64) {
        Checks.length("hash", hash32, SCALAR_BYTES);
        if (signature64.length != SIGNATURE_BYTES) {
            return false;
        }
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, parameters(key));
        BigInteger r = BigIntegers.fromUnsignedByteArray(signature64, 0, SCALAR_BYTES);
        BigInteger s = BigIntegers.fromUnsignedByteArray(signature64, SCALAR_BYTES, SCALAR_BYTES);
        return verifier.verifySignature(hash32, r, s);
    }

    /**
     * Encodes a public key (SEC 1, section 2.3.3, uncompressed).
     *
     * @return 65 bytes: 0x04 ‖ x ‖ y
     * @throws IllegalArgumentException if the key is not on P-256
     */
    public static byte[] encode(PublicKey key) {
        return parameters(key).getQ().getEncoded(false);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param encoded 0x04 ‖ x ‖ y
     * @throws CryptoException with the code MALFORMED, if it is not that, or no point of the curve
     */
    public static PublicKey decode(byte[] encoded) {
        if (encoded.length != PUBLIC_KEY_BYTES || encoded[0] != UNCOMPRESSED) {
            throw CryptoException.malformed("not an uncompressed point of P-256");
        }
        BigInteger x = BigIntegers.fromUnsignedByteArray(encoded, 1, SCALAR_BYTES);
        BigInteger y = BigIntegers.fromUnsignedByteArray(encoded, 1 + SCALAR_BYTES, SCALAR_BYTES);
        try {
            DOMAIN.getCurve().validatePoint(x, y);
            return KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(new java.security.spec.ECPoint(x, y), PARAMETERS));
        } catch (IllegalArgumentException | GeneralSecurityException _) {
            throw CryptoException.malformed("not a point of P-256");
        }
    }

    /**
     * Returns whether this is a key of the one kind this module works with: a point of P-256. A certificate may hold
     * one that is on no curve, which the JDK does not notice.
     */
    public static boolean isP256(PublicKey key) {
        if (!(key instanceof ECPublicKey ec)
                || !isP256(ec.getParams())
                || ec.getW().equals(java.security.spec.ECPoint.POINT_INFINITY)) {
            return false;
        }
        try {
            DOMAIN.getCurve().validatePoint(ec.getW().getAffineX(), ec.getW().getAffineY());
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    static boolean isP256(PrivateKey key) {
        return key instanceof ECPrivateKey ec && isP256(ec.getParams());
    }

    static ECPublicKeyParameters parameters(PublicKey key) {
        if (!(key instanceof ECPublicKey ec) || !isP256(key)) {
            throw new IllegalArgumentException("not a public key of P-256 but of " + key.getAlgorithm());
        }
        ECPoint point =
                DOMAIN.getCurve().createPoint(ec.getW().getAffineX(), ec.getW().getAffineY());
        return new ECPublicKeyParameters(point, DOMAIN);
    }

    static ECPrivateKeyParameters parameters(PrivateKey key) {
        if (!(key instanceof ECPrivateKey ec) || !isP256(ec.getParams())) {
            throw new IllegalArgumentException("not a private key of P-256 but of " + key.getAlgorithm());
        }
        return new ECPrivateKeyParameters(ec.getS(), DOMAIN);
    }

    private static boolean isP256(ECParameterSpec parameters) {
        return parameters.getOrder().equals(PARAMETERS.getOrder())
                && parameters.getCurve().equals(PARAMETERS.getCurve());
    }

    private static ECDomainParameters domain() {
        X9ECParameters parameters = CustomNamedCurves.getByName(CURVE);
        return new ECDomainParameters(parameters.getCurve(), parameters.getG(), parameters.getN(), parameters.getH());
    }

    private static ECParameterSpec jdkParameters() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(CURVE));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw CryptoException.unavailable(CURVE);
        }
    }
}
