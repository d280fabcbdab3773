package coco.client.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HttpRepliesTest {
    private static final String BY_LENGTH =
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nCoco-Transaction-Status: committed\r\n\r\nhello";
    private static final String IN_CHUNKS =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n";

    @Test
    void shouldReadOneReplyAfterTheOtherWhenConnectionIsKept() throws IOException {
        HttpReplies replies = replies(BY_LENGTH + IN_CHUNKS + "HTTP/1.1 503 Busy\r\ncontent-length:0\r\n\r\n");

        HttpReplies.Reply first = replies.next();
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.text()).isEqualTo("hello");
        assertThat(first.transactionStatus()).isEqualTo("committed");
        HttpReplies.Reply second = replies.next();
        assertThat(second.text()).isEqualTo("hello");
        assertThat(second.transactionStatus()).isEmpty();
        assertThat(replies.next().status()).isEqualTo(503);
        assertThatExceptionOfType(IOException.class).isThrownBy(replies::next).withMessageContaining("closed");
    }

    @Test
    void shouldRefuseWhenReplyIsNotWhatANodeSends() {
        List<String> nonsense = List.of(
                "",
                "SSH-2.0\r\n\r\n",
                "HTTP/1.1 two OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
                "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(1_000),
                "HTTP/1.1 200 OK\r\nA: " + "b".repeat(100_000));

        for (String reply : nonsense) {
            assertThatExceptionOfType(IOException.class)
                    .as(reply.substring(0, Math.min(80, reply.length())))
                    .isThrownBy(() -> replies(reply).next());
        }
    }

    @Test
    void shouldGiveAReplyOrAnIoExceptionWhenBytesAreMutated() {
        long seed = 7;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = (random.nextBoolean() ? BY_LENGTH : IN_CHUNKS).getBytes(StandardCharsets.US_ASCII);
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(readable(bytes)).as("round %d, seed %d", round, seed).isIn(true, false);
        }
    }

    private static boolean readable(byte[] bytes) {
        try {
            return new HttpReplies(new ByteArrayInputStream(bytes)).next().length() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpReplies replies(String text) {
        return new HttpReplies(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
