package coco.node.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HeadInquiryTest {
    private static final long INVENTED = Long.MAX_VALUE / 2;

    @Test
    void shouldTakeTheHeightThatAMajorityOfTheAnswersNamesOrPasses() {
        assertThat(HeadInquiry.agreed(List.of())).isEmpty();
        Map<List<Long>, Long> agreed = Map.of(
                List.of(7L), 7L,
                List.of(INVENTED, 7L), 7L,
                List.of(7L, INVENTED, 9L), 9L,
                List.of(INVENTED, 5L, 7L, 9L), 7L,
                List.of(5L, 7L, 9L, INVENTED, INVENTED), 9L);
        agreed.forEach((told, height) -> assertThat(HeadInquiry.agreed(
                        told.stream().map(HeadInquiryTest::answer).toList()))
                .as("%s", told)
                .hasValueSatisfying(answer -> assertThat(answer.height()).isEqualTo(height)));
    }

    private static JoinAnswer answer(long height) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) height);
        return new JoinAnswer(JoinAnswer.Status.PENDING, bytes, 0, height, bytes, bytes, Instant.EPOCH, List.of());
    }
}
