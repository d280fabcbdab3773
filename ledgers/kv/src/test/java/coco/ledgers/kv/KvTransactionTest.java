package coco.ledgers.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KvTransactionTest {
    private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);

    @Test
    void shouldReadBackWhatWasEncoded() {
        KvTransaction put = new KvTransaction("request ä€𝄞", KEY, new byte[] {1, 2});
        KvTransaction read = KvTransaction.decode(put.encode()).orElseThrow();

        assertThat(read.requestId()).isEqualTo("request ä€𝄞");
        assertThat(read.encode()).isEqualTo(put.encode());
        assertThat(read.id()).isEqualTo(put.id());
    }

    @Test
    void shouldRefuseBytesThatWouldBecomeOthersWhenTheRequestIdIsNoUtf8() {
        byte[] encoded = new KvTransaction("abc", KEY, KEY).encode();
        encoded[2] = (byte) 0xff;

        assertThat(KvTransaction.decode(encoded)).isEmpty();
    }

    @Test
    void shouldRefuseHalvesOfSurrogatePairs() {
        assertThatThrownBy(() -> new KvTransaction("a\ud834", KEY, KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("text has to be valid Unicode");
    }

    @Test
    void shouldKeepIdsOfMembersDecisionsFromClients() {
        byte[] decision = new byte[32];
        KvTransaction change = KvTransaction.compensation(decision, new byte[] {1, 'a', 1, 'z'})
                .orElseThrow();

        assertThat(change.requestId()).isEqualTo("governance:" + "00".repeat(26));
        assertThat(change.key()).isEqualTo(new byte[] {'a'});
        assertThat(KvTransaction.compensation(decision, new byte[] {9, 'a'})).isEmpty();
        assertThatThrownBy(() -> KvTransaction.ofClient(change.requestId(), KEY, null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
