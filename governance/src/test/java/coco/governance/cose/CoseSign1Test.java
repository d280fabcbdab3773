package coco.governance.cose;

import static coco.governance.cose.TestKeys.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.cose.TestKeys.FileSigner;
import coco.governance.cose.Verification.Reason;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CoseSign1Test {
    private static final byte[] SERVICE = Sha256.hash(new byte[] {1});
    private static final byte[] AAD = CoseSign1.externalAad(SERVICE);
    private static final byte[] PAYLOAD = "{\"kind\":\"ballot\"}".getBytes(StandardCharsets.UTF_8);
    private static final String GOVERNANCE_USAGE = "1.3.6.1.4.1.99999.7";
    private static final String SERVER_USAGE = "1.3.6.1.5.5.7.3.1";

    private final FileSigner alice = TestKeys.fresh("alice");
    private final SignerEntry aliceEntry = new SignerEntry(alice.certificate(), null);

    @Test
    void shouldReadAndVerifyWhatItSigned() throws MalformedCoseException {
        CoseSign1 signed = sign(alice);

        CoseSign1 read = CoseSign1.decode(signed.bytes());

        assertThat(read.payload()).isEqualTo(PAYLOAD);
        assertThat(read.contentType()).isEqualTo(CoseSign1.GOVERNANCE_CONTENT);
        assertThat(read.keyId()).isEqualTo(Certificates.fingerprint(alice.certificate()));
        assertThat(read.chain()).isEmpty();
        assertThat(read.names(aliceEntry)).isTrue();
        assertThat(read.verify(aliceEntry, AAD, START)).isEqualTo(new Verification.Valid(alice.certificate()));
    }

    /** The layout of docs/specs/cose.md, byte for byte. */
    @Test
    void shouldWriteTheBytesOfTheSpecification() throws MalformedCoseException {
        String type = Hex.encode(CoseSign1.GOVERNANCE_CONTENT.getBytes(StandardCharsets.US_ASCII));
        String headers = "a3" + "01" + "26" + "03" + "7820" + type + "04" + "5820"
                + Hex.encode(Certificates.fingerprint(alice.certificate()));

        CoseSign1 signed = sign(alice);

        String bytes = Hex.encode(signed.bytes());
        String prefix = "d2" + "84" + "58" + Integer.toHexString(headers.length() / 2) + headers + "a0" + "51"
                + Hex.encode(PAYLOAD) + "5840";
        assertThat(bytes).startsWith(prefix).hasSize(prefix.length() + 128);
        String structure = "84" + "6a" + Hex.encode("Signature1".getBytes(StandardCharsets.US_ASCII)) + "58"
                + Integer.toHexString(headers.length() / 2) + headers + "583b"
                + Hex.encode("coco governance message v1\0".getBytes(StandardCharsets.US_ASCII)) + Hex.encode(SERVICE)
                + "51" + Hex.encode(PAYLOAD);
        assertThat(signed.contentDigest(AAD)).isEqualTo(Sha256.hash(Hex.decode(structure)));
        assertThat(P256.verify(
                        alice.certificate().getPublicKey(),
                        Sha256.hash(Hex.decode(structure)),
                        Hex.decode(bytes.substring(prefix.length()))))
                .isTrue();
    }

    @Test
    void shouldRefuseWhenSignerServiceOrContentIsAnother() throws MalformedCoseException {
        CoseSign1 signed = sign(alice);
        SignerEntry bob = new SignerEntry(TestKeys.fresh("bob").certificate(), null);

        assertRefused(signed.verify(bob, AAD, START), Reason.SIGNER);
        byte[] otherService = CoseSign1.externalAad(Sha256.hash(new byte[] {2}));
        assertRefused(signed.verify(aliceEntry, otherService, START), Reason.SIGNATURE);
        byte[] otherLabel = CoseSign1.externalAad("another label", SERVICE);
        assertRefused(signed.verify(aliceEntry, otherLabel, START), Reason.SIGNATURE);
        byte[] altered = signed.bytes().clone();
        altered[new String(altered, StandardCharsets.ISO_8859_1).indexOf("ballot")] = 'B';
        assertRefused(CoseSign1.decode(altered).verify(aliceEntry, AAD, START), Reason.SIGNATURE);
    }

    /** Every bit of the message: malformed, another signer, or no signature. */
    @Test
    void shouldRefuseWhenAnyBitIsFlipped() {
        byte[] good = sign(alice).bytes();
        int malformed = 0;
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(CoseSign1.decode(flipped).verify(aliceEntry, AAD, START))
                        .as("bit " + bit)
                        .isInstanceOf(Verification.Refused.class);
            } catch (MalformedCoseException _) {
                malformed++;
            }
        }
        assertThat(malformed).isBetween(50, good.length * 8 - 512);
    }

    @Test
    void shouldTakeALeafBelowAnIntermediateWhenItHasTheUsage() {
        FileSigner leaf = TestKeys.stored("alice", "department");
        X509Certificate organisation = TestKeys.certificate("organisation");

        CoseSign1 signed = sign(leaf);

        assertThat(signed.chain()).isEqualTo(leaf.certificates());
        SignerEntry entry = new SignerEntry(organisation, GOVERNANCE_USAGE);
        assertThat(signed.verify(entry, AAD, START)).isEqualTo(new Verification.Valid(leaf.certificate()));
        SignerEntry below = new SignerEntry(TestKeys.certificate("department"), GOVERNANCE_USAGE);
        CoseSign1 short1 = sign(TestKeys.stored("alice"));
        assertThat(short1.verify(below, AAD, START)).isEqualTo(new Verification.Valid(leaf.certificate()));
        assertRefused(signed.verify(below, AAD, START), Reason.SIGNER);
        assertRefused(short1.verify(entry, AAD, START), Reason.SIGNER);
        assertThat(signed.verify(new SignerEntry(organisation, "digitalSignature"), AAD, START))
                .isInstanceOf(Verification.Valid.class);
        assertRefused(signed.verify(new SignerEntry(organisation, "contentCommitment"), AAD, START), Reason.USAGE);
    }

    @Test
    void shouldTakeALeafBelowAnIntermediateOfAnotherKindOfKey() {
        X509Certificate rsa = TestKeys.certificate("rsa");
        FileSigner carol = TestKeys.stored("carol");

        assertThat(problem(rsa, null)).contains("not of RSA");
        assertThat(sign(carol).verify(new SignerEntry(rsa, GOVERNANCE_USAGE), AAD, START))
                .isEqualTo(new Verification.Valid(carol.certificate()));
    }

    @Test
    void shouldRefuseATlsCertificateWhenGovernanceAsksForAnotherUsage() {
        CoseSign1 signed = sign(TestKeys.stored("tls", "department"));
        X509Certificate organisation = TestKeys.certificate("organisation");

        Verification verification = signed.verify(new SignerEntry(organisation, GOVERNANCE_USAGE), AAD, START);

        assertRefused(verification, Reason.USAGE);
        assertThat(((Verification.Refused) verification).words()).contains("lacks " + GOVERNANCE_USAGE);
        assertThat(signed.verify(new SignerEntry(organisation, SERVER_USAGE), AAD, START))
                .isInstanceOf(Verification.Valid.class);
    }

    @Test
    void shouldRefuseALeafWhenItIsNotValidAtThatTime() {
        FileSigner organisation = TestKeys.fresh("organisation");
        FileSigner leaf = TestKeys.issued(organisation, START, START.plus(Duration.ofDays(1)));
        SignerEntry entry = new SignerEntry(organisation.certificate(), SERVER_USAGE);
        CoseSign1 signed = sign(leaf);

        assertThat(signed.verify(entry, AAD, START)).isInstanceOf(Verification.Valid.class);
        assertRefused(signed.verify(entry, AAD, START.minusSeconds(1)), Reason.CHAIN);
        assertRefused(signed.verify(entry, AAD, START.plus(Duration.ofDays(2))), Reason.CHAIN);
        // What the constitution itself names counts as long as it stands there.
        Instant late = Instant.parse("2050-01-01T00:00:00Z");
        assertThat(sign(alice).verify(aliceEntry, AAD, late)).isInstanceOf(Verification.Valid.class);
    }

    @Test
    void shouldRefuseAChainWhenTheEntryStandsForItself() {
        FileSigner organisation = TestKeys.fresh("organisation");
        FileSigner leaf = TestKeys.issued(organisation, Instant.EPOCH, START.plus(Duration.ofDays(1)));

        SignerEntry itself = new SignerEntry(organisation.certificate(), null);
        assertRefused(sign(leaf).verify(itself, AAD, START), Reason.SIGNER);
        SignerEntry above = new SignerEntry(organisation.certificate(), SERVER_USAGE);
        assertRefused(sign(organisation).verify(above, AAD, START), Reason.SIGNER);
        FileSigner ownChain = new FileSigner(organisation.key(), organisation.certificates(), false);
        assertRefused(sign(ownChain).verify(above, AAD, START), Reason.CHAIN);
        FileSigner stranger =
                TestKeys.issued(TestKeys.fresh("organisation"), Instant.EPOCH, START.plus(Duration.ofDays(1)));
        assertRefused(sign(stranger).verify(above, AAD, START), Reason.SIGNER);
    }

    @Test
    void shouldVerifyEs384WhenTheEntrysKeyIsOnP384() throws MalformedCoseException, GeneralSecurityException {
        X509Certificate bob = TestKeys.certificate("bob");
        SignerEntry entry = new SignerEntry(bob, null);
        byte[] headers = headers(-35, Certificates.fingerprint(bob));
        Signature signature = Signature.getInstance("SHA384withECDSAinP1363Format");
        String pem = TestKeys.text("bob.key").replaceAll("-----[A-Z ]+-----|\\s", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        signature.initSign(key);
        signature.update(Sign1.toBeSigned(headers, AAD, PAYLOAD));
        byte[] rs = signature.sign();

        CoseSign1 message = CoseSign1.decode(Sign1.write(headers, PAYLOAD, rs));

        assertThat(message.verify(entry, AAD, START)).isEqualTo(new Verification.Valid(bob));
        rs[0] ^= 1;
        assertRefused(CoseSign1.decode(Sign1.write(headers, PAYLOAD, rs)).verify(entry, AAD, START), Reason.SIGNATURE);
        byte[] other = headers(-7, Certificates.fingerprint(bob));
        CoseSign1 wrongAlgorithm = CoseSign1.decode(Sign1.write(other, PAYLOAD, Arrays.copyOf(rs, 64)));
        assertRefused(wrongAlgorithm.verify(entry, AAD, START), Reason.ALGORITHM);
    }

    private static byte[] headers(long algorithm, byte[] keyId) {
        return new CborWriter()
                .map(3)
                .integer(1)
                .integer(algorithm)
                .integer(3)
                .text("text/plain")
                .integer(4)
                .bytes(keyId)
                .toBytes();
    }

    @Test
    void shouldKeepTheContentDigestWhenSomebodyTurnsTheSignature() throws MalformedCoseException {
        CoseSign1 signed = sign(alice);
        byte[] turned = signed.bytes().clone();
        BigInteger order = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(turned, turned.length - 32, turned.length));
        byte[] other = order.subtract(s).toByteArray();
        Arrays.fill(turned, turned.length - 32, turned.length, (byte) 0);
        int digits = Math.min(32, other.length);
        System.arraycopy(other, other.length - digits, turned, turned.length - digits, digits);

        CoseSign1 twin = CoseSign1.decode(turned);

        assertThat(twin.verify(aliceEntry, AAD, START)).isInstanceOf(Verification.Valid.class);
        assertThat(twin.bytes()).isNotEqualTo(signed.bytes());
        assertThat(twin.contentDigest(AAD)).isEqualTo(signed.contentDigest(AAD));
        byte[] elsewhere = CoseSign1.externalAad(new byte[32]);
        assertThat(twin.contentDigest(elsewhere)).isNotEqualTo(signed.contentDigest(AAD));
    }

    @Test
    void shouldRefuseFormsThatRfc9052AllowsAndWeDoNot() {
        byte[] keyId = Certificates.fingerprint(alice.certificate());
        byte[] rs = new byte[64];
        String sorted = Hex.encode(headers(-7, keyId));
        String body = "51" + Hex.encode(PAYLOAD) + "5840" + Hex.encode(rs);
        String good = "d28458" + Integer.toHexString(sorted.length() / 2) + sorted;
        assertMalformed(good + "a1044131" + body, "unprotected headers");
        assertMalformed(good + "a0f65840" + Hex.encode(rs), "a detached payload");
        assertMalformed(good + "a0" + body + "00", "bytes after the end");
        assertMalformed("d283" + good.substring(4) + "a0" + body, "four parts");
        assertMalformed("d29f" + good.substring(4) + "a0" + body + "ff", "indefinite");
        assertMalformed("d818" + good.substring(2) + "a0" + body, "not tagged");
        assertMalformed(good + "bfff" + body, "indefinite");
        assertMalformed(good + "a0" + body.replace("5840", "583f").substring(0, body.length() - 2), "ES256 or ES384");
        assertHeaders("a0", "ES256 or ES384");
        assertHeaders("a3" + "0127" + "036161" + "045820" + Hex.encode(keyId), "ES256 or ES384");
        assertHeaders("a2" + "0126" + "045820" + Hex.encode(keyId), "content type");
        assertHeaders("a2" + "0126" + "036161", "key identifier");
        assertHeaders("a3" + "0126" + "036161" + "044131", "key identifier");
        assertHeaders("a3" + "0126" + "036120" + "045820" + Hex.encode(keyId), "content type");
        assertHeaders("a3" + "0126" + "045820" + Hex.encode(keyId) + "036161", "keys out of order");
        assertHeaders("a3" + "0126" + "0126" + "036161", "a key twice");
        assertHeaders("a4" + "0126" + "028104" + "036161" + "045820" + Hex.encode(keyId), "BYTES was expected");
        assertHeaders("a4" + "0126" + "036161" + "045820" + Hex.encode(keyId) + "1822" + "00", "not known: 34");
        assertHeaders("a4" + "0126" + "036161" + "045820" + Hex.encode(keyId) + "6161" + "00", "not known: a");
        assertHeaders("a4" + "0126" + "036161" + "045820" + Hex.encode(keyId) + "1821" + "80", "a chain is");
        assertHeaders("a4" + "0126" + "036161" + "045820" + Hex.encode(keyId) + "1821" + "4101", "no certificate");
        String der = Hex.encode(encoded(alice.certificate()));
        String item = "59" + "%04x".formatted(der.length() / 2) + der;
        assertHeaders("a4" + "0126" + "036161" + "045820" + Hex.encode(new byte[32]) + "1821" + item, "not that of");
        assertHeaders("a4" + "0126" + "036161" + "045820" + Hex.encode(keyId) + "1821" + "81" + item, "a chain is");
        assertHeaders(
                "a4" + "0126" + "036161" + "045820" + Hex.encode(keyId) + "1821" + "85" + item.repeat(5),
                "more than 4");
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertHeaders(String headers, String why) {
        byte[] message = Sign1.write(Hex.decode(headers), PAYLOAD, new byte[64]);
        assertMalformed(Hex.encode(message), why);
    }

    private static void assertMalformed(String message, String why) {
        assertThatThrownBy(() -> CoseSign1.decode(Hex.decode(message)))
                .as(message)
                .isInstanceOf(MalformedCoseException.class)
                .hasMessageContaining(why);
    }

    @Test
    void shouldRefuseEntriesThatCouldNeverSign() {
        X509Certificate leaf = TestKeys.certificate("alice");
        X509Certificate authority = TestKeys.certificate("organisation");

        assertThat(problem(leaf, null)).isNull();
        assertThat(problem(leaf, "digitalSignature")).contains("has to be an authority's");
        assertThat(problem(authority, "digitalSignature")).isNull();
        assertThat(problem(authority, "signing")).contains("a usage is");
        assertThat(problem(authority, "1.3.6.01")).contains("a usage is");
        assertThat(problem(authority, null)).contains("does not allow to sign");
        assertThatThrownBy(() -> new SignerEntry(leaf, "digitalSignature"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static @Nullable String problem(X509Certificate certificate, @Nullable String usage) {
        return SignerEntry.problem(certificate, usage);
    }

    @Test
    void shouldNotSignWhenKeyAndCertificateDoNotBelongTogether() {
        FileSigner wrongKey = new FileSigner(TestKeys.fresh("eve").key(), alice.certificates(), true);

        assertThatThrownBy(() -> sign(wrongKey)).isInstanceOf(SignerException.class);
        FileSigner wrongCurve = new FileSigner(alice.key(), List.of(TestKeys.certificate("bob")), true);
        assertThatThrownBy(() -> sign(wrongCurve)).hasMessageContaining("not on P-256");
        assertThatThrownBy(() -> CoseSign1.sign(alice, AAD, "", PAYLOAD)).isInstanceOf(IllegalArgumentException.class);
    }

    private static CoseSign1 sign(FileSigner signer) {
        return CoseSign1.sign(signer, AAD, CoseSign1.GOVERNANCE_CONTENT, PAYLOAD);
    }

    private static void assertRefused(Verification verification, Reason reason) {
        assertThat(verification).isInstanceOf(Verification.Refused.class);
        assertThat(((Verification.Refused) verification).reason())
                .as(verification.toString())
                .isEqualTo(reason);
    }
}
