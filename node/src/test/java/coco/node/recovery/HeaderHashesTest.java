package coco.node.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Hex;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Hashes of many blocks are found again, and none that was not in order. */
final class HeaderHashesTest {
    private static final int BLOCKS = (1 << 16) + 5;

    private static byte[] hash(long height) {
        return ByteBuffer.allocate(32).putLong(height + 1).array();
    }

    @Test
    void shouldFindEveryHashWhenBlocksFillMoreThanOneArray() {
        HeaderHashes hashes = new HeaderHashes();
        for (long height = 0; height < BLOCKS; height++) {
            hashes.add(height, hash(height));
        }
        hashes.add(BLOCKS + 1L, hash(BLOCKS + 1L));
        long different = -1;
        for (long height = 0; height < BLOCKS && different < 0; height++) {
            if (!Hex.encode(hash(height)).equals(hashes.at(height))) {
                different = height;
            }
        }
        assertThat(different).as("first height with another hash").isEqualTo(-1);
        assertThat(hashes.at(BLOCKS)).isNull();
        assertThat(hashes.at(BLOCKS + 1L)).isNull();
        assertThat(hashes.at(-1)).isNull();
    }
}
