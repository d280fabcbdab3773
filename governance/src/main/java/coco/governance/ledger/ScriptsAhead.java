package coco.governance.ledger;

import coco.governance.GovernanceLimits;
import coco.governance.script.ScriptCall;
import coco.governance.script.ScriptEngineProcess;
import coco.governance.script.ScriptOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rule modules may take seconds, and the thread that makes blocks may not. So a judgement that needs an outcome which
 * is not known yet is given up, the call runs elsewhere, and the judgement is begun again once the outcome is there. An
 * outcome belongs to a call with all its arguments: if the state has changed meanwhile, it is another call.
 */
final class ScriptsAhead implements ScriptEngineProcess {
    private final ScriptEngineProcess engine;
    private final Map<ScriptCall, ScriptOutcome<String>> known = new LinkedHashMap<>();
    private @Nullable ScriptCall wanted;
    private Runnable background = () -> {};

    ScriptsAhead(ScriptEngineProcess engine) {
        this.engine = engine;
    }

    /** A judgement cannot go on before its outcome is known. Never leaves the ledger. */
    static final class NotYetException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotYetException() {
            super("the outcome of a rule module is not known yet", null, false, false);
        }
    }

    /** Gives what makes {@link #runWanted} run soon on a thread that may wait. */
    void background(Runnable soon) {
        background = soon;
    }

    @Override
    public ScriptOutcome<String> run(ScriptCall call) {
        synchronized (known) {
            ScriptOutcome<String> outcome = known.get(call);
            if (outcome != null) {
                return outcome;
            }
            wanted = call;
        }
        background.run();
        throw new NotYetException();
    }

    /**
     * The same without running anything: for judgements in advance. If these had calls run, whoever sends messages fast
     * enough could keep the engine from ever answering what a block waits for.
     */
    ScriptEngineProcess known() {
        return new ScriptEngineProcess() {
            @Override
            public ScriptOutcome<String> run(ScriptCall call) {
                synchronized (known) {
                    ScriptOutcome<String> outcome = known.get(call);
                    if (outcome == null) {
                        throw new NotYetException();
                    }
                    return outcome;
                }
            }

            @Override
            public void close() {
                // The engine is closed by its owner.
            }
        };
    }

    /** Runs the call that was wanted last. */
    void runWanted() {
        ScriptCall call;
        synchronized (known) {
            call = wanted;
        }
        if (call == null) {
            return;
        }
        ScriptOutcome<String> outcome = engine.run(call);
        synchronized (known) {
            if (known.size() >= GovernanceLimits.SCRIPT_OUTCOMES) {
                known.remove(known.keySet().iterator().next());
            }
            known.put(call, outcome);
            if (call.equals(wanted)) {
                wanted = null;
            }
        }
    }

    /** Whether nothing is being waited for. */
    boolean isIdle() {
        synchronized (known) {
            return wanted == null;
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
