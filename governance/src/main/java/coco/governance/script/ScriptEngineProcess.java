package coco.governance.script;

/**
 * Runs calls of modules, one at a time; any thread. A fake of this makes a state machine testable without a process.
 */
public interface ScriptEngineProcess extends AutoCloseable {
    /**
     * Runs a call and gives the JSON text of what it returned. Never throws for what a module does. Blocks, bounded.
     */
    ScriptOutcome<String> run(ScriptCall call);

    /** Makes the next call a quick one: where rules are a module, a node asks for it when it starts. Does not block. */
    default void prepare() {}

    /** Ends the process, if any. */
    @Override
    void close();
}
