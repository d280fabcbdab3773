package coco.governance.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Hex;
import coco.crypto.P256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The public examples for COSE_Sign1 (github.com/cose-wg/Examples, sign1-tests and ecdsa-examples). Their key
 * identifiers are unprotected, which messages of ours may not have; so they are tried one level below.
 */
final class CoseVectorsTest {
    private static final String CONTENT = "54" + hex("This is the content.");
    private static final String KID = "A104423131";
    private static final String R = "5840EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E1";
    private static final String PLAIN = R + "9F43D6C6BA654472DA301B645B293C9BA939295B97C4BDB847782BFF384C5794";
    private static final String WITH_TYPE = R + "72727F48461FABBBA2E343492DDECAC3983686250BC68E9F1A7A07D41225B59F";

    private final PublicKey key256 = P256.decode(Hex.decode("04"
            + Hex.encode(base64("usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8"))
            + Hex.encode(base64("IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4"))));

    @ParameterizedTest
    @CsvSource({
        // sign-pass-01: protected headers as an empty map, the algorithm among the others
        "D28441A0A2012604423131 54546869732069732074686520636F6E74656E742E"
                + "5840EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E1"
                + "1A02E5F0344BF2D4EE5C7FD75A68A9F5E0B3CC1F1FC1409C189566586FF9D610,'',"
                + "846A5369676E617475726531404054546869732069732074686520636F6E74656E742E",
        // sign-pass-02: external data
        "D28443A10126A104423131 54546869732069732074686520636F6E74656E742E"
                + "5840EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E1"
                + "55388B10C4F1B59A6733EAB416870A945111A4B2FBDBEF33A77234B1DEFF2F9B,11aa22bb33cc44dd55006699,"
                + "846A5369676E61747572653143A101264C11AA22BB33CC44DD55006699"
                + "54546869732069732074686520636F6E74656E742E",
        // ecdsa-sig-01: a content type among the protected headers
        "D28445A201260300A104423131 54546869732069732074686520636F6E74656E742E"
                + "5840EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E1"
                + "72727F48461FABBBA2E343492DDECAC3983686250BC68E9F1A7A07D41225B59F,'',"
                + "846A5369676E61747572653145A2012603004054546869732069732074686520636F6E74656E742E"
    })
    void shouldVerifyTheExamplesThatPass(String message, String external, String signed) throws MalformedCoseException {
        Sign1 structure = Sign1.read(Hex.decode(lower(message)));

        byte[] toBeSigned = Sign1.toBeSigned(structure.protectedBytes(), Hex.decode(external), structure.payload());

        assertThat(toBeSigned).isEqualTo(Hex.decode(lower(signed)));
        assertThat(Algorithm.ES256.verify(key256, toBeSigned, structure.signature()))
                .isTrue();
        assertThat(new String(structure.payload(), StandardCharsets.US_ASCII)).isEqualTo("This is the content.");
    }

    /** ecdsa-sig-02. */
    @Test
    void shouldVerifyTheExampleOnP384() throws MalformedCoseException, GeneralSecurityException {
        Sign1 structure = Sign1.read(Hex.decode(lower("D28444A1013822A1044450333834" + CONTENT
                + "5860B8F85EFF78C88F5351CED2F1887B79B296490795594B62E41E22529BB90208B7D8CDDD4A46D0E9C986464D83D0A5"
                + "D1EDF39B3E2C5750364230D0E8D76460D8808E76C83830FBBD1978CC1740"
                + "66EB437F17887979ECF027DCC9D51BAF6C4FD8C0")));
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp384r1"));
        ECPoint point = new ECPoint(
                new BigInteger(1, base64("kTJyP2KSsBBhnb4kjWmMF7WHVsY55xUPgb7k64rDcjatChoZ1nvjKmYmPh5STRKc")),
                new BigInteger(1, base64("mM0weMVU2DKsYDxDJkEP9hZiRZtB8fPfXbzINZj_fF7YQRynNWedHEyzAJOX2e8s")));
        PublicKey key = KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
        byte[] toBeSigned = Sign1.toBeSigned(structure.protectedBytes(), new byte[0], structure.payload());

        assertThat(Algorithm.of(key)).isEqualTo(Algorithm.ES384);
        assertThat(structure.protectedHeaders()).containsEntry(1L, -35L);
        assertThat(Algorithm.ES384.verify(key, toBeSigned, structure.signature()))
                .isTrue();
        toBeSigned[toBeSigned.length - 1] ^= 1;
        assertThat(Algorithm.ES384.verify(key, toBeSigned, structure.signature()))
                .isFalse();
    }

    @Test
    void shouldRefuseTheExamplesThatFail() throws MalformedCoseException {
        // sign-fail-01 and sign-pass-03: another tag, and none, which RFC 9052 leaves open and we do not
        assertMalformed("D903E68443A10126" + KID + CONTENT + PLAIN, "tagged");
        assertMalformed("8443A10126" + KID + CONTENT + PLAIN, "TAG was expected");
        // sign-fail-02: another content
        assertForged("D28443A10126" + KID + "54" + hex("This is the content/") + PLAIN);
        // sign-fail-03 and 04: another algorithm
        assertForged("D28445A1013903E6" + KID + CONTENT + PLAIN);
        assertForged("D2844AA10167756E6B6E6F776E" + KID + CONTENT + PLAIN);
        // sign-fail-06 and 07: a protected header too many, and one too few
        assertForged("D28445A201260300" + KID + CONTENT + PLAIN);
        assertForged("D28443A10126" + KID + CONTENT + WITH_TYPE);
    }

    private void assertForged(String message) throws MalformedCoseException {
        Sign1 structure = Sign1.read(Hex.decode(lower(message)));
        byte[] toBeSigned = Sign1.toBeSigned(structure.protectedBytes(), new byte[0], structure.payload());

        assertThat(Algorithm.ES256.verify(key256, toBeSigned, structure.signature()))
                .as(message)
                .isFalse();
        assertMalformed(message, "");
    }

    private static void assertMalformed(String message, String why) {
        assertThatThrownBy(() -> CoseSign1.decode(Hex.decode(lower(message))))
                .isInstanceOf(MalformedCoseException.class)
                .hasMessageContaining(why);
    }

    private static String hex(String text) {
        return Hex.encode(text.getBytes(StandardCharsets.US_ASCII)).toUpperCase(Locale.ROOT);
    }

    private static String lower(String hex) {
        return hex.replace(" ", "").toLowerCase(Locale.ROOT);
    }

    private static byte[] base64(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
