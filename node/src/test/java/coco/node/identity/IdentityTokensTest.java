package coco.node.identity;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.OidcIssuer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class IdentityTokensTest {
    private static final long NOW = 1_800_000_000L;
    private static final String ACME = "https://id.acme.example";
    private static final String CLAIMS = """
            {"iss":"%s","aud":%s,"sub":"%s","iat":%d,"exp":%d}""";

    private final KeyPair curve = P256.generate(new SecureRandom());
    private final KeyPair rsa = rsa();
    private final List<OidcIssuer> issuers = List.of(
            new OidcIssuer(ACME, "acme", "coco", "{\"keys\":[" + curveKey("k1") + "," + rsaKey("k2") + "]}"),
            new OidcIssuer("https://id.globex.example", "globex", "coco", "{\"keys\":[" + curveKey("g1") + "]}"));

    private static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private String curveKey(String id) {
        byte[] point = P256.encode(curve.getPublic());
        return "{\"alg\":\"ES256\",\"crv\":\"P-256\",\"kid\":\"" + id + "\",\"kty\":\"EC\",\"x\":\""
                + encode(Arrays.copyOfRange(point, 1, 33)) + "\",\"y\":\"" + encode(Arrays.copyOfRange(point, 33, 65))
                + "\"}";
    }

    private String rsaKey(String id) {
        RSAPublicKey key = (RSAPublicKey) rsa.getPublic();
        byte[] modulus = key.getModulus().toByteArray();
        return "{\"alg\":\"RS256\",\"e\":\"AQAB\",\"kid\":\"" + id + "\",\"kty\":\"RSA\",\"n\":\""
                + encode(Arrays.copyOfRange(modulus, 1, modulus.length)) + "\"}";
    }

    private String signedByCurve(String header, String claims) {
        String signed = encode(header) + "." + encode(claims);
        byte[] hash = Sha256.hash(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + encode(P256.sign(curve.getPrivate(), hash));
    }

    private String signedByRsa(String header, String claims) throws GeneralSecurityException {
        String signed = encode(header) + "." + encode(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(rsa.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + encode(signature.sign());
    }

    private static String claims() {
        return CLAIMS.formatted(ACME, "\"coco\"", "alice", NOW, NOW + 600);
    }

    /** The reason; the subject if it is valid. */
    private String judge(String token) {
        return switch (IdentityTokens.judge(token, issuers, NOW)) {
            case IdentityTokens.Valid valid ->
                valid.subject() + " of " + valid.issuer().actor();
            case IdentityTokens.Refused refused -> refused.reason().word();
        };
    }

    @Test
    void shouldTakeTokensThatAKeyOfTheIssuersEntrySigned() throws GeneralSecurityException {
        assertThat(judge(signedByCurve("{\"alg\":\"ES256\",\"kid\":\"k1\"}", claims())))
                .isEqualTo("alice of acme");
        assertThat(judge(signedByRsa("{\"alg\":\"RS256\",\"kid\":\"k2\",\"typ\":\"JWT\"}", claims())))
                .isEqualTo("alice of acme");
    }

    @Test
    void shouldNotBeConfusedByAlgorithmsAndKeysThatATokenNames() throws Exception {
        String none = encode("{\"alg\":\"none\",\"kid\":\"k1\"}") + "." + encode(claims()) + ".";
        assertThat(judge(none)).isEqualTo("algorithm");
        for (String algorithm : List.of("HS256", "RS256", "ES384", "ES256K", "PS256", "es256", "")) {
            assertThat(judge(signedByCurve("{\"alg\":\"" + algorithm + "\",\"kid\":\"k1\"}", claims())))
                    .as(algorithm)
                    .isEqualTo("algorithm");
        }
        String signed = encode("{\"alg\":\"HS256\",\"kid\":\"k2\"}") + "." + encode(claims());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(rsa.getPublic().getEncoded(), "HmacSHA256"));
        String confused = signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        assertThat(judge(confused)).as("the public key as a secret").isEqualTo("algorithm");
        for (String header : List.of("jku", "jwk", "x5u", "x5c", "crit")) {
            String token = signedByCurve("{\"alg\":\"ES256\",\"kid\":\"k1\",\"" + header + "\":\"x\"}", claims());
            assertThat(judge(token)).as(header).isEqualTo("malformed-token");
        }
        assertThat(judge(signedByCurve("{\"alg\":\"ES256\",\"kid\":\"k2\"}", claims())))
                .isEqualTo("algorithm");
        assertThat(judge(signedByCurve("{\"alg\":\"ES256\",\"kid\":\"k9\"}", claims())))
                .isEqualTo("unknown-key");
        assertThat(judge(signedByCurve("{\"alg\":\"ES256\"}", claims())))
                .as("two keys")
                .isEqualTo("unknown-key");
        assertThat(judge(signedByCurve("{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", claims())))
                .isEqualTo("malformed-token");
    }

    @Test
    void shouldRefuseWhatIsForgedForOthersOrOver() {
        String header = "{\"alg\":\"ES256\",\"kid\":\"k1\"}";
        String good = signedByCurve(header, claims());
        String[] parts = good.split("\\.", -1);
        String other = encode(claims().replace("alice", "mallory"));
        assertThat(judge(parts[0] + "." + other + "." + parts[2])).isEqualTo("signature");
        assertThat(judge(good + "=")).isEqualTo("malformed-token");
        assertThat(judge(good + ".")).isEqualTo("malformed-token");
        assertThat(judge(claims(header, ACME.replace("id", "evil"), "\"coco\"", "alice", NOW, NOW + 600)))
                .isEqualTo("unknown-issuer");
        assertThat(judge(claims(header, "https://id.globex.example", "\"coco\"", "alice", NOW, NOW + 600)))
                .as("a key of another issuer's entry")
                .isEqualTo("unknown-key");
        assertThat(judge(claims(header, ACME, "\"other\"", "alice", NOW, NOW + 600)))
                .isEqualTo("audience");
        assertThat(judge(claims(header, ACME, "[\"coco\",\"other\"]", "alice", NOW, NOW + 600)))
                .as("made for somebody else, too, without saying for whom first")
                .isEqualTo("audience");
        assertThat(judge(claims(header, ACME, "[\"coco\"]", "alice", NOW, NOW + 600)))
                .isEqualTo("alice of acme");
        assertThat(judge(claims(header, ACME, "\"coco\"", "alice", NOW - 60, NOW)))
                .isEqualTo("expired");
        assertThat(judge(claims(header, ACME, "\"coco\"", "alice", NOW - 7_200, NOW + 600)))
                .isEqualTo("expired");
        assertThat(judge(claims(header, ACME, "\"coco\"", "alice", NOW + 60, NOW + 600)))
                .isEqualTo("not-yet-valid");
        assertThat(judge(claims(header, ACME, "\"coco\"", "", NOW, NOW + 600))).isEqualTo("malformed-token");
        assertThat(judge(signedByCurve(header, claims().replace("{\"iss\"", "{\"sub\":\"bob\",\"iss\""))))
                .as("a claim twice")
                .isEqualTo("malformed-token");
    }

    private String claims(String header, String issuer, String audience, String subject, long issued, long expires) {
        return signedByCurve(header, CLAIMS.formatted(issuer, audience, subject, issued, expires));
    }

    @Test
    void shouldRefuseWhateverIsSent() {
        String good = signedByCurve("{\"alg\":\"ES256\",\"kid\":\"k1\"}", claims());
        Random random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            char[] token = good.toCharArray();
            int at = random.nextInt(token.length);
            token[at] = (char) (round % 2 == 0 ? random.nextInt(0x80) : token[random.nextInt(token.length)]);
            String sent = new String(token);
            refused += sent.equals(good) || !judge(sent).equals("alice of acme") ? 1 : 0;
        }
        assertThat(refused).as("changed tokens, one character each").isEqualTo(5_000);
    }
}
