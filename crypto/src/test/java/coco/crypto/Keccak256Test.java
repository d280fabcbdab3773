package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.junit.jupiter.api.Test;

final class Keccak256Test {
    @Test
    void shouldGiveEthereumsEmptyHashWhenInputIsEmpty() {
        assertThat(Hex.encode(Keccak256.hash(new byte[0])))
                .isEqualTo("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    }

    @Test
    void shouldAgreeWithBouncyCastleWhenLengthIsAnyUpToSixBlocks() {
        byte[] data = new byte[6 * 136 + 9];
        new Random(1).nextBytes(data);
        for (int length = 0; length <= data.length; length++) {
            assertThat(Keccak256.hash(data, 0, length)).as("length %d", length).isEqualTo(oracle(data, 0, length));
        }
    }

    @Test
    void shouldHashOnlyTheRangeWhenOffsetIsGiven() {
        byte[] data = new byte[1000];
        new Random(2).nextBytes(data);
        for (int off = 0; off < 300; off += 7) {
            assertThat(Keccak256.hash(data, off, 400)).isEqualTo(oracle(data, off, 400));
        }
    }

    @Test
    void shouldTouchOnlyItsThirtyTwoBytesWhenWritingToABuffer() {
        byte[] data = {1, 2, 3};
        byte[] out = new byte[50];
        Arrays.fill(out, (byte) 0x5a);
        Keccak256.hash(data, 0, 3, out, 7);
        assertThat(Arrays.copyOfRange(out, 7, 39)).isEqualTo(oracle(data, 0, 3));
        assertThat(Arrays.copyOf(out, 7)).containsOnly(0x5a);
        assertThat(Arrays.copyOfRange(out, 39, 50)).containsOnly(0x5a);
    }

    @Test
    void shouldHashWhatWasThereWhenOutputOverlapsInput() {
        byte[] data = new byte[200];
        new Random(3).nextBytes(data);
        byte[] expected = oracle(data, 0, 200);
        Keccak256.hash(data, 0, 200, data, 11);
        assertThat(Arrays.copyOfRange(data, 11, 43)).isEqualTo(expected);
    }

    @Test
    void shouldRefuseWhenARangeIsOutsideItsArray() {
        byte[] data = new byte[10];
        assertThatThrownBy(() -> Keccak256.hash(data, 5, 6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Keccak256.hash(data, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Keccak256.hash(data, 0, 10, new byte[40], 9))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static byte[] oracle(byte[] in, int off, int len) {
        KeccakDigest digest = new KeccakDigest(256);
        digest.update(in, off, len);
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return out;
    }
}
