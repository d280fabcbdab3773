package coco.governance.cose;

import coco.crypto.CertificateChains;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One signed message: COSE_Sign1 (RFC 9052, section 4.2), tagged, in the one form of docs/specs/cose.md. Immutable; any
 * thread.
 */
public final class CoseSign1 {
    /** Content type of proposals, ballots and all other governance messages: canonical JSON. */
    public static final String GOVERNANCE_CONTENT = "application/coco-governance+json";

    /** Media type of a whole message in HTTP (RFC 9052, section 2). */
    public static final String MEDIA_TYPE = "application/cose; cose-type=\"cose-sign1\"";

    /** Longest message, in bytes. */
    public static final int MESSAGE_BYTES_MAX = CoseLimits.MESSAGE_BYTES;

    /** Longest payload, in bytes. */
    public static final int PAYLOAD_BYTES_MAX = CoseLimits.PAYLOAD_BYTES;

    // RFC 9052, table 3, and RFC 9360, table 1: labels of header parameters.
    private static final long ALGORITHM = 1;
    private static final long CONTENT_TYPE = 3;
    private static final long KEY_IDENTIFIER = 4;
    private static final long X5CHAIN = 33;
    private static final Set<Object> LABELS = Set.of(ALGORITHM, CONTENT_TYPE, KEY_IDENTIFIER, X5CHAIN);

    private static final int KEY_IDENTIFIER_BYTES = 32;
    private static final int SERVICE_ID_BYTES = 32;
    private static final String GOVERNANCE_LABEL = "coco governance message v1";
    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1," + CoseLimits.TEXT_BYTES + "}");

    private final byte[] bytes;
    private final Sign1 structure;
    private final Algorithm algorithm;
    private final String contentType;
    private final byte[] keyId;
    private final List<X509Certificate> chain;

    private CoseSign1(
            byte[] bytes,
            Sign1 structure,
            Algorithm algorithm,
            String contentType,
            byte[] keyId,
            List<X509Certificate> chain) {
        this.bytes = bytes;
        this.structure = structure;
        this.algorithm = algorithm;
        this.contentType = contentType;
        this.keyId = keyId;
        this.chain = chain;
    }

    /**
     * Signs.
     *
     * @param externalAad what else the signature covers, see {@link #externalAad}
     * @param contentType what the payload is, 1 to 64 visible ASCII characters
     * @param payload the content, at most {@link #PAYLOAD_BYTES_MAX}
     * @throws SignerException if the key cannot be used, or what it made is no signature of its certificate's key
     * @throws IllegalArgumentException if content type or payload have no encoding
     */
    public static CoseSign1 sign(Signer signer, byte[] externalAad, String contentType, byte[] payload) {
        if (!VISIBLE.matcher(contentType).matches() || payload.length > PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a content type of visible ASCII, a payload of at most " + PAYLOAD_BYTES_MAX + " bytes");
        }
        X509Certificate certificate = signer.certificate();
        if (Algorithm.of(certificate.getPublicKey()) != Algorithm.ES256) {
            throw new SignerException("the certificate's key is not on P-256");
        }
        byte[] headers = protectedHeaders(contentType, Certificates.fingerprint(certificate), signer.chain());
        byte[] signed = Sign1.toBeSigned(headers, externalAad, payload);
        byte[] signature = signer.sign(signed);
        if (!Algorithm.ES256.verify(certificate.getPublicKey(), signed, signature)) {
            throw new SignerException("the key does not belong to the certificate");
        }
        try {
            return decode(Sign1.write(headers, payload, signature));
        } catch (MalformedCoseException e) {
            throw new SignerException("the signer's chain cannot be sent: " + e.getMessage(), e);
        }
    }

    private static byte[] protectedHeaders(String contentType, byte[] keyId, List<X509Certificate> chain) {
        CborWriter out = new CborWriter().map(chain.isEmpty() ? 3 : 4);
        out.integer(ALGORITHM).integer(Algorithm.ES256.identifier());
        out.integer(CONTENT_TYPE).text(contentType);
        out.integer(KEY_IDENTIFIER).bytes(keyId);
        if (!chain.isEmpty()) {
            out.integer(X5CHAIN);
            if (chain.size() > 1) {
                out.array(chain.size());
            }
            chain.forEach(certificate -> out.bytes(der(certificate)));
        }
        return out.toBytes();
    }

    private static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new SignerException("a certificate without DER form", e);
        }
    }

    /**
     * Reads a message. The signature is not looked at.
     *
     * @param message taken over, not copied
     * @throws MalformedCoseException if the bytes are not exactly one message in the one form
     */
    public static CoseSign1 decode(byte[] message) throws MalformedCoseException {
        Sign1 structure = Sign1.read(message);
        Map<Object, Object> headers = structure.protectedHeaders();
        if (!structure.unprotectedHeaders().isEmpty()) {
            throw new MalformedCoseException("unprotected headers");
        }
        for (Object label : headers.keySet()) {
            if (!LABELS.contains(label)) {
                throw new MalformedCoseException("a header that is not known: " + label);
            }
        }
        Algorithm algorithm = headers.get(ALGORITHM) instanceof Long identifier ? Algorithm.of(identifier) : null;
        if (algorithm == null || structure.signature().length != algorithm.signatureBytes()) {
            throw new MalformedCoseException("the algorithm is ES256 or ES384, with a signature of its length");
        }
        if (!(headers.get(CONTENT_TYPE) instanceof String contentType)
                || !VISIBLE.matcher(contentType).matches()) {
            throw new MalformedCoseException("a content type of 1 to 64 visible characters");
        }
        if (!(headers.get(KEY_IDENTIFIER) instanceof byte[] keyId) || keyId.length != KEY_IDENTIFIER_BYTES) {
            throw new MalformedCoseException("a key identifier of 32 bytes");
        }
        List<X509Certificate> chain = chain(headers.get(X5CHAIN));
        if (!chain.isEmpty() && !Arrays.equals(keyId, Certificates.fingerprint(chain.getFirst()))) {
            throw new MalformedCoseException("the key identifier is not that of the chain's first certificate");
        }
        return new CoseSign1(message, structure, algorithm, contentType, keyId, chain);
    }

    /** RFC 9360, section 2: one certificate is a byte string, several are an array. */
    private static List<X509Certificate> chain(@Nullable Object header) throws MalformedCoseException {
        List<?> encoded = switch (header) {
            case null -> List.of();
            case byte[] one -> List.of(one);
            case List<?> several when several.size() > 1 -> several;
            default -> throw new MalformedCoseException("a chain is one certificate, or an array of more");
        };
        List<X509Certificate> chain = new ArrayList<>();
        for (Object item : encoded) {
            try {
                chain.add(Certificates.fromDer((byte[]) item));
            } catch (CryptoException _) {
                throw new MalformedCoseException("a chain with something that is no certificate");
            }
        }
        return List.copyOf(chain);
    }

    /** External data of a governance message: a label and the service id (32 bytes), so that it holds there only. */
    public static byte[] externalAad(byte[] serviceId) {
        if (serviceId.length != SERVICE_ID_BYTES) {
            throw new IllegalArgumentException("a service id has 32 bytes, not " + serviceId.length);
        }
        return externalAad(GOVERNANCE_LABEL, serviceId);
    }

    /** External data of another use: the label in ASCII, a zero byte, and the context's bytes. */
    public static byte[] externalAad(String label, byte[] context) {
        byte[] prefix = (label + '\0').getBytes(StandardCharsets.US_ASCII);
        byte[] aad = Arrays.copyOf(prefix, prefix.length + context.length);
        System.arraycopy(context, 0, aad, prefix.length, context.length);
        return aad;
    }

    /** Whether the message names this entry as its signer; its signature is not verified. To find one among many. */
    public boolean names(SignerEntry entry) {
        if (chain.isEmpty()) {
            return entry.governanceUsage() == null
                    && Arrays.equals(keyId, Certificates.fingerprint(entry.certificate()));
        }
        return entry.governanceUsage() != null && Certificates.issuedBy(chain.getLast(), entry.certificate());
    }

    /**
     * Verifies signature, signer and usage.
     *
     * @param at when the message is judged: leaf and intermediates of a chain must be valid then. The period of the
     *     entry's own certificate is not judged: the constitution says how long it counts
     */
    public Verification verify(SignerEntry entry, byte[] externalAad, Instant at) {
        if (!names(entry)) {
            return new Verification.Refused(
                    Verification.Reason.SIGNER, "the message was signed for another certificate than the entry's");
        }
        X509Certificate signer = chain.isEmpty() ? entry.certificate() : chain.getFirst();
        if (!chain.isEmpty()) {
            String objection = CertificateChains.objection(chain, entry.certificate(), at);
            if (objection != null) {
                return new Verification.Refused(Verification.Reason.CHAIN, objection);
            }
        }
        String problem = SignerEntries.usageProblem(signer, entry.governanceUsage());
        if (problem != null) {
            return new Verification.Refused(Verification.Reason.USAGE, problem);
        }
        if (Algorithm.of(signer.getPublicKey()) != algorithm) {
            return new Verification.Refused(
                    Verification.Reason.ALGORITHM, "the key of the signer is not one for " + algorithm);
        }
        byte[] signed = Sign1.toBeSigned(structure.protectedBytes(), externalAad, structure.payload());
        return algorithm.verify(signer.getPublicKey(), signed, structure.signature())
                ? new Verification.Valid(signer)
                : new Verification.Refused(
                        Verification.Reason.SIGNATURE,
                        "the signature is not by that key over this content and service");
    }

    /** The message as it travels and is recorded. Not copied. */
    public byte[] bytes() {
        return bytes;
    }

    /** SHA-256 of the certificate that signed, as the message claims. 32 bytes, not copied. */
    public byte[] keyId() {
        return keyId;
    }

    /** The chain of the message, leaf first; empty where the entry itself signed. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** What the payload is. */
    public String contentType() {
        return contentType;
    }

    /** The content. Not copied. */
    public byte[] payload() {
        return structure.payload();
    }

    /**
     * SHA-256 of what was signed, 32 bytes: the same for every signature of one key over one content. Anybody can turn
     * an ECDSA signature (r, s) into the equally valid (r, n - s), so replay protection counts this, not {@link
     * #bytes()}.
     */
    public byte[] contentDigest(byte[] externalAad) {
        return Sha256.hash(Sign1.toBeSigned(structure.protectedBytes(), externalAad, structure.payload()));
    }
}
