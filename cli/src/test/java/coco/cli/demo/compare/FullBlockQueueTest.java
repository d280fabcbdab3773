package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FullBlockQueueTest {
    private static final int MANY = 1_000;
    private static final int[] NONE = {};

    @Test
    void shouldGiveOneFullBlockAndThenWaitForIt() {
        List<Footprint> all = List.of(apart(1, 40, 40), apart(2, 40, 40), apart(3, 40, 40));
        Lane lane = new Lane(3, 1);
        FullBlockQueue queue = new FullBlockQueue(all, lane, 100);

        assertThat(send(queue, lane, 10)).containsExactly(0, 1);
        assertThat(queue.take(10)).isEmpty();
        lane.block(1, List.of(0), 1);
        assertThat(send(queue, lane, 10)).containsExactly(2);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void shouldFillARestWithWhatComesLaterAndTouchesNothingThatWasPassedOver() {
        Footprint first = apart(1, 60, 60);
        Footprint large = new Footprint(50, 50, new int[] {2}, new int[] {2});
        Footprint readsTheSame = new Footprint(20, 20, new int[] {2, 3}, NONE);
        Footprint other = new Footprint(20, 20, new int[] {4}, new int[] {4});
        Lane lane = new Lane(4, 1);
        FullBlockQueue queue = new FullBlockQueue(List.of(first, large, readsTheSame, other), lane, 100);

        assertThat(send(queue, lane, 10)).containsExactly(0, 3);
        lane.block(1, List.of(0, 3), 1);
        assertThat(send(queue, lane, 10)).containsExactly(1, 2);
    }

    @Test
    void shouldLetTwoPassThatOnlyReadTheSame() {
        Footprint first = new Footprint(60, 60, new int[] {7}, new int[] {1});
        Footprint large = new Footprint(50, 50, new int[] {7}, new int[] {2});
        Footprint small = new Footprint(20, 20, new int[] {7}, new int[] {3});
        Lane lane = new Lane(3, 1);

        assertThat(send(new FullBlockQueue(List.of(first, large, small), lane, 100), lane, 10))
                .containsExactly(0, 2);
    }

    @Test
    void shouldAskForTheRoomOfALimitAndTakeWhatIsUsed() {
        List<Footprint> all = List.of(apart(1, 90, 10), apart(2, 90, 10), apart(3, 90, 10));
        Lane lane = new Lane(3, 1);

        assertThat(send(new FullBlockQueue(all, lane, 100), lane, 10)).containsExactly(0, 1);
    }

    @Test
    void shouldSendWhatFitsIntoNoBlockByItself() {
        List<Footprint> all = List.of(apart(1, 500, 500), apart(2, 10, 10));
        Lane lane = new Lane(2, 1);
        FullBlockQueue queue = new FullBlockQueue(all, lane, 100);

        assertThat(send(queue, lane, 10)).containsExactly(0);
        lane.refused(0, "too much gas");
        assertThat(send(queue, lane, 10)).containsExactly(1);
    }

    @Test
    void shouldKeepTheOrderOfAllThatTouchTheSameHoweverBlocksCome() {
        Random random = new Random(20_261_127);
        List<Footprint> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            long limit = 21L + random.nextInt(300);
            all.add(new Footprint(
                    limit,
                    21 + random.nextLong(limit - 20),
                    random.ints(2, 0, 60).toArray(),
                    random.ints(random.nextInt(3), 0, 60).toArray()));
        }
        Lane lane = new Lane(MANY, 1);
        FullBlockQueue queue = new FullBlockQueue(all, lane, 1_000);
        List<Integer> sent = new ArrayList<>();
        List<Integer> waiting = new ArrayList<>();
        int passedBy = 0;
        while (!queue.isEmpty()) {
            List<Integer> taken = send(queue, lane, 1 + random.nextInt(4));
            sent.addAll(taken);
            waiting.addAll(taken);
            assertThat(waiting.stream().mapToLong(i -> all.get(i).gasUsed()).sum())
                    .isLessThanOrEqualTo(1_000);
            if (taken.isEmpty() || random.nextInt(20) == 0) {
                int part = 1 + random.nextInt(waiting.size());
                lane.block(sent.size(), List.copyOf(waiting.subList(0, part)), 1);
                waiting.subList(0, part).clear();
            }
        }

        assertThat(sent).doesNotHaveDuplicates().hasSize(MANY);
        for (int later = 0; later < MANY; later++) {
            for (int earlier = 0; earlier < later; earlier++) {
                if (sent.get(earlier) > sent.get(later)) {
                    passedBy++;
                    Footprint.Union one = new Footprint.Union();
                    one.add(all.get(sent.get(earlier)));
                    assertThat(one.conflictsWith(all.get(sent.get(later)))).isFalse();
                }
            }
        }
        assertThat(passedBy).isPositive();
    }

    private static Footprint apart(int place, long gasLimit, long gasUsed) {
        return new Footprint(gasLimit, gasUsed, NONE, new int[] {place});
    }

    private static List<Integer> send(FullBlockQueue queue, Lane lane, int most) {
        List<Integer> taken = queue.take(most);
        taken.forEach(transaction -> lane.sent(transaction, 0));
        return taken;
    }
}
