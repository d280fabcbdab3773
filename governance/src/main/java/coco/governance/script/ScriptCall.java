package coco.governance.script;

/**
 * One call of a function of a module.
 *
 * @param source the module
 * @param function which export is called
 * @param arguments a JSON array, the function's arguments
 */
public record ScriptCall(String source, Function function, String arguments) {
    /** What a module exports. */
    public enum Function {
        /** {@code validate(proposal)} → {@code {valid: boolean, description: string}}. */
        VALIDATE("validate"),
        /** {@code resolve(proposal, ballots, members)} → {@code "open" | "accepted" | "rejected"}. */
        RESOLVE("resolve"),
        /** {@code apply(proposal)} → {@code [{name, arguments}, …]}. */
        APPLY("apply");

        private final String export;

        Function(String export) {
            this.export = export;
        }

        /** Its name in the module. */
        public String export() {
            return export;
        }
    }
}
