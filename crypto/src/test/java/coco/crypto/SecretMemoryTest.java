package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SecretMemoryTest {
    @Test
    void shouldKeepACopyOfItsOwn() {
        byte[] secret = {1, 2, 3};
        SecretMemory memory = new SecretMemory(secret);
        secret[0] = 9;
        assertThat(memory.copy()).containsExactly(1, 2, 3);
        memory.copy()[1] = 9;
        assertThat(memory.copy()).containsExactly(1, 2, 3);
    }

    @Test
    void shouldZeroTheCopyThatWasUsed() {
        SecretMemory memory = new SecretMemory(new byte[] {1, 2, 3});
        AtomicReference<byte[]> seen = new AtomicReference<>(new byte[0]);
        int sum = memory.use(copy -> {
            seen.set(copy);
            return copy[0] + copy[1] + copy[2];
        });
        assertThat(sum).isEqualTo(6);
        assertThat(seen.get()).containsExactly(0, 0, 0);
        assertThat(memory.copy()).containsExactly(1, 2, 3);
    }
}
