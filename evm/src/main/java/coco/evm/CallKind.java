package coco.evm;

/** How a frame is entered. */
public enum CallKind {
    /** A transaction to an account, or CALL. */
    CALL,
    /** Another account's code on the caller's storage, value moved to the caller itself. */
    CALLCODE,
    /** Another account's code with the caller's storage, caller and value (EIP-7). */
    DELEGATECALL,
    /** CALL without the right to change anything (EIP-214). */
    STATICCALL,
    /** A transaction without a recipient, or CREATE. */
    CREATE,
    /** CREATE at an address that depends on salt and code (EIP-1014). */
    CREATE2
}
