package coco.evm;

/** Failures in geth's words, where those name more than the reason. */
final class Faults {
    private Faults() {}

    /**
     * What geth says.
     *
     * @param op the opcode that failed
     * @param sp longs on the stack before it
     */
    static String text(ForkRules rules, Halt halt, int op, int sp) {
        return switch (halt) {
            case INVALID_OPCODE -> "invalid opcode: " + Opcodes.name(op);
            case STACK_UNDERFLOW ->
                "stack underflow (%d <=> %d)".formatted(sp / 4, ForkRules.need(rules.table[op]) / 4);
            case STACK_OVERFLOW -> {
                long rule = rules.table[op];
                int most = (ForkRules.need(rule) + ForkRules.span(rule)) / 4;
                yield "stack limit reached %d (%d)".formatted(sp / 4, most);
            }
            default -> halt.text();
        };
    }
}
