package coco.evm.reference;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a scenario smaller while two machines still differ on it. */
final class Shrinker {
    private static final long PLENTY_OF_GAS = 1_000_000;

    private final Predicate<Scenario> differs;
    private final long endNanos;
    private Scenario best;
    private boolean progressed;

    private Shrinker(Scenario scenario, Predicate<Scenario> differs, long seconds) {
        this.best = scenario;
        this.differs = differs;
        this.endNanos = System.nanoTime() + seconds * 1_000_000_000L;
    }

    /** The smallest scenario that was found in so many seconds. */
    static Scenario shrink(Scenario scenario, long seconds, Predicate<Scenario> differs) {
        Shrinker shrinker = new Shrinker(scenario, differs, seconds);
        do {
            shrinker.progressed = false;
            shrinker.shrinkCalls();
            shrinker.shrinkContracts();
        } while (shrinker.progressed && shrinker.hasTime());
        return shrinker.best;
    }

    private boolean hasTime() {
        return System.nanoTime() - endNanos < 0;
    }

    private boolean accept(Scenario smaller) {
        if (!hasTime() || !differs.test(smaller)) {
            return false;
        }
        best = smaller;
        progressed = true;
        return true;
    }

    private void shrinkCalls() {
        for (int i = best.calls().size() - 1; i >= 0; i--) {
            List<Scenario.Call> fewer = new ArrayList<>(best.calls());
            Scenario.Call call = fewer.remove(i);
            if (best.calls().size() > 1 && accept(best.withCalls(fewer))) {
                continue;
            }
            replace(
                    i,
                    new Scenario.Call(
                            call.kind(), call.target(), BigInteger.ZERO, call.data(), call.gas(), call.warm()));
            replace(i, best.calls().get(i).withGas(PLENTY_OF_GAS));
            call = best.calls().get(i);
            replace(
                    i,
                    new Scenario.Call(call.kind(), call.target(), call.value(), new byte[0], call.gas(), call.warm()));
            call = best.calls().get(i);
            replace(i, new Scenario.Call(call.kind(), call.target(), call.value(), call.data(), call.gas(), List.of()));
        }
    }

    private void replace(int index, Scenario.Call simpler) {
        List<Scenario.Call> calls = new ArrayList<>(best.calls());
        if (!calls.get(index).toString().equals(simpler.toString())) {
            calls.set(index, simpler);
            accept(best.withCalls(calls));
        }
    }

    private void shrinkContracts() {
        for (int i = 0; i < best.contracts().size(); i++) {
            Scenario.Contract contract = best.contracts().get(i);
            if (!contract.program().pieces().isEmpty()) {
                accept(best.with(i, contract.with(Program.EMPTY)));
            }
            if (!contract.storage().isEmpty()) {
                accept(best.with(i, best.contracts().get(i).withoutStorage()));
            }
            for (int chunk = program(i).pieces().size() / 2; chunk >= 1; chunk /= 2) {
                leaveOut(i, chunk);
            }
        }
    }

    private Program program(int index) {
        return best.contracts().get(index).program();
    }

    /** Tries without each run of so many pieces, the last first. */
    private void leaveOut(int index, int chunk) {
        for (int from = program(index).pieces().size() - chunk; from >= 0; from -= chunk) {
            int to = Math.min(from + chunk, program(index).pieces().size());
            if (from < to) {
                accept(best.with(
                        index, best.contracts().get(index).with(program(index).without(from, to))));
            }
        }
    }
}
