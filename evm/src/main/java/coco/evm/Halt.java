package coco.evm;

/** Why a frame, and so perhaps a transaction, came to its end. */
public enum Halt {
    /** STOP, RETURN, SELFDESTRUCT or the end of the code. */
    SUCCESS(""),
    /** REVERT: changes are undone, the rest of the gas is given back, and there may be data. */
    REVERT("execution reverted"),
    OUT_OF_GAS("out of gas"),
    INVALID_OPCODE("invalid opcode"),
    STACK_UNDERFLOW("stack underflow"),
    STACK_OVERFLOW("stack limit reached 1024 (1023)"),
    INVALID_JUMP("invalid jump destination"),
    /** Something that writes inside a STATICCALL. */
    WRITE_PROTECTION("write protection"),
    RETURN_DATA_OUT_OF_BOUNDS("return data out of bounds"),
    /** A contract was to be created where an account is. */
    ADDRESS_COLLISION("contract address collision"),
    /** A new contract's code is too long (EIP-170). */
    CODE_TOO_LONG("max code size exceeded"),
    /** A new contract's code begins with 0xEF (EIP-3541). */
    CODE_BEGINS_WITH_EF("invalid code: must not begin with 0xef"),
    /** The gas left does not pay for storing a new contract's code. */
    CODE_DEPOSIT_OUT_OF_GAS("contract creation code storage out of gas"),
    /** Init code is too long (EIP-3860). */
    INIT_CODE_TOO_LONG("max initcode size exceeded"),
    /** A precompiled contract refused its input. */
    PRECOMPILE_FAILED("precompiled contract failed"),
    /** More than 1,024 frames. */
    DEPTH("max call depth exceeded"),
    /** Value that the caller does not have. */
    INSUFFICIENT_BALANCE("insufficient balance for transfer"),
    /** A creator's nonce is at its end (EIP-2681). */
    NONCE_OVERFLOW("nonce uint64 overflow"),
    /** A {@link FrameGuard} does not show the account that an instruction looks at. */
    ACCESS_DENIED("access denied"),
    /** The execution was cancelled from outside: its result means nothing. */
    CANCELLED("execution aborted (timeout = 0s)");

    private final String text;

    Halt(String text) {
        this.text = text;
    }

    /** What Ethereum clients call it; empty for success. */
    public String text() {
        return text;
    }

    public boolean isSuccess() {
        return this == SUCCESS;
    }
}
