package coco.systemtests.linearizability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.systemtests.linearizability.Linearizability.Verdict;
import coco.systemtests.linearizability.Operation.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    private static final int RANDOM_HISTORIES = 4_000;

    private static Operation read(int from, int to, @Nullable String value) {
        return new Operation("r" + from, "k", new Call.Read(value), from, to);
    }

    private static Operation write(int from, long to, @Nullable String value) {
        return new Operation("w" + from, "k", new Call.Write(value), from, to);
    }

    private static Operation swap(
            int from, long to, @Nullable String expected, @Nullable String value, @Nullable Boolean swapped) {
        return new Operation("s" + from, "k", new Call.CompareAndSet(expected, value, swapped), from, to);
    }

    @Test
    void shouldTellWhatCanBeExplainedFromWhatCannot() {
        long never = Operation.NEVER;
        Map<String, List<Operation>> right = new LinkedHashMap<>();
        right.put("nothing", List.of());
        right.put("a read of nothing", List.of(read(1, 2, null)));
        right.put("a read during a write, before it", List.of(write(1, 9, "a"), read(2, 3, null)));
        right.put("a read during a write, after it", List.of(write(1, 9, "a"), read(2, 3, "a")));
        right.put("old, then new, during a write", List.of(write(1, 9, "a"), read(2, 3, null), read(4, 5, "a")));
        right.put("a removal", List.of(write(1, 2, "a"), write(3, 4, null), read(5, 6, null)));
        right.put("an unanswered write, seen late", List.of(write(1, never, "a"), read(8, 9, "a")));
        right.put("an unanswered write, never seen", List.of(write(1, never, "a"), read(8, 9, null)));
        right.put(
                "an unanswered write between two reads",
                List.of(write(1, never, "a"), write(2, 3, "b"), read(4, 5, "b"), read(6, 7, "a")));
        right.put("one of two swaps", List.of(swap(1, 5, null, "a", true), swap(2, 6, null, "b", false)));
        right.put("an unanswered swap that happened", List.of(swap(1, never, null, "a", null), read(3, 4, "a")));
        right.put(
                "a swap that failed by what nobody saw",
                List.of(write(1, never, "a"), swap(2, 3, null, "b", false), read(8, 9, "a")));

        Map<String, List<Operation>> wrong = new LinkedHashMap<>();
        wrong.put("a value that nobody wrote", List.of(read(1, 2, "a")));
        wrong.put("a stale read", List.of(write(1, 2, "a"), write(3, 4, "b"), read(5, 6, "a")));
        wrong.put("a lost write", List.of(write(1, 2, "a"), read(3, 4, null)));
        wrong.put("a read before the write was asked for", List.of(read(1, 2, "a"), write(3, 4, "a")));
        wrong.put("new, then old, during a write", List.of(write(1, 9, "a"), read(2, 3, "a"), read(4, 5, null)));
        wrong.put(
                "two readers in two orders",
                List.of(write(1, 20, "a"), write(2, 20, "b"), read(3, 4, "a"), read(5, 6, "b"), read(7, 8, "a")));
        wrong.put(
                "an unanswered write that happens twice",
                List.of(write(1, never, "a"), read(2, 3, "a"), write(4, 5, "b"), read(6, 7, "b"), read(8, 9, "a")));
        wrong.put("two swaps of one value", List.of(swap(1, 5, null, "a", true), swap(2, 6, null, "b", true)));
        wrong.put("a swap that failed for nothing", List.of(swap(1, 2, null, "a", false)));

        List<String> mistaken = new ArrayList<>();
        right.forEach((name, history) -> {
            if (!(Linearizability.check(history) instanceof Verdict.Linearizable)) {
                mistaken.add("refused: " + name);
            }
        });
        wrong.forEach((name, history) -> {
            if (!(Linearizability.check(history) instanceof Verdict.Violated)) {
                mistaken.add("believed: " + name);
            }
        });
        assertThat(mistaken).isEmpty();
    }

    @Test
    void shouldNameTheKeyAndWhatCouldNotCome() {
        List<Operation> history = List.of(
                new Operation("c", "good", new Call.Write("x"), 1, 2),
                new Operation("c", "bad", new Call.Write("y"), 1, 2),
                new Operation("d", "good", new Call.Read("x"), 3, 4),
                new Operation("d", "bad", new Call.Read(null), 3, 4));
        assertThat(Linearizability.check(history))
                .isEqualTo(new Verdict.Violated(
                        "bad",
                        0,
                        "the register holds null; next could come: c Write[value=y] from 1 to 2;"
                                + " but what is held is still found by d Read[value=null] from 3 to 4"));
    }

    @Test
    void shouldSayThatItGaveUpWhenTheSearchIsTooLong() {
        List<Operation> history = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            history.add(write(i, 100 + i, "v" + i));
        }
        history.add(read(200, 201, "none of these"));
        assertThat(Linearizability.check(history, 1_000)).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void shouldRefuseOperationsThatSayNothing() {
        assertThatThrownBy(() -> read(5, 5, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Operation("c", "k", new Call.Read("x"), 1, Operation.NEVER))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Small histories of three clients, each answer right half of the time: the same verdict as trying all orders. */
    @Test
    void shouldAgreeWithTryingAllOrders() {
        SplittableRandom random = new SplittableRandom(6);
        int linearizable = 0;
        for (int i = 0; i < RANDOM_HISTORIES; i++) {
            List<Operation> history = random(random, 7);
            boolean expected = explained(history, new boolean[history.size()], null);
            linearizable += expected ? 1 : 0;
            assertThat(Linearizability.check(history) instanceof Verdict.Linearizable)
                    .as("history %d: %s", i, history)
                    .isEqualTo(expected);
        }
        assertThat(linearizable).isBetween(RANDOM_HISTORIES / 20, RANDOM_HISTORIES * 19 / 20);
    }

    /** A long history of a real register, with writes that were never answered; then one read of it is another. */
    @Test
    void shouldDecideLongHistoriesOfManyClients() {
        SplittableRandom random = new SplittableRandom(7);
        int refused = 0;
        for (int round = 0; round < 20; round++) {
            List<Operation> history = trueHistory(random, 12, 3_000);
            assertThat(Linearizability.check(history)).isEqualTo(new Verdict.Linearizable(history.size()));
            List<Operation> made = new ArrayList<>(history);
            int at = made.size() - 1;
            while (!(made.get(at).call() instanceof Call.Read)) {
                at--;
            }
            Operation read = made.get(at);
            made.set(at, new Operation(read.client(), "k", new Call.Read("v0"), read.invoked(), read.returned()));
            refused += Linearizability.check(made) instanceof Verdict.Violated ? 1 : 0;
        }
        assertThat(refused).isEqualTo(20);
    }

    /** Clients that ask one after another; each operation happens at a random moment between question and answer. */
    private static List<Operation> trueHistory(SplittableRandom random, int clients, int operations) {
        long[] free = new long[clients];
        List<long[]> moments = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            int client = random.nextInt(clients);
            long invoked = free[client] + 1 + random.nextInt(20);
            long happens = invoked + 1 + random.nextInt(100);
            long returned = happens + 1 + random.nextInt(100);
            free[client] = returned;
            moments.add(new long[] {happens, invoked, returned, client});
        }
        moments.sort((a, b) -> Long.compare(a[0], b[0]));
        List<Operation> history = new ArrayList<>();
        String held = null;
        for (int i = 0; i < moments.size(); i++) {
            long[] moment = moments.get(i);
            Call call = new Call.Read(held);
            boolean answered = true;
            if (random.nextInt(3) == 0) {
                held = random.nextInt(10) == 0 ? null : "v" + i;
                call = new Call.Write(held);
                answered = random.nextInt(30) != 0;
            }
            history.add(
                    new Operation("client " + moment[3], "k", call, moment[1], answered ? moment[2] : Operation.NEVER));
        }
        return history;
    }

    private static List<Operation> random(SplittableRandom random, int operations) {
        List<Operation> history = new ArrayList<>();
        long[] free = new long[3];
        for (int i = 0; i < operations; i++) {
            int client = random.nextInt(free.length);
            long invoked = free[client] + 1 + random.nextInt(4);
            long returned = invoked + 1 + random.nextInt(10);
            free[client] = returned;
            Call call = call(random);
            boolean unanswered = !(call instanceof Call.Read) && random.nextInt(4) == 0;
            history.add(new Operation("c" + client, "k", call, invoked, unanswered ? Operation.NEVER : returned));
        }
        return history;
    }

    private static Call call(SplittableRandom random) {
        List<@Nullable String> values = Arrays.asList(null, "a", "b");
        String value = values.get(random.nextInt(3));
        return switch (random.nextInt(4)) {
            case 0 -> new Call.Write(value);
            case 1 -> new Call.CompareAndSet(values.get(random.nextInt(3)), value, random.nextBoolean());
            default -> new Call.Read(value);
        };
    }

    /** Every order there is: what was not answered may be left out at the end. */
    private static boolean explained(List<Operation> history, boolean[] done, @Nullable String held) {
        long firstAnswer = Operation.NEVER;
        for (int i = 0; i < done.length; i++) {
            firstAnswer =
                    done[i] ? firstAnswer : Math.min(firstAnswer, history.get(i).returned());
        }
        if (firstAnswer == Operation.NEVER) {
            return true;
        }
        for (int i = 0; i < done.length; i++) {
            Operation operation = history.get(i);
            if (!done[i]
                    && operation.invoked() <= firstAnswer
                    && operation.call().fits(held)) {
                done[i] = true;
                boolean found = explained(history, done, operation.call().after(held));
                done[i] = false;
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }
}
