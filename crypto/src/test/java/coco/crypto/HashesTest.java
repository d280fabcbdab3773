package coco.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class HashesTest {
    private static final byte[] ABC = "abc".getBytes(US_ASCII);
    // FIPS 180-4, example "abc".
    private static final String SHA256_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void shouldHashPartsAsOneWhenThereAreSeveral() {
        assertThat(Hex.encode(Sha256.hash(ABC))).isEqualTo(SHA256_ABC);
        assertThat(Hex.encode(Sha256.hash(new byte[] {'a'}, new byte[0], new byte[] {'b', 'c'})))
                .isEqualTo(SHA256_ABC);
        assertThat(Hex.encode(Sha256.hash()))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void shouldGiveFips180WhenHashIsSha512() {
        assertThat(Hex.encode(Sha512.hash(new byte[] {'a'}, new byte[] {'b', 'c'})))
                .isEqualTo("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    }

    @Test
    void shouldHashARangeInPlace() {
        byte[] data = new byte[40];
        data[5] = 'a';
        data[6] = 'b';
        data[7] = 'c';
        assertThat(Hex.encode(Sha256.hash(data, 5, 3))).isEqualTo(SHA256_ABC);
        Sha256.hash(data, 5, 3, data, 4);
        assertThat(Hex.encode(data)).isEqualTo("00000000" + SHA256_ABC + "00000000");
        assertThatThrownBy(() -> Sha256.hash(data, 0, 40, data, 9)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Sha256.hash(data, 39, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(Hex.encode(Sha256.hash(ABC)))
                .as("nothing is left of what was refused")
                .isEqualTo(SHA256_ABC);
    }

    @Test
    void shouldGiveRfc4231WhenKeyIsShortOrLongerThanABlock() {
        assertThat(Hex.encode(Hmac.sha256(
                        "Jefe".getBytes(US_ASCII),
                        "what do ya want ".getBytes(US_ASCII),
                        "for nothing?".getBytes(US_ASCII))))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assertThat(Hex.encode(Hmac.sha256(
                        Hex.decode("aa".repeat(131)),
                        "Test Using Larger Than Block-Size Key - Hash Key First".getBytes(US_ASCII))))
                .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    @Test
    void shouldTakeAnEmptyKeyAsZeros() {
        assertThat(Hmac.sha256(new byte[0], ABC)).isEqualTo(Hmac.sha256(new byte[32], ABC));
    }
}
