package coco.cli.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.cli.console.CliException;
import coco.client.ClientException;
import coco.client.NodeClient.Page;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class DeliveryTest {
    private static final Attempt LOST = DeliveryTest::lose;
    private static final Attempt PENDING = answer(202, "{'status': 'pending'}");
    private static final Attempt COMMITTED = answer(200, "{'status': 'committed', 'height': 7}");
    private static final Attempt REPLAYED = answer(409, "{'error': {'code': 'replayed', 'message': 'replayed'}}");
    private static final Attempt OTHER_GENERATION =
            answer(409, "{'error': {'code': 'other-generation', 'message': 'of generation 1'}}");
    private static final Attempt BUSY = answer(503, "{'error': {'code': 'unavailable', 'message': 'busy'}}");

    private final Queue<Attempt> answers = new ArrayDeque<>();
    private OptionalLong recordedAt = OptionalLong.empty();
    private int pauses;

    /** What one attempt brings. */
    private interface Attempt extends Supplier<Page> {}

    @Test
    void shouldSendOnceWhenItIsRecordedAtOnce() {
        JsonNode answer = deliver(COMMITTED);
        assertThat(answer.required("height").asLong()).isEqualTo(7);
        assertThat(pauses).isZero();
    }

    @Test
    void shouldSendAgainWhenTheNodeEndsBeforeItAnswers() {
        assertThat(deliver(LOST, PENDING, COMMITTED).required("height").asLong())
                .isEqualTo(7);
        assertThat(pauses).isEqualTo(2);
    }

    @Test
    void shouldTakeReplayedForRecordedWhenAnEarlierAttemptMayHaveArrived() {
        JsonNode answer = deliver(LOST, BUSY, REPLAYED);
        assertThat(answer.required("status").asString()).isEqualTo("committed");
        assertThat(answer.required("id").asString()).isEqualTo("id");
        assertThat(answer.required("height").isNull()).isTrue();
        assertThat(deliver(PENDING, REPLAYED).required("status").asString()).isEqualTo("committed");
    }

    /** A ballot that removes a node begins another generation, for which it is not signed. */
    @Test
    void shouldBelieveTheHistoryWhenWhatItDecidedHasItRefused() {
        recordedAt = OptionalLong.of(9);
        JsonNode answer = deliver(LOST, OTHER_GENERATION);
        assertThat(answer.required("status").asString()).isEqualTo("committed");
        assertThat(answer.required("height").asLong()).isEqualTo(9);

        recordedAt = OptionalLong.empty();
        assertThatThrownBy(() -> deliver(LOST, OTHER_GENERATION)).isInstanceOf(CliException.class);
    }

    @Test
    void shouldRefuseWhenTheFirstAttemptIsAReplay() {
        assertThatThrownBy(() -> deliver(REPLAYED))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("replayed");
        // A node that took nothing leaves no doubt either.
        assertThatThrownBy(() -> deliver(BUSY, REPLAYED)).isInstanceOf(CliException.class);
    }

    @Test
    void shouldSayPendingWhenNoAttemptSettlesIt() {
        assertThat(deliver(PENDING, LOST, BUSY, PENDING, LOST)
                        .required("status")
                        .asString())
                .isEqualTo("pending");
        assertThat(pauses).isEqualTo(Delivery.ATTEMPTS - 1);
    }

    @Test
    void shouldSayWhyWhenNothingIsTakenOrAnswered() {
        assertThatThrownBy(() -> deliver(BUSY, BUSY, BUSY, BUSY, BUSY))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("busy");
        assertThatThrownBy(() -> deliver(LOST, LOST, LOST, LOST, LOST))
                .isInstanceOf(ClientException.class)
                .hasMessage("the connection broke");
    }

    private static Page lose() {
        throw new ClientException("the connection broke");
    }

    private JsonNode deliver(Attempt... script) {
        answers.clear();
        answers.addAll(List.of(script));
        pauses = 0;
        JsonNode answer =
                new Delivery(() -> pauses++).deliver(() -> answers.remove().get(), "id", () -> recordedAt);
        assertThat(answers).isEmpty();
        return answer;
    }

    private static Attempt answer(int status, String json) {
        return () -> new Page(status, JsonMapper.shared().readTree(json.replace('\'', '"')));
    }
}
