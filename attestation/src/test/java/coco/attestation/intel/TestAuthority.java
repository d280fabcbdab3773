package coco.attestation.intel;

import coco.crypto.Certificates;
import coco.crypto.P256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A name and a key that issue certificates and lists, as Intel's authorities do. */
final class TestAuthority {
    static final Instant FROM = Instant.parse("2025-01-01T00:00:00Z");
    static final Instant TO = Instant.parse("2035-01-01T00:00:00Z");

    private static final ASN1ObjectIdentifier PCK_EXTENSION = new ASN1ObjectIdentifier("1.2.840.113741.1.13.1");
    private static final byte[] SEED = "a seed of thirty-two bytes, known".getBytes(StandardCharsets.US_ASCII);

    private final X500Name name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    private TestAuthority(X500Name name, KeyPair keys, X509Certificate certificate) {
        this.name = name;
        this.keys = keys;
        this.certificate = certificate;
    }

    /** What a certificate is to be. */
    record Wish(
            String commonName,
            KeyPair keys,
            int pathLength,
            Instant from,
            Instant to,
            @Nullable ASN1Encodable pck) {
        static Wish of(String commonName, KeyPair keys) {
            return new Wish(commonName, keys, -1, FROM, TO, null);
        }

        Wish authority(int newPathLength) {
            return new Wish(commonName, keys, newPathLength, from, to, pck);
        }

        Wish during(Instant newFrom, Instant newTo) {
            return new Wish(commonName, keys, pathLength, newFrom, newTo, pck);
        }

        Wish withPck(ASN1Encodable extension) {
            return new Wish(commonName, keys, pathLength, from, to, extension);
        }
    }

    static KeyPair keys(String purpose) {
        return P256.derive(SEED, purpose.getBytes(StandardCharsets.UTF_8));
    }

    static TestAuthority root(String label) {
        KeyPair keys = keys("root " + label);
        X500Name name = new X500Name("CN=Test SGX Root CA,O=Coco");
        return new TestAuthority(
                name, keys, issue(name, keys, Wish.of("Test SGX Root CA", keys).authority(1)));
    }

    TestAuthority authority(Wish wish) {
        return new TestAuthority(name(wish), wish.keys, issue(name, keys, wish));
    }

    X509Certificate certificate() {
        return certificate;
    }

    X509Certificate issue(Wish wish) {
        return issue(name, keys, wish);
    }

    private static X500Name name(Wish wish) {
        return new X500Name("CN=" + wish.commonName + ",O=Coco");
    }

    private static X509Certificate issue(X500Name issuer, KeyPair issuerKeys, Wish wish) {
        try {
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    issuer,
                    serial(wish.commonName),
                    Date.from(wish.from),
                    Date.from(wish.to),
                    name(wish),
                    SubjectPublicKeyInfo.getInstance(wish.keys.getPublic().getEncoded()));
            boolean authority = wish.pathLength >= 0;
            builder.addExtension(
                    Extension.basicConstraints,
                    true,
                    authority ? new BasicConstraints(wish.pathLength) : new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
            if (wish.pck != null) {
                builder.addExtension(PCK_EXTENSION, false, wish.pck);
            }
            return Certificates.fromDer(builder.build(signer(issuerKeys)).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    X509CRL list(Instant from, Instant to, int number, String... revoked) {
        X509v2CRLBuilder builder = new X509v2CRLBuilder(name, Date.from(from));
        builder.setNextUpdate(Date.from(to));
        for (String commonName : revoked) {
            builder.addCRLEntry(serial(commonName), Date.from(from), CRLReason.keyCompromise);
        }
        try {
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
            return Certificates.crlFromDer(builder.build(signer(keys)).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BigInteger serial(String commonName) {
        return BigInteger.valueOf(commonName.hashCode()).abs().add(BigInteger.ONE);
    }

    private static ContentSigner signer(KeyPair keys) {
        try {
            return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
