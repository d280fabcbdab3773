package coco.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Hex;
import coco.evm.types.Word;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against examples of the ABI's specification, and what ethers 6 makes of the same values. */
final class AbiTest {
    private static String word(long value) {
        return Hex.encode(Word.of(value).toBytes32());
    }

    private static Abi number(long value) {
        return new Abi.Static(Word.of(value));
    }

    /** A short text, as it stands behind its length. */
    private static String text(String ascii) {
        return Hex.encode(Arrays.copyOf(ascii.getBytes(StandardCharsets.US_ASCII), Word.SIZE));
    }

    @Test
    void shouldPutStaticValuesOneAfterTheOther() {
        assertThat(Hex.encode(Abi.arguments(number(69), number(1)))).isEqualTo(word(69) + word(1));
        assertThat(Abi.arguments()).isEmpty();
    }

    /** The specification's own: {@code sam(bytes,bool,uint256[])} with "dave", true and [1,2,3]. */
    @Test
    void shouldPointToWhatIsDynamic() {
        Abi numbers = new Abi.Array(List.of(number(1), number(2), number(3)));
        assertThat(Hex.encode(Abi.arguments(new Abi.Text("dave"), number(1), numbers)))
                .isEqualTo(word(0x60)
                        + word(1)
                        + word(0xa0)
                        + word(4)
                        + text("dave")
                        + word(3)
                        + word(1)
                        + word(2)
                        + word(3));
    }

    /** {@code AbiCoder.encode(["tuple(string,uint8)[]","tuple(uint8,uint8)[]"], [[["a",1],["",2]],[[3,4]]])}. */
    @Test
    void shouldCountOffsetsFromTheFirstHeadOfTheirOwnSequence() {
        Abi dynamic = new Abi.Array(List.of(
                new Abi.Tuple(List.of(new Abi.Text("a"), number(1))),
                new Abi.Tuple(List.of(new Abi.Text(""), number(2)))));
        Abi fixed = new Abi.Array(List.of(new Abi.Tuple(List.of(number(3), number(4)))));
        String first = word(0x40) + word(1) + word(1) + text("a");
        String second = word(0x40) + word(2) + word(0);
        String elements = word(2) + word(0x40) + word(0xc0) + first + second;
        assertThat(Hex.encode(Abi.arguments(dynamic, fixed)))
                .isEqualTo(word(0x40) + word(0x40 + elements.length() / 2) + elements + word(1) + word(3) + word(4));
    }
}
