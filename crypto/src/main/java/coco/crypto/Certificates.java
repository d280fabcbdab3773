package coco.crypto;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509ExtensionUtils;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.util.IPAddress;
import org.jspecify.annotations.Nullable;

/**
 * X.509 certificates (RFC 5280) on P-256, signed by ecdsa-with-SHA256, and their PEM form (RFC 7468).
 *
 * <p>Validity periods are written but never judged here: there is no clock in this package.
 */
public final class Certificates {
    // RFC 5280, section 4.1.2.2: at most 20 octets, positive. 127 random bits cannot be guessed, nor meet by accident.
    private static final int SERIAL_BITS = 127;

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String PUBLIC_KEY = "PUBLIC KEY";
    private static final int PEM_LINE_CHARACTERS = 64;

    private Certificates() {}

    /**
     * A certificate authority that signs end entities only (path length 0), and may itself sign data.
     *
     * @param random gives the serial number
     */
    public static X509Certificate selfSigned(
            String commonName, KeyPair keys, Instant notBefore, Instant notAfter, SecureRandom random) {
        return selfSigned(name(commonName), keys, notBefore, notAfter, random);
    }

    /** The same for an authority that goes on under another key: with the subject of the certificate before. */
    public static X509Certificate renewed(
            X509Certificate before, KeyPair keys, Instant notBefore, Instant notAfter, SecureRandom random) {
        X500Name name = X500Name.getInstance(before.getSubjectX500Principal().getEncoded());
        return selfSigned(name, keys, notBefore, notAfter, random);
    }

    private static X509Certificate selfSigned(
            X500Name name, KeyPair keys, Instant notBefore, Instant notAfter, SecureRandom random) {
        SubjectPublicKeyInfo publicKey = info(keys.getPublic());
        X509v3CertificateBuilder builder = builder(name, name, publicKey, notBefore, notAfter, random);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers().createSubjectKeyIdentifier(publicKey));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sign(builder, keys.getPrivate());
    }

    /**
     * The certificate of somebody who signs documents and shows it as a TLS client, signed by its own key. No
     * authority.
     *
     * @param random gives the serial number
     */
    public static X509Certificate selfSignedSigner(
            String commonName, KeyPair keys, Instant notBefore, Instant notAfter, SecureRandom random) {
        X500Name name = name(commonName);
        SubjectPublicKeyInfo publicKey = info(keys.getPublic());
        X509v3CertificateBuilder builder = builder(name, name, publicKey, notBefore, notAfter, random);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers().createSubjectKeyIdentifier(publicKey));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sign(builder, keys.getPrivate());
    }

    /** A request to have a certificate issued for a key (PKCS #10, RFC 2986), as one PEM block. */
    public static String request(String commonName, KeyPair keys) {
        try {
            return pem(
                    "CERTIFICATE REQUEST",
                    new PKCS10CertificationRequestBuilder(name(commonName), info(keys.getPublic()))
                            .build(new P256ContentSigner(keys.getPrivate()))
                            .getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An end entity's certificate, for both sides of TLS and for signing.
     *
     * @param subjectAltNames DNS names and literal IP addresses; with none the extension is left out
     * @param random gives the serial number
     */
    public static X509Certificate issue(
            X509Certificate issuer,
            PrivateKey issuerKey,
            String commonName,
            PublicKey subjectKey,
            List<String> subjectAltNames,
            Instant notBefore,
            Instant notAfter,
            SecureRandom random) {
        EndEntity subject = new EndEntity(commonName, subjectKey, subjectAltNames, notBefore, notAfter, Map.of());
        return issue(issuer, issuerKey, subject, random);
    }

    /**
     * What an end entity's certificate says.
     *
     * @param names DNS names and literal IP addresses; with none the extension is left out
     * @param extensions object identifier to content, each put in as a non-critical extension that is one OCTET STRING
     */
    public record EndEntity(
            String commonName,
            PublicKey key,
            List<String> names,
            Instant notBefore,
            Instant notAfter,
            Map<String, byte[]> extensions) {
        public EndEntity {
            names = List.copyOf(names);
            extensions = new TreeMap<>(extensions);
        }
    }

    /** The same, with extensions of the caller's own. */
    public static X509Certificate issue(
            X509Certificate issuer, PrivateKey issuerKey, EndEntity subject, SecureRandom random) {
        X500Name issuerName =
                X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
        return issue(issuerName, issuer.getPublicKey(), issuerKey, subject, random);
    }

    /**
     * An end entity's certificate that it signs itself: proves possession of the key, and nothing else.
     *
     * @param key private key of {@code subject}
     */
    public static X509Certificate selfIssued(PrivateKey key, EndEntity subject, SecureRandom random) {
        return issue(name(subject.commonName()), subject.key(), key, subject, random);
    }

    private static X509Certificate issue(
            X500Name issuer, PublicKey issuerPublic, PrivateKey issuerKey, EndEntity subject, SecureRandom random) {
        SubjectPublicKeyInfo publicKey = info(subject.key());
        X509v3CertificateBuilder builder =
                builder(issuer, name(subject.commonName()), publicKey, subject.notBefore(), subject.notAfter(), random);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers().createSubjectKeyIdentifier(publicKey));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers().createAuthorityKeyIdentifier(info(issuerPublic)));
            if (!subject.names().isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, generalNames(subject.names()));
            }
            for (Map.Entry<String, byte[]> extension : subject.extensions().entrySet()) {
                builder.addExtension(
                        new ASN1ObjectIdentifier(extension.getKey()), false, new DEROctetString(extension.getValue()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sign(builder, issuerKey);
    }

    /**
     * The content of an extension that is one OCTET STRING.
     *
     * @param oid object identifier
     * @return a copy; null if the certificate has no such extension, or it is something else
     */
    public static byte @Nullable [] extension(X509Certificate certificate, String oid) {
        byte[] wrapped = certificate.getExtensionValue(oid);
        byte[] value = wrapped == null ? null : octets(wrapped);
        return value == null ? null : octets(value);
    }

    private static byte @Nullable [] octets(byte[] der) {
        try {
            return ASN1Primitive.fromByteArray(der) instanceof ASN1OctetString octets ? octets.getOctets() : null;
        } catch (IOException _) {
            return null;
        }
    }

    /** The subject's common name; empty if it has none. */
    public static String commonName(X509Certificate certificate) {
        RDN[] names = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
                .getRDNs(BCStyle.CN);
        return names.length == 0
                ? ""
                : IETFUtils.valueToString(names[0].getFirst().getValue());
    }

    /**
     * DNS names and literal IP addresses of the certificate, in its order; none if it has none or they do not parse.
     */
    public static List<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0) instanceof Integer kind
                                    && (kind == GeneralName.dNSName || kind == GeneralName.iPAddress))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException _) {
            return List.of();
        }
    }

    /** Returns one PEM block, ending in a line feed. */
    public static String toPem(X509Certificate certificate) {
        return pem(CERTIFICATE, encoded(certificate));
    }

    /**
     * Reads a certificate from PEM.
     *
     * @param pem text that holds exactly one block, a certificate
     * @throws CryptoException with the code MALFORMED
     */
    public static X509Certificate fromPem(String pem) {
        return fromDer(unwrap(CERTIFICATE, pem));
    }

    /**
     * Reads a certificate from DER.
     *
     * @param der one certificate and nothing after it
     * @throws CryptoException with the code MALFORMED
     */
    public static X509Certificate fromDer(byte[] der) {
        ByteArrayInputStream in = new ByteArrayInputStream(der);
        try {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            if (in.available() > 0) {
                throw CryptoException.malformed("bytes after a certificate");
            }
            checkSignatureForm(der);
            return certificate;
        } catch (CertificateException _) {
            throw CryptoException.malformed("not an X.509 certificate");
        }
    }

    /**
     * A signature is made of whole bytes. The platform takes a count of unused bits where these are zero: a second
     * encoding of the same signature, about which nothing is signed.
     */
    private static void checkSignatureForm(byte[] der) {
        DerReader signed = new DerReader(der).enter(DerReader.SEQUENCE);
        signed.content(DerReader.SEQUENCE);
        signed.content(DerReader.SEQUENCE);
        byte[] signature = signed.content(DerReader.BIT_STRING);
        if (signature.length == 0 || signature[0] != 0) {
            throw CryptoException.malformed("a signature that is not made of whole bytes");
        }
    }

    /**
     * Reads a list of revoked certificates (RFC 5280, section 5) from DER.
     *
     * @param der one list and nothing after it
     * @throws CryptoException with the code MALFORMED
     */
    public static X509CRL crlFromDer(byte[] der) {
        ByteArrayInputStream in = new ByteArrayInputStream(der);
        try {
            X509CRL crl = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
            if (in.available() > 0) {
                throw CryptoException.malformed("bytes after a list of revoked certificates");
            }
            checkSignatureForm(der);
            return crl;
        } catch (CertificateException | CRLException _) {
            throw CryptoException.malformed("not a list of revoked certificates");
        }
    }

    /** Returns one PEM block of SubjectPublicKeyInfo (RFC 5280), ending in a line feed. */
    public static String toPem(PublicKey key) {
        return pem(PUBLIC_KEY, key.getEncoded());
    }

    /** Returns one PEM block of unencrypted PKCS #8 (RFC 5958), ending in a line feed. */
    public static String toPem(PrivateKey key) {
        return pem(PRIVATE_KEY, key.getEncoded());
    }

    /**
     * Reads a private key from PEM.
     *
     * @param pem text that holds exactly one block, an unencrypted PKCS #8 key on P-256
     * @throws CryptoException with the code MALFORMED; its message says nothing of the content
     */
    public static PrivateKey privateKeyFromPem(String pem) {
        return privateKeyFromDer(unwrap(PRIVATE_KEY, pem));
    }

    /**
     * Reads a private key from unencrypted PKCS #8 on P-256.
     *
     * @throws CryptoException with the code MALFORMED; its message says nothing of the content
     */
    public static PrivateKey privateKeyFromDer(byte[] encoded) {
        PrivateKey key;
        try {
            key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException _) {
            throw CryptoException.malformed("not a PKCS #8 key of an elliptic curve");
        }
        if (!P256.isP256(key)) {
            throw CryptoException.malformed("a private key of another curve than P-256");
        }
        return key;
    }

    /** Returns SHA-256 of the DER form, 32 bytes. */
    public static byte[] fingerprint(X509Certificate certificate) {
        return Sha256.hash(encoded(certificate));
    }

    /**
     * Whether {@code issuer} may sign certificates, is named as the issuer of {@code leaf}, and has signed it. Periods
     * are not looked at.
     */
    public static boolean issuedBy(X509Certificate leaf, X509Certificate issuer) {
        boolean[] usage = issuer.getKeyUsage();
        boolean maySign = issuer.getBasicConstraints() >= 0 && (usage == null || usage[5]);
        if (!maySign || !leaf.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            leaf.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer,
            X500Name subject,
            SubjectPublicKeyInfo publicKey,
            Instant notBefore,
            Instant notAfter,
            SecureRandom random) {
        BigInteger serial = new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
        return new X509v3CertificateBuilder(
                issuer, serial, Date.from(notBefore), Date.from(notAfter), subject, publicKey);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            return fromDer(builder.build(new P256ContentSigner(key)).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static SubjectPublicKeyInfo info(PublicKey key) {
        if (!P256.isP256(key)) {
            throw new IllegalArgumentException("not a public key of P-256 but of " + key.getAlgorithm());
        }
        return SubjectPublicKeyInfo.getInstance(key.getEncoded());
    }

    private static GeneralNames generalNames(List<String> names) {
        return new GeneralNames(names.stream()
                .map(name ->
                        new GeneralName(IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate without DER form", e);
        }
    }

    static String pem(String label, byte[] der) {
        String body =
                Base64.getMimeEncoder(PEM_LINE_CHARACTERS, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    static byte[] unwrap(String label, String pem) {
        String text = pem.strip();
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        if (!text.startsWith(begin) || !text.endsWith(end) || text.length() < begin.length() + end.length()) {
            throw CryptoException.malformed("not one PEM block labelled " + label);
        }
        String body = text.substring(begin.length(), text.length() - end.length());
        try {
            return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
        } catch (IllegalArgumentException _) {
            throw CryptoException.malformed("a PEM block that is not Base64");
        }
    }

    /** Key identifiers by RFC 7093, method 1: the first 160 bits of SHA-256, so that SHA-1 is needed nowhere. */
    private static X509ExtensionUtils identifiers() {
        return new X509ExtensionUtils(new TruncatedSha256());
    }

    private static final class TruncatedSha256 implements DigestCalculator {
        private static final int IDENTIFIER_BYTES = 20;
        private final ByteArrayOutputStream in = new ByteArrayOutputStream();

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
        }

        @Override
        public OutputStream getOutputStream() {
            return in;
        }

        @Override
        public byte[] getDigest() {
            byte[] identifier = Arrays.copyOf(Sha256.hash(in.toByteArray()), IDENTIFIER_BYTES);
            in.reset();
            return identifier;
        }
    }

    /** ecdsa-with-SHA256 (RFC 5758, section 3.2) by {@link P256}, hence deterministic. */
    private static final class P256ContentSigner implements ContentSigner {
        private final PrivateKey key;
        private final ByteArrayOutputStream in = new ByteArrayOutputStream();

        P256ContentSigner(PrivateKey key) {
            this.key = key;
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        }

        @Override
        public OutputStream getOutputStream() {
            return in;
        }

        @Override
        public byte[] getSignature() {
            byte[] rs = P256.sign(key, Sha256.hash(in.toByteArray()));
            int half = rs.length / 2;
            try {
                return new DERSequence(new ASN1Integer[] {
                            new ASN1Integer(new BigInteger(1, rs, 0, half)),
                            new ASN1Integer(new BigInteger(1, rs, half, half))
                        })
                        .getEncoded();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
