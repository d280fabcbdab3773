package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CertificatesTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant END = Instant.parse("2027-01-02T03:04:05Z");
    private static final KeyPair SERVICE = TestKeys.pair(1);
    private static final KeyPair NODE = TestKeys.pair(2);
    private static final X509Certificate CA =
            Certificates.selfSigned("Coco service, O=\"x\"", SERVICE, START, END, TestKeys.random(3));
    private static final X509Certificate LEAF = Certificates.issue(
            CA,
            SERVICE.getPrivate(),
            "node-1",
            NODE.getPublic(),
            List.of("localhost", "node-1.example.org", "127.0.0.1", "::1"),
            START,
            END,
            TestKeys.random(4));

    @Test
    void shouldPassTheJdksPathValidationWhenIssuedByTheService() throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(CA, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(START.plusSeconds(60)));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(LEAF)), parameters);
        assertThat(Certificates.issuedBy(LEAF, CA)).isTrue();
        assertThat(Certificates.issuedBy(CA, CA)).isTrue();
    }

    @Test
    void shouldMarkTheServiceAsAnAuthorityForLeavesOnly() throws GeneralSecurityException {
        assertThat(CA.getBasicConstraints()).isZero();
        assertThat(CA.getKeyUsage()).containsExactly(true, false, false, false, false, true, true, false, false);
        assertThat(CA.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
        assertThat(CA.getSubjectX500Principal()).isEqualTo(CA.getIssuerX500Principal());
        assertThat(CA.getSubjectX500Principal().getName()).isEqualTo("CN=Coco service\\, O\\=\\\"x\\\"");
        assertThat(CA.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(CA.getVersion()).isEqualTo(3);
    }

    @Test
    void shouldGoOnUnderAnotherKeyWithTheSameSubject() {
        KeyPair next = TestKeys.pair(5);
        X509Certificate renewed = Certificates.renewed(CA, next, START, END, TestKeys.random(6));
        assertThat(renewed.getSubjectX500Principal()).isEqualTo(CA.getSubjectX500Principal());
        assertThat(renewed.getPublicKey()).isEqualTo(next.getPublic());
        assertThat(Certificates.issuedBy(renewed, renewed)).isTrue();
        assertThat(Certificates.issuedBy(renewed, CA)).isFalse();
        assertThat(renewed.getBasicConstraints()).isZero();
        assertThat(Certificates.privateKeyFromDer(next.getPrivate().getEncoded()))
                .isEqualTo(next.getPrivate());
        assertThatThrownBy(() -> Certificates.privateKeyFromDer(new byte[9])).isInstanceOf(CryptoException.class);
    }

    @Test
    void shouldRefuseASecondEncodingOfASignature() throws GeneralSecurityException {
        // One whose last bit is zero, so that it can be left out.
        X509Certificate even = IntStream.range(0, 100)
                .mapToObj(i -> Certificates.renewed(CA, SERVICE, START, END, TestKeys.random(i)))
                .filter(each -> each.getSignature()[each.getSignature().length - 1] % 2 == 0)
                .findFirst()
                .orElseThrow();
        byte[] other = even.getEncoded();
        other[other.length - even.getSignature().length - 1] = 1;
        CertificateFactory platform = CertificateFactory.getInstance("X.509");
        assertThat(platform.generateCertificate(new ByteArrayInputStream(other)))
                .as("to the platform it is a certificate")
                .isNotNull();
        assertThat(Certificates.fromDer(even.getEncoded())).isEqualTo(even);
        assertThatThrownBy(() -> Certificates.fromDer(other))
                .isInstanceOf(CryptoException.class)
                .hasMessageContaining("whole bytes");
    }

    @Test
    void shouldMarkTheNodeAsAnEndEntityOfBothSidesOfTls() throws GeneralSecurityException {
        assertThat(LEAF.getBasicConstraints()).isEqualTo(-1);
        assertThat(LEAF.getKeyUsage()).containsExactly(true, false, false, false, false, false, false, false, false);
        assertThat(LEAF.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(LEAF.getNotBefore().toInstant()).isEqualTo(START);
        assertThat(LEAF.getNotAfter().toInstant()).isEqualTo(END);
        assertThat(LEAF.getPublicKey()).isEqualTo(NODE.getPublic());
        Collection<List<?>> names = Objects.requireNonNull(LEAF.getSubjectAlternativeNames());
        assertThat(names)
                .extracting(name -> name.get(0) + " " + name.get(1))
                .containsExactly("2 localhost", "2 node-1.example.org", "7 127.0.0.1", "7 0:0:0:0:0:0:0:1");
    }

    @Test
    void shouldLeaveAlternativeNamesOutWhenThereAreNone() throws GeneralSecurityException {
        X509Certificate member = Certificates.issue(
                CA, SERVICE.getPrivate(), "member", NODE.getPublic(), List.of(), START, END, TestKeys.random(5));
        assertThat(member.getSubjectAlternativeNames()).isNull();
    }

    @Test
    void shouldTakeTheSerialNumberFromTheRandomSource() {
        assertThat(LEAF.getSerialNumber()).isPositive();
        assertThat(LEAF.getSerialNumber().bitLength()).isBetween(90, 128);
        assertThat(Certificates.selfSigned("x", SERVICE, START, END, TestKeys.random(3)))
                .isEqualTo(Certificates.selfSigned("x", SERVICE, START, END, TestKeys.random(3)))
                .isNotEqualTo(Certificates.selfSigned("x", SERVICE, START, END, TestKeys.random(9)));
    }

    @Test
    void shouldNotCountAsIssuedWhenNameKeyOrRoleDiffers() {
        KeyPair otherKeys = TestKeys.pair(7);
        X509Certificate sameName =
                Certificates.selfSigned("Coco service, O=\"x\"", otherKeys, START, END, TestKeys.random(8));
        X509Certificate sameKey = Certificates.selfSigned("another", SERVICE, START, END, TestKeys.random(8));
        assertThat(Certificates.issuedBy(LEAF, sameName)).isFalse();
        assertThat(Certificates.issuedBy(LEAF, sameKey)).isFalse();
        X509Certificate byLeaf = Certificates.issue(
                LEAF,
                NODE.getPrivate(),
                "below a leaf",
                otherKeys.getPublic(),
                List.of(),
                START,
                END,
                TestKeys.random(8));
        assertThat(Certificates.issuedBy(byLeaf, LEAF)).isFalse();
    }

    @Test
    void shouldReadItsOwnPem() {
        String pem = Certificates.toPem(LEAF);
        assertThat(pem).startsWith("-----BEGIN CERTIFICATE-----\n").endsWith("\n-----END CERTIFICATE-----\n");
        assertThat(pem.lines()).allMatch(line -> line.length() <= 64);
        assertThat(Certificates.fromPem(pem)).isEqualTo(LEAF);
        assertThat(Certificates.fromPem("\r\n" + pem.replace("\n", "\r\n"))).isEqualTo(LEAF);
        String keyPem = Certificates.toPem(NODE.getPrivate());
        assertThat(keyPem).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("\n-----END PRIVATE KEY-----\n");
        assertThat(Certificates.privateKeyFromPem(keyPem)).isEqualTo(NODE.getPrivate());
    }

    @Test
    void shouldGiveATypedErrorWhenPemIsMutated() {
        String certificate = Certificates.toPem(LEAF);
        String key = Certificates.toPem(NODE.getPrivate());
        Random random = new Random(21);
        for (int i = 0; i < 2000; i++) {
            parse(() -> Certificates.fromPem(mutate(certificate, random)));
            parse(() -> Certificates.privateKeyFromPem(mutate(key, random)));
        }
    }

    @Test
    void shouldRefuseWhenPemHoldsSomethingElse() throws GeneralSecurityException {
        String pem = Certificates.toPem(LEAF);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        String otherCurve = Certificates.toPem(generator.generateKeyPair().getPrivate());
        for (String bad : List.of(
                "",
                "x",
                pem + pem,
                Certificates.toPem(NODE.getPrivate()),
                "-----BEGIN CERTIFICATE-----",
                "-----BEGIN CERTIFICATE----------END CERTIFICATE-----",
                "x" + pem)) {
            assertThatThrownBy(() -> Certificates.fromPem(bad)).isInstanceOf(CryptoException.class);
        }
        for (String bad : List.of("", pem, otherCurve)) {
            assertThatThrownBy(() -> Certificates.privateKeyFromPem(bad)).isInstanceOf(CryptoException.class);
        }
        byte[] der = Certificates.fromPem(pem).getPublicKey().getEncoded();
        assertThatThrownBy(() -> Certificates.fromDer(der)).isInstanceOf(CryptoException.class);
        assertThatThrownBy(() -> Certificates.fromDer(new byte[0])).isInstanceOf(CryptoException.class);
    }

    @Test
    void shouldIdentifyACertificateByItsDer() throws GeneralSecurityException {
        assertThat(Certificates.fingerprint(LEAF)).isEqualTo(Sha256.hash(LEAF.getEncoded()));
    }

    private static void parse(Runnable parser) {
        try {
            parser.run();
        } catch (CryptoException e) {
            assertThat(e.code()).isEqualTo(CryptoException.Code.MALFORMED);
        }
    }

    private static String mutate(String text, Random random) {
        StringBuilder out = new StringBuilder(text);
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(3)) {
                case 0 -> out.setCharAt(at, (char) random.nextInt(128));
                case 1 -> out.delete(at, Math.min(out.length(), at + 1 + random.nextInt(20)));
                default -> out.insert(at, (char) (32 + random.nextInt(90)));
            }
        }
        return out.toString();
    }
}
