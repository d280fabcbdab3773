package coco.governance.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Hex;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CborTest {
    private static final int LONG = 1 << 10;

    /** RFC 8949, appendix A: integers. */
    @ParameterizedTest
    @CsvSource({
        "0,00",
        "1,01",
        "10,0a",
        "23,17",
        "24,1818",
        "25,1819",
        "100,1864",
        "1000,1903e8",
        "1000000,1a000f4240",
        "1000000000000,1b000000e8d4a51000",
        "-1,20",
        "-10,29",
        "-100,3863",
        "-1000,3903e7",
        "9223372036854775807,1b7fffffffffffffff",
        "-9223372036854775808,3b7fffffffffffffff"
    })
    void shouldReadAndWriteIntegersOfTheStandard(long value, String hex) throws MalformedCoseException {
        assertThat(Hex.encode(new CborWriter().integer(value).toBytes())).isEqualTo(hex);
        CborReader in = new CborReader(Hex.decode(hex));
        assertThat(in.integer()).isEqualTo(value);
        in.end();
    }

    /** RFC 8949, appendix A: strings, in the order of the table. */
    @Test
    void shouldReadAndWriteStringsOfTheStandard() throws MalformedCoseException {
        List<String> bytes = List.of("", "01020304");
        List<String> encodedBytes = List.of("40", "4401020304");
        for (int i = 0; i < bytes.size(); i++) {
            byte[] value = Hex.decode(bytes.get(i));
            assertThat(Hex.encode(new CborWriter().bytes(value).toBytes())).isEqualTo(encodedBytes.get(i));
            assertThat(new CborReader(Hex.decode(encodedBytes.get(i))).bytes(LONG))
                    .isEqualTo(value);
        }
        List<String> texts = List.of("", "a", "IETF", "\"\\", "\u00fc", "\u6c34", "\ud800\udd51");
        List<String> encodedTexts = List.of("60", "6161", "6449455446", "62225c", "62c3bc", "63e6b0b4", "64f0908591");
        for (int i = 0; i < texts.size(); i++) {
            assertThat(Hex.encode(new CborWriter().text(texts.get(i)).toBytes()))
                    .isEqualTo(encodedTexts.get(i));
            assertThat(new CborReader(Hex.decode(encodedTexts.get(i))).text(LONG))
                    .isEqualTo(texts.get(i));
        }
    }

    /** RFC 8949, appendix A: [1, [2, 3], [4, 5]], {1: 2, 3: 4} and 25 items. */
    @Test
    void shouldReadAndWriteArraysAndMapsOfTheStandard() throws MalformedCoseException {
        CborWriter nested =
                new CborWriter().array(3).integer(1).array(2).integer(2).integer(3);
        assertThat(Hex.encode(nested.array(2).integer(4).integer(5).toBytes())).isEqualTo("8301820203820405");
        CborWriter map =
                new CborWriter().map(2).integer(1).integer(2).integer(3).integer(4);
        assertThat(Hex.encode(map.toBytes())).isEqualTo("a201020304");
        assertThat(new CborReader(Hex.decode("a201020304")).map(LONG)).isEqualTo(2);

        CborWriter many = new CborWriter().array(25);
        List<Long> read = new ArrayList<>();
        for (int i = 1; i <= 25; i++) {
            many.integer(i);
        }
        String hex = "98190102030405060708090a0b0c0d0e0f101112131415161718181819";
        assertThat(Hex.encode(many.toBytes())).isEqualTo(hex);
        CborReader in = new CborReader(Hex.decode(hex));
        int count = in.array(LONG);
        for (int i = 0; i < count; i++) {
            read.add(in.integer());
        }
        in.end();
        assertThat(read).hasSize(25).startsWith(1L, 2L).endsWith(25L);
        assertThat(new CborReader(Hex.decode("c1")).tag()).isEqualTo(1);
        assertThat(new CborReader(Hex.decode("d818")).tag()).isEqualTo(24);
    }

    /** Encodings that RFC 8949 allows and its section 4.2.1 does not, and such as it does not allow at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1817", // 23 in two bytes
                "190018", // 24 in three
                "1a0000ffff",
                "1b00000000ffffffff",
                "1bffffffffffffffff", // beyond what a long holds
                "3bffffffffffffffff",
                "1c", // reserved heads
                "1d",
                "1e",
                "1f", // indefinite, and no such integer
                "18", // ends too early
                "1903",
                "5f42010243030405ff", // indefinite lengths
                "7f657374726561646d696e67ff",
                "9f018202039f0405ffff",
                "bf61610161629f0203ffff",
                "580101", // a length in two bytes
                "41", // ends too early
                "5affffffff",
                "5bffffffffffffffff",
                "61ff", // not UTF-8
                "62c080", // overlong
                "63eda080", // a surrogate
                "f4", // simple values and floats
                "f6",
                "f90000",
                "fb3ff199999999999a",
                ""
            })
    void shouldRefuseWhatIsNotDeterministicOrNotExpected(String hex) {
        byte[] bytes = Hex.decode(hex);

        assertThatThrownBy(() -> readAny(new CborReader(bytes))).isInstanceOf(MalformedCoseException.class);
    }

    private static void readAny(CborReader in) throws MalformedCoseException {
        switch (in.peek()) {
            case UNSIGNED, NEGATIVE, SIMPLE -> in.integer();
            case BYTES -> in.bytes(LONG);
            case TEXT -> in.text(LONG);
            case ARRAY -> in.array(LONG);
            case MAP -> in.map(LONG);
            case TAG -> in.tag();
        }
        in.end();
    }

    @Test
    void shouldRefuseWhenKeysAreNotAscendingOrThereTwice() {
        byte[] one = Hex.decode("01");
        byte[] large = Hex.decode("1821");
        byte[] text = Hex.decode("6161");

        assertThatThrownBy(() -> CborReader.checkOrder(one, one)).hasMessageContaining("twice");
        assertThatThrownBy(() -> CborReader.checkOrder(large, one)).hasMessageContaining("order");
        assertThatThrownBy(() -> CborReader.checkOrder(text, large)).hasMessageContaining("order");
    }

    @Test
    void shouldRefuseBeforeItAllocatesWhenALengthIsTooLarge() {
        assertThatThrownBy(() -> new CborReader(Hex.decode("5a7fffffff")).bytes(LONG))
                .hasMessage("a string longer than %d bytes".formatted(LONG).toLowerCase(Locale.ROOT));
        assertThatThrownBy(() -> new CborReader(Hex.decode("5a7fffffff")).bytes(Integer.MAX_VALUE))
                .hasMessage("ends too early");
        assertThatThrownBy(() -> new CborReader(Hex.decode("9a7fffffff")).array(LONG))
                .hasMessage("more than %d items".formatted(LONG));
    }
}
