package coco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lines of a stream of server-sent events, by the rules of HTML, section 9.2. */
final class ServerEventTest {
    private static List<ServerEvent> read(String... lines) {
        List<ServerEvent> events = new ArrayList<>();
        new ServerEvent.Reader(events::add).read(Arrays.asList(lines).iterator());
        return events;
    }

    @Test
    void shouldPutLinesTogetherToEvents() {
        assertThat(read(":", "", "id: 7.0", "event: news", "data: {\"a\":1}", "", "data:x", "data: y", ""))
                .containsExactly(
                        new ServerEvent("7.0", "news", "{\"a\":1}"), new ServerEvent("7.0", "message", "x\ny"));
    }

    @Test
    void shouldPassOverCommentsOtherFieldsAndEventsWithoutData() {
        assertThat(read("retry: 5", ": data: no", "event: nothing", "", "data", "", "data: cut off"))
                .containsExactly(new ServerEvent("", "message", ""));
    }

    @Test
    void shouldStopWhenTheListenerHasHeardEnough() {
        List<ServerEvent> events = new ArrayList<>();
        Iterator<String> lines = List.of("data: 1", "", "data: 2", "").iterator();
        new ServerEvent.Reader(event -> !events.add(event)).read(lines);
        assertThat(events).hasSize(1);
        assertThat(lines.next()).isEqualTo("data: 2");
    }

    @Test
    void shouldRefuseAnEventWithoutEnd() {
        Iterator<String> endless =
                Stream.generate(() -> "data: " + "x".repeat(60_000)).iterator();
        assertThatExceptionOfType(ClientException.class)
                .isThrownBy(() -> new ServerEvent.Reader(event -> true).read(endless));
    }

    @Test
    void shouldTakeAnyLines() {
        Random random = new Random(25);
        String alphabet = "data:event id\u0000\ufeff\n ";
        int events = 0;
        for (int run = 0; run < 2_000; run++) {
            String[] lines = new String[random.nextInt(20)];
            for (int i = 0; i < lines.length; i++) {
                StringBuilder line = new StringBuilder(random.nextBoolean() ? "data: " : "");
                for (int length = random.nextInt(6); length > 0; length--) {
                    line.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                lines[i] = line.toString();
            }
            events += read(lines).size();
        }
        assertThat(events).isGreaterThan(1_000);
    }
}
