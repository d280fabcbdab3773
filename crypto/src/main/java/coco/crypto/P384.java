package coco.crypto;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.util.BigIntegers;

/**
 * Checks ECDSA on P-384 (FIPS 186-5; secp384r1 of SEC 2), which makers of processors sign with. Signatures are 96 bytes
 * r ‖ s, big-endian (IEEE P1363).
 */
public final class P384 {
    /** Bytes of a signature. */
    public static final int SIGNATURE_BYTES = 96;

    /** Bytes of the hash that is signed, SHA-384's. */
    public static final int HASH_BYTES = 48;

    private static final int SCALAR_BYTES = 48;
    private static final String CURVE = "secp384r1";
    private static final ECDomainParameters DOMAIN = domain();
    private static final ECParameterSpec PARAMETERS = jdkParameters();

    private P384() {}

    /** Returns whether this is a key of this curve with its point on it; in certificates the JDK takes any numbers. */
    public static boolean isKey(PublicKey key) {
        return key instanceof ECPublicKey ec
                && ec.getParams().getOrder().equals(PARAMETERS.getOrder())
                && ec.getParams().getCurve().equals(PARAMETERS.getCurve())
                && isOnCurve(ec.getW());
    }

    private static boolean isOnCurve(ECPoint point) {
        try {
            DOMAIN.getCurve().validatePoint(point.getAffineX(), point.getAffineY());
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /**
     * Checks a signature.
     *
     * @return false also for a signature that is not 96 bytes long
     * @throws IllegalArgumentException if the key is not on P-384, or the hash not 48 bytes long
     */
    public static boolean verify(PublicKey key, byte[] hash48, byte[] signature96) {
        Checks.length("hash", hash48, HASH_BYTES);
        if (!(key instanceof ECPublicKey ec) || !isKey(key)) {
            throw new IllegalArgumentException("not a public key of P-384 but of " + key.getAlgorithm());
        }
        if (signature96.length != SIGNATURE_BYTES) {
            return false;
        }
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(
                false,
                new ECPublicKeyParameters(
                        DOMAIN.getCurve()
                                .createPoint(ec.getW().getAffineX(), ec.getW().getAffineY()),
                        DOMAIN));
        BigInteger r = BigIntegers.fromUnsignedByteArray(signature96, 0, SCALAR_BYTES);
        BigInteger s = BigIntegers.fromUnsignedByteArray(signature96, SCALAR_BYTES, SCALAR_BYTES);
        return verifier.verifySignature(hash48, r, s);
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
