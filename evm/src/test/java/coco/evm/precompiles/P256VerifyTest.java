package coco.evm.precompiles;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Sha256;
import coco.evm.testing.Archives;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** EIP-7951: Wycheproof's signatures of 64 bytes, and what a caller can get wrong besides. */
class P256VerifyTest {
    private static final String VECTORS = "testvectors_v1/ecdsa_secp256r1_sha256_p1363_test.json";
    private static final String ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    private static final String PRIME = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";

    /** Of RFC 6979, appendix A.2.5: message "sample". */
    private static final String HASH = "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf";

    private static final String R = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
    private static final String S = "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    private static final String X = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
    private static final String Y = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";

    private static boolean isValid(String hash, String r, String s, String x, String y) {
        byte[] output = Contracts.output(0x100, Contracts.hex(hash + r + s + x + y));
        assertThat(output).isIn(new byte[0], Contracts.word(1));
        return output.length > 0;
    }

    @Test
    void shouldAgreeWithWycheproof() {
        int count = 0;
        List<String> differences = new ArrayList<>();
        for (JsonNode file : Archives.files("wycheproof.zip", VECTORS).values()) {
            for (JsonNode group : file.get("testGroups")) {
                byte[] point = Contracts.hex(
                        group.get("publicKey").get("uncompressed").asString().substring(2));
                for (JsonNode test : group.get("tests")) {
                    byte[] hash = Sha256.hash(Contracts.hex(test.get("msg").asString()));
                    byte[] signature = Contracts.hex(test.get("sig").asString());
                    // Other lengths of signatures are other lengths of inputs.
                    boolean expected = test.get("result").asString().equals("valid");
                    if (Contracts.output(0x100, hash, signature, point).length > 0 != expected) {
                        differences.add(test.get("tcId").asInt() + ": "
                                + test.get("comment").asString());
                    }
                    count++;
                }
            }
        }
        assertThat(differences).as("of %d", count).isEmpty();
        assertThat(count).isGreaterThan(200);
    }

    @Test
    void shouldAcceptASignatureOfTheStandard() {
        assertThat(isValid(HASH, R, S, X, Y)).isTrue();
        assertThat(isValid("00" + HASH.substring(2), R, S, X, Y)).isFalse();
    }

    @Test
    void shouldFindNumbersOutOfRangeInvalid() {
        String zero = "00".repeat(32);
        String all = "ff".repeat(32);
        for (String number : new String[] {zero, ORDER, all}) {
            assertThat(isValid(HASH, number, S, X, Y)).isFalse();
            assertThat(isValid(HASH, R, number, X, Y)).isFalse();
        }
        for (String number : new String[] {zero, PRIME, all}) {
            assertThat(isValid(HASH, R, S, number, Y)).isFalse();
            assertThat(isValid(HASH, R, S, X, number)).isFalse();
        }
        assertThat(isValid(HASH, R, S, zero, zero)).isFalse();
        assertThat(isValid(HASH, R, S, X, Y.replace("79", "78"))).isFalse();
    }

    @Test
    void shouldReturnNothingForAnyOtherLength() {
        byte[] input = Contracts.hex(HASH + R + S + X + Y);
        for (int length : new int[] {0, 1, 159, 161, 320}) {
            assertThat(Contracts.output(0x100, Arrays.copyOf(input, length))).isEmpty();
        }
        assertThat(Contracts.at(0x100).gas(input, 0, input.length)).isEqualTo(6_900);
    }
}
