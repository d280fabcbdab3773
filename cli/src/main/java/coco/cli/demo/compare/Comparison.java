package coco.cli.demo.compare;

import coco.crypto.Hex;
import coco.evm.BlockEnvironment;
import coco.evm.transition.ChainRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Both networks' results of every transaction, beside each other and beside what the receipt says where it comes from.
 */
final class Comparison {
    private final Choice choice;
    private final Outcomes coco;
    private final Outcomes baseline;
    private final Lane cocoLane;
    private final Map<Integer, Explainer.Kind> kinds = new HashMap<>();

    /** @param cocoLane which block has which transaction */
    Comparison(Choice choice, Outcomes coco, Outcomes baseline, Lane cocoLane) {
        this.choice = choice;
        this.coco = coco;
        this.baseline = baseline;
        this.cocoLane = cocoLane;
    }

    /**
     * Explains every difference from what was recorded.
     *
     * @param rules of the networks
     * @param source gives a block that transactions come from
     */
    void explain(ChainRules rules, LongFunction<SourceBlock> source) {
        Map<Long, Map<Integer, Integer>> questions = new HashMap<>();
        Set<Long> blocks = new TreeSet<>();
        for (int i = 0; i < choice.transactions().size(); i++) {
            SourceTransaction transaction = choice.transactions().get(i);
            if (differsFromRecord(i)) {
                blocks.add(transaction.block());
                questions
                        .computeIfAbsent(transaction.block(), _ -> new HashMap<>())
                        .put(transaction.index(), i);
            }
        }
        Explainer explainer = new Explainer(rules, choice.codes());
        for (long block : blocks) {
            Map<Integer, Integer> asked = questions.getOrDefault(block, Map.of());
            explainer
                    .explain(source.apply(block), index -> question(asked.get(index)))
                    .forEach((index, kind) -> kinds.put(asked.getOrDefault(index, -1), kind));
        }
    }

    private Explainer.@Nullable Question question(@Nullable Integer transaction) {
        if (transaction == null) {
            return null;
        }
        SourceTransaction.Outcome seen = coco.of(transaction);
        BlockEnvironment block = coco.block(cocoLane.block(transaction));
        return seen == null || block == null ? null : new Explainer.Question(seen, block);
    }

    /** Whether Coco's result is another one than the recorded; false where one of them is not known. */
    boolean differsFromRecord(int transaction) {
        SourceTransaction.Outcome recorded =
                choice.transactions().get(transaction).recorded();
        SourceTransaction.Outcome seen = coco.of(transaction);
        return recorded != null && seen != null && !recorded.equals(seen);
    }

    /** Why; null where there is no difference. */
    Explainer.@Nullable Kind kind(int transaction) {
        return kinds.get(transaction);
    }

    SourceTransaction.@Nullable Outcome coco(int transaction) {
        return coco.of(transaction);
    }

    SourceTransaction.@Nullable Outcome baseline(int transaction) {
        return baseline.of(transaction);
    }

    /** Those whose results differ between the two networks. */
    List<Integer> apart() {
        List<Integer> apart = new ArrayList<>();
        for (int i = 0; i < choice.transactions().size(); i++) {
            SourceTransaction.Outcome ours = coco.of(i);
            SourceTransaction.Outcome theirs = baseline.of(i);
            if (ours != null && theirs != null && !ours.equals(theirs)) {
                apart.add(i);
            }
        }
        return apart;
    }

    /** All in numbers. */
    Summary summary() {
        int both = 0;
        int agree = 0;
        int known = 0;
        int equal = 0;
        Map<Explainer.Kind, Integer> differences = new EnumMap<>(Explainer.Kind.class);
        for (int i = 0; i < choice.transactions().size(); i++) {
            SourceTransaction.Outcome ours = coco.of(i);
            SourceTransaction.Outcome theirs = baseline.of(i);
            SourceTransaction.Outcome recorded = choice.transactions().get(i).recorded();
            if (ours != null && theirs != null) {
                both++;
                agree += ours.equals(theirs) ? 1 : 0;
            }
            if (ours != null && recorded != null) {
                known++;
                equal += ours.equals(recorded) ? 1 : 0;
                Explainer.Kind kind = kinds.get(i);
                if (kind != null) {
                    differences.merge(kind, 1, Integer::sum);
                }
            }
        }
        return new Summary(both, agree, known, equal, differences);
    }

    /** For messages: the hash of a transaction. */
    String hash(int transaction) {
        return "0x"
                + Hex.encode(
                        choice.transactions().get(transaction).transaction().hash());
    }

    /**
     * In numbers.
     *
     * @param both done on both networks
     * @param agree of these, with the same status and gas
     * @param recorded done on Coco, and known where they come from
     * @param equal of these, with the recorded status and gas
     * @param differences the others, by reason
     */
    record Summary(int both, int agree, int recorded, int equal, Map<Explainer.Kind, Integer> differences) {}
}
