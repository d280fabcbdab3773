package coco.systemtests.linearizability;

import coco.systemtests.linearizability.Operation.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The search for an order that explains a history of one key. */
public final class Linearizability {
    /** Enough for thousands of operations of a dozen clients; beyond it the search would want gigabytes. */
    private static final int CONFIGURATIONS = 2_000_000;

    private static final int WANTED = 0;
    private static final int BROUGHT = 1;

    /** In the order in which they were asked, those that were answered first: an index is a name. */
    private final List<Operation> operations;

    private final int answered;
    private final int configurations;
    private final Set<Configuration> seen = new HashSet<>();
    private final Deque<Step> steps = new ArrayDeque<>();
    /** By value, what is left: how many must find it, and how many can bring it. */
    private final Map<String, int[]> left = new HashMap<>();

    private final BitSet done = new BitSet();
    private @Nullable String held;
    private int answeredDone;

    private Linearizability(List<Operation> history, int configurations) {
        this.operations = history.stream()
                .sorted(Comparator.comparing(Operation::isAnswered).reversed().thenComparingLong(Operation::invoked))
                .toList();
        this.answered = (int) history.stream().filter(Operation::isAnswered).count();
        this.configurations = configurations;
        operations.forEach(operation -> count(operation, 1));
    }

    private void count(Operation operation, int one) {
        switch (operation.call()) {
            case Call.Read read -> left(read.value())[WANTED] += one;
            case Call.Write write -> left(write.value())[BROUGHT] += one;
            case Call.CompareAndSet swap -> {
                boolean failed = swap.isPassive();
                boolean wants = operation.isAnswered() && swap.swapped() != null && !failed;
                left(swap.expected())[WANTED] += wants ? one : 0;
                left(swap.value())[BROUGHT] += failed ? 0 : one;
            }
        }
    }

    private int[] left(@Nullable String value) {
        return left.computeIfAbsent(name(value), _ -> new int[2]);
    }

    private static String name(@Nullable String value) {
        return value == null ? "nothing" : "value " + value;
    }

    /** What became of a history. */
    public sealed interface Verdict {
        /** There is an order that explains it. */
        record Linearizable(int operations) implements Verdict {}

        /**
         * There is none.
         *
         * @param key whose operations cannot be explained
         * @param explained the most operations that an order could explain
         * @param words which ones could not come next, and what the register held
         */
        record Violated(String key, int explained, String words) implements Verdict {}

        /** The search was given up. */
        record Undecided(String key, int configurations) implements Verdict {}
    }

    /** Judges a history of any number of keys, each of which holds nothing at first. */
    public static Verdict check(List<Operation> history) {
        return check(history, CONFIGURATIONS);
    }

    static Verdict check(List<Operation> history, int configurations) {
        Map<String, List<Operation>> byKey =
                history.stream().collect(Collectors.groupingBy(Operation::key, TreeMap::new, Collectors.toList()));
        for (List<Operation> ofKey : byKey.values()) {
            Verdict verdict = new Linearizability(withoutTheUnseen(ofKey), configurations).search();
            if (!(verdict instanceof Verdict.Linearizable)) {
                return verdict;
            }
        }
        return new Verdict.Linearizable(history.size());
    }

    /**
     * Writes that were never answered and whose value nobody saw explain nothing: an order with one is an order
     * without it. Not so where there is a compare-and-set, which may fail because of a value that nobody saw.
     */
    private static List<Operation> withoutTheUnseen(List<Operation> ofKey) {
        Set<String> read = new HashSet<>();
        for (Operation operation : ofKey) {
            switch (operation.call()) {
                case Call.Read found -> read.add(name(found.value()));
                case Call.Write _ -> {}
                case Call.CompareAndSet _ -> {
                    return ofKey;
                }
            }
        }
        return ofKey.stream()
                .filter(operation -> operation.isAnswered()
                        || !(operation.call() instanceof Call.Write write)
                        || read.contains(name(write.value())))
                .toList();
    }

    /** An operation that was put next, with what the register held before, and what else could be put there. */
    private static final class Step {
        private final int[] candidates;
        private final @Nullable String before;
        private int next;

        Step(int[] candidates, @Nullable String before) {
            this.candidates = candidates;
            this.before = before;
        }
    }

    /**
     * What decides about the rest of the search: which operations are done, and what the register holds. All answered
     * ones before {@code first} are done.
     */
    private record Configuration(
            int first,
            BitSet following,
            BitSet unanswered,
            @Nullable String held) {}

    private Verdict search() {
        int most = -1;
        String stuck = "";
        steps.push(new Step(candidates(), held));
        while (answeredDone < answered) {
            if (answeredDone > most) {
                most = answeredDone;
                stuck = describe();
            }
            if (seen.size() > configurations) {
                return new Verdict.Undecided(operations.getFirst().key(), seen.size());
            }
            if (!advance() && !retreat()) {
                return new Verdict.Violated(operations.getFirst().key(), most, stuck);
            }
        }
        return new Verdict.Linearizable(operations.size());
    }

    /** Puts one more operation, if any of those that are left at this step can be. */
    private boolean advance() {
        Step step = steps.element();
        while (step.next < step.candidates.length) {
            int candidate = step.candidates[step.next++];
            Operation operation = operations.get(candidate);
            if (!operation.call().fits(step.before)) {
                continue;
            }
            mark(candidate, true);
            held = operation.call().after(step.before);
            if (!isLostForGood(step.before) && seen.add(configuration())) {
                steps.push(new Step(candidates(), held));
                return true;
            }
            mark(candidate, false);
            held = step.before;
        }
        return false;
    }

    /** Whether somebody has yet to find a value that is held no more and that nobody can bring back. */
    private boolean isLostForGood(@Nullable String before) {
        int[] ofValue = left(before);
        return !Objects.equals(before, held) && ofValue[WANTED] > 0 && ofValue[BROUGHT] == 0;
    }

    /** Takes the newest operation back. */
    private boolean retreat() {
        steps.pop();
        Step step = steps.peek();
        if (step == null) {
            return false;
        }
        mark(step.candidates[step.next - 1], false);
        held = step.before;
        return true;
    }

    private void mark(int operation, boolean isDone) {
        done.set(operation, isDone);
        count(operations.get(operation), isDone ? -1 : 1);
        if (operation < answered) {
            answeredDone += isDone ? 1 : -1;
        }
    }

    private Configuration configuration() {
        int first = done.nextClearBit(0);
        return first >= answered
                ? new Configuration(answered, new BitSet(), done.get(answered, operations.size()), held)
                : new Configuration(first, done.get(first, answered), done.get(answered, operations.size()), held);
    }

    /**
     * What may come next: whatever was asked before any that is left was answered. Among these one that fits and
     * changes nothing is as good as all.
     */
    private int[] candidates() {
        long firstAnswer = Operation.NEVER;
        List<Integer> open = new ArrayList<>();
        for (int i = done.nextClearBit(0); i < answered; i = done.nextClearBit(i + 1)) {
            Operation operation = operations.get(i);
            if (operation.invoked() > firstAnswer) {
                break;
            }
            firstAnswer = Math.min(firstAnswer, operation.returned());
            open.add(i);
        }
        for (int i = done.nextClearBit(answered); i < operations.size(); i = done.nextClearBit(i + 1)) {
            open.add(i);
        }
        int[] candidates = new int[open.size()];
        int count = 0;
        for (int i : open) {
            Call call = operations.get(i).call();
            if (operations.get(i).invoked() <= firstAnswer) {
                if (i < answered && call.isPassive() && call.fits(held)) {
                    return new int[] {i};
                }
                candidates[count++] = i;
            }
        }
        return Arrays.copyOf(candidates, count);
    }

    private String describe() {
        StringBuilder out = new StringBuilder("the register holds " + held + "; next could come");
        for (int candidate : candidates()) {
            out.append(": ").append(words(operations.get(candidate)));
        }
        int[] ofValue = left(held);
        if (ofValue[WANTED] > 0 && ofValue[BROUGHT] == 0) {
            operations.stream()
                    .filter(operation -> operation.call().equals(new Call.Read(held)))
                    .reduce((_, last) -> last)
                    .ifPresent(last ->
                            out.append("; but what is held is still found by ").append(words(last)));
        }
        return out.toString();
    }

    private static String words(Operation operation) {
        return operation.client() + " " + operation.call() + " from " + operation.invoked() + " to "
                + (operation.isAnswered() ? operation.returned() : "no answer");
    }
}
