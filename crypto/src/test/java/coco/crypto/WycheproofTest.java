package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.SHA3Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The vectors of C2SP Wycheproof, read from the test data: one test a file, which counts its cases and names the first
 * that differs.
 */
final class WycheproofTest {
    private static final BigInteger P256_ORDER = P256.DOMAIN.getN();
    private static final BigInteger SECP256K1_ORDER = new BigInteger(1, Secp256k1Inputs.ORDER);

    private final TestReporter reporter;

    WycheproofTest(TestReporter reporter) {
        this.reporter = reporter;
    }

    /** What our function made of a case. */
    enum Answer {
        ACCEPTED,
        REFUSED,
        /** A size that the standard allows and our contract does not, and that we refuse as the caller's mistake. */
        OUTSIDE_OUR_CONTRACT
    }

    @FunctionalInterface
    private interface Subject {
        /** Throws AssertionError where even the accepted result is wrong. */
        Answer answer(JsonNode group, JsonNode test);
    }

    @FunctionalInterface
    private interface Verifier {
        boolean verify(byte[] uncompressedKey, byte[] hash32, byte[] signature);
    }

    @FunctionalInterface
    private interface Hash {
        byte[] first32(byte[] message);
    }

    private static Path zip() {
        return Path.of(System.getProperty("coco.testdata", "."), "wycheproof.zip");
    }

    @BeforeEach
    void skipWithoutTestData() {
        Assumptions.assumeTrue(
                Files.exists(zip()), () -> "no test data: " + zip() + " is missing (-Dcoco.testdata=DIR)");
    }

    @Test
    void shouldAgreeOnAesGcm() throws IOException {
        run("aes_gcm_test", WycheproofTest::aesGcm);
    }

    @Test
    void shouldAgreeOnHkdfSha256() throws IOException {
        run("hkdf_sha256_test", (group, test) -> {
            byte[] okm;
            try {
                okm = Hkdf.derive(
                        bytes(test, "salt"),
                        bytes(test, "ikm"),
                        bytes(test, "info"),
                        test.get("size").asInt());
            } catch (IllegalArgumentException _) {
                return Answer.REFUSED;
            }
            return Arrays.equals(okm, bytes(test, "okm")) ? Answer.ACCEPTED : Answer.REFUSED;
        });
    }

    @Test
    void shouldAgreeOnHmacSha256() throws IOException {
        run("hmac_sha256_test", (group, test) -> {
            byte[] tag = Hmac.sha256(bytes(test, "key"), bytes(test, "msg"));
            byte[] truncated = Arrays.copyOf(tag, group.get("tagSize").asInt() / Byte.SIZE);
            return Arrays.equals(truncated, bytes(test, "tag")) ? Answer.ACCEPTED : Answer.REFUSED;
        });
    }

    @Test
    void shouldAgreeOnP256WithSha256() throws IOException {
        run("ecdsa_secp256r1_sha256_p1363_test", ecdsa(Sha256::hash, WycheproofTest::p256));
    }

    @Test
    void shouldAgreeOnP256WithSha512() throws IOException {
        run("ecdsa_secp256r1_sha512_p1363_test", ecdsa(by(new SHA512Digest()), WycheproofTest::p256));
    }

    @Test
    void shouldAgreeOnP256WithSha256InDer() throws IOException {
        run("ecdsa_secp256r1_sha256_test", ecdsa(Sha256::hash, fromDer(P256_ORDER, WycheproofTest::p256)));
    }

    @Test
    void shouldAgreeOnP256WithSha3InDer() throws IOException {
        run("ecdsa_secp256r1_sha3_256_test", ecdsa(by(new SHA3Digest(256)), fromDer(P256_ORDER, WycheproofTest::p256)));
    }

    @Test
    void shouldAgreeOnNativeSecp256k1WithSha256() throws IOException {
        run("ecdsa_secp256k1_sha256_p1363_test", ecdsa(Sha256::hash, secp256k1(NativeSecp256k1Test.nativeOrSkip())));
    }

    @Test
    void shouldAgreeOnJavaSecp256k1WithSha256() throws IOException {
        run("ecdsa_secp256k1_sha256_p1363_test", ecdsa(Sha256::hash, secp256k1(Secp256k1.bouncyCastle())));
    }

    @Test
    void shouldAgreeOnNativeSecp256k1WithSha512() throws IOException {
        run(
                "ecdsa_secp256k1_sha512_p1363_test",
                ecdsa(by(new SHA512Digest()), secp256k1(NativeSecp256k1Test.nativeOrSkip())));
    }

    @Test
    void shouldAgreeOnJavaSecp256k1WithSha512() throws IOException {
        run("ecdsa_secp256k1_sha512_p1363_test", ecdsa(by(new SHA512Digest()), secp256k1(Secp256k1.bouncyCastle())));
    }

    @Test
    void shouldAgreeOnNativeSecp256k1InDer() throws IOException {
        Verifier verifier = secp256k1(NativeSecp256k1Test.nativeOrSkip());
        run("ecdsa_secp256k1_sha256_test", ecdsa(Sha256::hash, fromDer(SECP256K1_ORDER, verifier)));
    }

    @Test
    void shouldAgreeOnJavaSecp256k1InDer() throws IOException {
        Verifier verifier = secp256k1(Secp256k1.bouncyCastle());
        run("ecdsa_secp256k1_sha256_test", ecdsa(Sha256::hash, fromDer(SECP256K1_ORDER, verifier)));
    }

    @Test
    void shouldAgreeWithBitcoinsLowSWhenTheHigherIsRefused() throws IOException {
        Verifier verifier = secp256k1(Secp256k1.fastest());
        Verifier lowOnly = (key, hash, signature) -> signature.length == 64
                && new BigInteger(1, signature, 32, 32).compareTo(SECP256K1_ORDER.shiftRight(1)) <= 0
                && verifier.verify(key, hash, signature);
        run("ecdsa_secp256k1_sha256_bitcoin_test", ecdsa(Sha256::hash, fromDer(SECP256K1_ORDER, lowOnly)));
    }

    @Test
    void shouldAgreeOnTheKeyAgreementOfHpke() throws IOException {
        run("ecdh_secp256r1_ecpoint_test", (group, test) -> {
            byte[] encapsulated = bytes(test, "public");
            BigInteger secret = new BigInteger(1, bytes(test, "private"));
            PublicKey key;
            try {
                key = P256.decode(encapsulated);
            } catch (CryptoException _) {
                assertThat(openedFrom(encapsulated))
                        .as("HPKE refuses the same point")
                        .isNull();
                return Answer.REFUSED;
            }
            BigInteger shared = P256.parameters(key)
                    .getQ()
                    .multiply(secret)
                    .normalize()
                    .getAffineXCoord()
                    .toBigInteger();
            assertThat(openedFrom(encapsulated)).as("a forged message").isNull();
            return Arrays.equals(BigIntegers.asUnsignedByteArray(32, shared), bytes(test, "shared"))
                    ? Answer.ACCEPTED
                    : Answer.REFUSED;
        });
    }

    @ParameterizedTest
    @EnumSource(Answer.class)
    void shouldNoticeWhenTheAnswerIsAlwaysTheSame(Answer answer) {
        assertThatThrownBy(() -> run("aes_gcm_test", (group, test) -> answer)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> run("ecdsa_secp256r1_sha256_p1363_test", (group, test) -> answer))
                .isInstanceOf(AssertionError.class);
    }

    private static byte @Nullable [] openedFrom(byte[] encapsulated) {
        byte[] sealed = Arrays.copyOf(encapsulated, encapsulated.length + 40);
        return Hpke.open(TestKeys.pair(1).getPrivate(), new byte[0], new byte[0], sealed);
    }

    private static Answer aesGcm(JsonNode group, JsonNode test) {
        byte[] key = bytes(test, "key");
        byte[] iv = bytes(test, "iv");
        byte[] aad = bytes(test, "aad");
        byte[] message = bytes(test, "msg");
        byte[] sealed = concatenate(bytes(test, "ct"), bytes(test, "tag"));
        if (key.length != AesGcm.KEY_BYTES || iv.length != AesGcm.IV_BYTES) {
            // as such.
            try {
                AesGcm.open(key, iv, aad, sealed);
            } catch (IllegalArgumentException _) {
                return Answer.OUTSIDE_OUR_CONTRACT;
            }
            throw new AssertionError("a key of " + key.length + " and an IV of " + iv.length + " bytes were taken");
        }
        byte[] opened = AesGcm.open(key, iv, aad, sealed);
        if (opened == null) {
            return Answer.REFUSED;
        }
        assertThat(opened).isEqualTo(message);
        assertThat(AesGcm.seal(key, iv, aad, message)).isEqualTo(sealed);
        return Answer.ACCEPTED;
    }

    private static Subject ecdsa(Hash hash, Verifier verifier) {
        return (group, test) -> {
            byte[] key = bytes(group.get("publicKey"), "uncompressed");
            return verifier.verify(key, hash.first32(bytes(test, "msg")), bytes(test, "sig"))
                    ? Answer.ACCEPTED
                    : Answer.REFUSED;
        };
    }

    private static boolean p256(byte[] key, byte[] hash32, byte[] signature) {
        return P256.verify(P256.decode(key), hash32, signature);
    }

    private static Verifier secp256k1(Secp256k1 implementation) {
        return (key, hash32, signature) ->
                implementation.verify(hash32, signature, Arrays.copyOfRange(key, 1, key.length));
    }

    /** Our functions take no DER; what a strict decoder lets through must still be judged rightly. */
    private static Verifier fromDer(BigInteger order, Verifier verifier) {
        return (key, hash32, signature) -> {
            BigInteger[] rs;
            try {
                rs = StandardDSAEncoding.INSTANCE.decode(order, signature);
            } catch (IOException | RuntimeException _) {
                return false;
            }
            return verifier.verify(
                    key,
                    hash32,
                    concatenate(
                            BigIntegers.asUnsignedByteArray(32, rs[0]), BigIntegers.asUnsignedByteArray(32, rs[1])));
        };
    }

    /** FIPS 186-5, section 6.4.1: of a longer hash the leftmost bits count. */
    private static Hash by(ExtendedDigest digest) {
        return message -> {
            byte[] out = new byte[digest.getDigestSize()];
            digest.update(message, 0, message.length);
            digest.doFinal(out, 0);
            return Arrays.copyOf(out, 32);
        };
    }

    private void run(String name, Subject subject) throws IOException {
        JsonNode file = read(name);
        List<String> differences = new ArrayList<>();
        int cases = 0;
        int judged = 0;
        for (JsonNode group : file.get("testGroups")) {
            for (JsonNode test : group.get("tests")) {
                cases++;
                String difference;
                try {
                    Answer answer = subject.answer(group, test);
                    judged += answer == Answer.OUTSIDE_OUR_CONTRACT ? 0 : 1;
                    difference = difference(answer, test);
                } catch (AssertionError | RuntimeException e) {
                    difference = e.toString();
                }
                if (difference != null) {
                    differences.add("case " + test.get("tcId").asInt() + " ("
                            + test.get("comment").asString() + "): " + difference);
                }
            }
        }
        reporter.publishEntry(name, judged + " of " + cases + " cases judged, " + differences.size() + " differ");
        assertThat(cases).isEqualTo(file.get("numberOfTests").asInt());
        assertThat(differences)
                .as("%s: %d of %d differ, the first: %s", name, differences.size(), cases, first(differences))
                .isEmpty();
        assertThat(judged).as("cases judged of %d in %s", cases, name).isGreaterThan(50);
    }

    private static @Nullable String difference(Answer answer, JsonNode test) {
        String expected = test.get("result").asString();
        return switch (answer) {
            case ACCEPTED -> expected.equals("invalid") ? "accepted, but invalid" : null;
            case REFUSED -> expected.equals("valid") ? "refused, but valid" : null;
            case OUTSIDE_OUR_CONTRACT -> null;
        };
    }

    private static String first(List<String> differences) {
        return differences.isEmpty() ? "none" : differences.getFirst();
    }

    private static JsonNode read(String name) throws IOException {
        try (ZipFile zip = new ZipFile(zip().toFile())) {
            ZipEntry entry = zip.getEntry("testvectors_v1/" + name + ".json");
            assertThat(entry).as("%s in %s", name, zip()).isNotNull();
            try (var in = zip.getInputStream(entry)) {
                return JsonMapper.shared().readTree(in);
            }
        }
    }

    private static byte[] bytes(JsonNode node, String field) {
        return HexFormat.of().parseHex(node.get(field).asString());
    }

    private static byte[] concatenate(byte[] a, byte[] b) {
        byte[] out = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, out, a.length, b.length);
        return out;
    }
}
