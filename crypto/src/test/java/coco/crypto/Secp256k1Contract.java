package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What either implementation must do; run once for each, and against the other as an oracle. */
abstract class Secp256k1Contract {
    private static final BigInteger N = new BigInteger(1, Secp256k1Inputs.ORDER);
    private static final BigInteger P =
            BigInteger.TWO.pow(256).subtract(BigInteger.TWO.pow(32)).subtract(BigInteger.valueOf(977));
    private static final byte[] HASH = Keccak256.hash(new byte[] {7});

    abstract Secp256k1 subject();

    abstract Secp256k1 other();

    @Test
    void shouldGiveTheGeneratorWhenSecretIsOne() {
        assertThat(Hex.encode(subject().publicKey(scalar(BigInteger.ONE))))
                .isEqualTo("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
                        + "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8");
    }

    @Test
    void shouldGiveAnvilsFirstAddressWhenSecretIsAnvils() {
        byte[] secret = Hex.decode("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
        byte[] hash = Keccak256.hash(subject().publicKey(secret));
        assertThat(Hex.encode(Arrays.copyOfRange(hash, 12, 32))).isEqualTo("f39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    }

    @Test
    void shouldRecoverTheSignerWhenSignatureIsItsOwn() {
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            byte[] secret = randomSecret(random);
            byte[] hash = randomBytes(random, 32);
            Secp256k1.Signature signature = subject().sign(hash, secret);
            byte[] publicKey = subject().publicKey(secret);
            assertThat(subject().recover(hash, signature.rs(), signature.recoveryId()))
                    .isEqualTo(publicKey);
            assertThat(subject().recover(hash, signature.rs(), signature.recoveryId() ^ 1))
                    .isNotEqualTo(publicKey);
            assertThat(subject().verify(hash, signature.rs(), publicKey)).isTrue();
            assertThat(s(signature.rs())).isLessThanOrEqualTo(N.shiftRight(1));
        }
    }

    @Test
    void shouldAgreeWithTheOtherWhenInputIsRandom() {
        Random random = new Random(12);
        int recovered = 0;
        for (int i = 0; i < 300; i++) {
            byte[] secret = randomSecret(random);
            byte[] hash = randomBytes(random, 32);
            Secp256k1.Signature mine = subject().sign(hash, secret);
            Secp256k1.Signature theirs = other().sign(hash, secret);
            assertThat(mine.rs()).isEqualTo(theirs.rs());
            assertThat(mine.recoveryId()).isEqualTo(theirs.recoveryId());
            byte[] noise = randomBytes(random, 64);
            for (int id = -1; id <= 4; id++) {
                byte[] key = subject().recover(hash, noise, id);
                assertThat(key).isEqualTo(other().recover(hash, noise, id));
                recovered += key == null ? 0 : 1;
            }
        }
        assertThat(recovered)
                .as("random signatures that some key could have made")
                .isBetween(200, 400);
    }

    @Test
    void shouldAcceptTheHigherSWhenSignatureIsMirrored() {
        byte[] secret = scalar(BigInteger.valueOf(42));
        Secp256k1.Signature signature = subject().sign(HASH, secret);
        byte[] high = signature(r(signature.rs()), N.subtract(s(signature.rs())));
        assertThat(subject().verify(HASH, high, subject().publicKey(secret))).isTrue();
        assertThat(subject().recover(HASH, high, signature.recoveryId() ^ 1))
                .isEqualTo(subject().publicKey(secret));
    }

    @Test
    void shouldFindNoKeyWhenRorSIsOutOfRange() {
        BigInteger one = BigInteger.ONE;
        BigInteger[] outOfRange = {
            BigInteger.ZERO, N, N.add(one), BigInteger.TWO.pow(256).subtract(one)
        };
        byte[] publicKey = subject().publicKey(scalar(one));
        for (BigInteger bad : outOfRange) {
            for (int id = 0; id < 4; id++) {
                assertThat(subject().recover(HASH, signature(bad, one), id)).isNull();
                assertThat(subject().recover(HASH, signature(one, bad), id)).isNull();
            }
            assertThat(subject().verify(HASH, signature(bad, one), publicKey)).isFalse();
            assertThat(subject().verify(HASH, signature(one, bad), publicKey)).isFalse();
        }
    }

    @Test
    void shouldAgreeWithTheOtherWhenRAndSAreAtTheEdges() {
        BigInteger one = BigInteger.ONE;
        BigInteger[] edges = {
            one,
            BigInteger.TWO,
            N.shiftRight(1),
            N.shiftRight(1).add(one),
            N.subtract(one),
            P.subtract(N).subtract(one),
            P.subtract(N)
        };
        int found = 0;
        for (BigInteger r : edges) {
            for (BigInteger s : edges) {
                for (int id = 0; id < 4; id++) {
                    byte[] key = subject().recover(HASH, signature(r, s), id);
                    assertThat(key).isEqualTo(other().recover(HASH, signature(r, s), id));
                    if (key != null) {
                        found++;
                        assertThat(subject().verify(HASH, signature(r, s), key)).isTrue();
                    }
                }
            }
        }
        assertThat(found).isPositive();
    }

    @Test
    void shouldRecoverFromAnXAboveTheOrderWhenBitOneIsSet() {
        // The smallest r for which r + n is the x of a point; r itself may be another point's, so the two ids differ.
        BigInteger r = BigInteger.ONE;
        while (subject().recover(HASH, signature(r, BigInteger.ONE), 2) == null) {
            r = r.add(BigInteger.ONE);
        }
        assertThat(r).isLessThan(BigInteger.valueOf(40));
        byte[] even = subject().recover(HASH, signature(r, BigInteger.ONE), 2);
        byte[] odd = subject().recover(HASH, signature(r, BigInteger.ONE), 3);
        assertThat(even).isNotEqualTo(odd).isEqualTo(other().recover(HASH, signature(r, BigInteger.ONE), 2));
        assertThat(subject().verify(HASH, signature(r, BigInteger.ONE), present(even)))
                .isTrue();
    }

    @Test
    void shouldFindNoKeyWhenXAboveTheOrderIsNotInTheField() {
        // r + n < p is the condition of SEC 1, section 4.1.6; p - n is the first r that breaks it.
        assertThat(subject().recover(HASH, signature(P.subtract(N), BigInteger.ONE), 2))
                .isNull();
        assertThat(subject().recover(HASH, signature(P.subtract(N), BigInteger.ONE), 3))
                .isNull();
    }

    @Test
    void shouldFindNoKeyWhenTheSumIsTheInfinitePoint() {
        // With nonce 1 the point is G and r its x; s = z then gives Q = r^-1 (sG - zG), the point at infinity.
        BigInteger gx = new BigInteger(1, Arrays.copyOf(subject().publicKey(scalar(BigInteger.ONE)), 32));
        BigInteger z = new BigInteger(1, HASH);
        assertThat(z).isLessThan(N);
        assertThat(subject().recover(HASH, signature(gx, z), 0)).isNull();
        assertThat(subject().recover(HASH, signature(gx, z), 1)).isNotNull();
    }

    @Test
    void shouldSignAndRecoverWhenHashIsNotBelowTheOrder() {
        byte[] hash = new byte[32];
        Arrays.fill(hash, (byte) 0xff);
        byte[] secret = scalar(BigInteger.valueOf(5));
        Secp256k1.Signature signature = subject().sign(hash, secret);
        assertThat(subject().recover(hash, signature.rs(), signature.recoveryId()))
                .isEqualTo(subject().publicKey(secret));
        assertThat(other().verify(hash, signature.rs(), other().publicKey(secret)))
                .isTrue();
    }

    @Test
    void shouldRefuseWhenSecretIsNoPrivateKey() {
        for (BigInteger bad :
                new BigInteger[] {BigInteger.ZERO, N, BigInteger.TWO.pow(256).subtract(BigInteger.ONE)}) {
            assertThatThrownBy(() -> subject().publicKey(scalar(bad))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> subject().sign(HASH, scalar(bad))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(subject().publicKey(scalar(N.subtract(BigInteger.ONE)))).hasSize(64);
    }

    @Test
    void shouldRefuseTheSignatureWhenPublicKeyIsNoPoint() {
        byte[] secret = scalar(BigInteger.TEN);
        byte[] rs = subject().sign(HASH, secret).rs();
        byte[] key = subject().publicKey(secret);
        key[63] ^= 1;
        assertThat(subject().verify(HASH, rs, key)).isFalse();
        assertThat(subject().verify(HASH, rs, new byte[64])).isFalse();
        byte[] overflow = new byte[64];
        Arrays.fill(overflow, (byte) 0xff);
        assertThat(subject().verify(HASH, rs, overflow)).isFalse();
    }

    @Test
    void shouldFindNothingWhenASignatureOrKeyHasAnotherLength() {
        byte[] secret = scalar(BigInteger.TEN);
        byte[] rs = subject().sign(HASH, secret).rs();
        byte[] key = subject().publicKey(secret);
        for (int length : new int[] {0, 1, 63, 65, 128}) {
            assertThat(subject().recover(HASH, Arrays.copyOf(rs, length), 0)).isNull();
            assertThat(subject().verify(HASH, Arrays.copyOf(rs, length), key)).isFalse();
            assertThat(subject().verify(HASH, rs, Arrays.copyOf(key, length))).isFalse();
        }
    }

    @Test
    void shouldRefuseWhenTheCallersOwnLengthIsWrong() {
        byte[] rs = new byte[64];
        assertThatThrownBy(() -> subject().recover(new byte[31], rs, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> subject().verify(new byte[33], rs, rs)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> subject().sign(HASH, new byte[33])).isInstanceOf(IllegalArgumentException.class);
    }

    static byte[] signature(BigInteger r, BigInteger s) {
        byte[] out = Arrays.copyOf(scalar(r), 64);
        System.arraycopy(scalar(s), 0, out, 32, 32);
        return out;
    }

    static byte[] scalar(BigInteger value) {
        byte[] out = new byte[32];
        byte[] bytes = value.toByteArray();
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, out, 32 - length, length);
        return out;
    }

    private static BigInteger r(byte[] rs) {
        return new BigInteger(1, rs, 0, 32);
    }

    private static BigInteger s(byte[] rs) {
        return new BigInteger(1, rs, 32, 32);
    }

    private static byte[] randomSecret(Random random) {
        return scalar(new BigInteger(255, random).add(BigInteger.ONE));
    }

    private static byte[] randomBytes(Random random, int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }

    private static byte[] present(byte @Nullable [] value) {
        assertThat(value).isNotNull();
        return value == null ? new byte[0] : value;
    }
}
