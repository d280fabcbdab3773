package coco.evm.tracing;

import coco.evm.Halt;

/** What OpenEthereum, and the clients that followed it, call failures of calls. */
final class ParityWords {
    private ParityWords() {}

    /** The words for a frame that ended like this; the clients agree on none for the last few, and say them as geth. */
    static String of(Halt halt) {
        return switch (halt) {
            case REVERT -> "Reverted";
            case OUT_OF_GAS, CODE_DEPOSIT_OUT_OF_GAS, CODE_TOO_LONG, INIT_CODE_TOO_LONG -> "Out of gas";
            case INVALID_OPCODE -> "Bad instruction";
            case INVALID_JUMP -> "Bad jump destination";
            case STACK_UNDERFLOW -> "Stack underflow";
            case STACK_OVERFLOW -> "Out of stack";
            case RETURN_DATA_OUT_OF_BOUNDS -> "Out of bounds";
            case PRECOMPILE_FAILED -> "Built-in failed";
            case WRITE_PROTECTION -> "Mutable Call In Static Context";
            case SUCCESS,
                    ADDRESS_COLLISION,
                    CODE_BEGINS_WITH_EF,
                    DEPTH,
                    INSUFFICIENT_BALANCE,
                    NONCE_OVERFLOW,
                    CANCELLED,
                    ACCESS_DENIED -> halt.text();
        };
    }
}
