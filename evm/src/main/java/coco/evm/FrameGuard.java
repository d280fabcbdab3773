package coco.evm;

import coco.evm.types.Address;

/**
 * Is asked before a frame is entered, be it by a transaction, a call or a creation, and before a frame looks at
 * another account. It must decide by state that every
 * replica has, or not be used where results are replicated.
 *
 * <p>Calls to precompiled contracts are not asked about: they hold no state of their own.
 */
@FunctionalInterface
public interface FrameGuard {
    /**
     * Whether the frame may be entered. If not, it reverts with no data: value and gas go back to the caller.
     *
     * @param user the account that signed the transaction
     * @param caller the account whose frame makes the call, also for DELEGATECALL; the user for the outermost frame
     * @param callee the account whose storage the frame has
     * @param code the account whose code the frame runs: differs from {@code callee} for DELEGATECALL and CALLCODE, and
     *     where an account delegates (EIP-7702); for a creation it is {@code callee}
     * @param selector the first four bytes of the input as a big-endian number, filled with zeros where there are fewer
     * @param kind how it is entered
     */
    boolean mayEnter(Address user, Address caller, Address callee, Address code, int selector, CallKind kind);

    /**
     * Whether a frame may look at another account's balance, code hash or code (BALANCE, EXTCODEHASH, EXTCODECOPY). If
     * not, it halts with {@link Halt#ACCESS_DENIED}: what it is given in place of the truth would be seen by others.
     * EXTCODESIZE is not asked about.
     *
     * @param user the account that signed the transaction
     * @param frame the account whose storage the frame has
     * @param account another one, which need not exist
     */
    default boolean mayInspect(Address user, Address frame, Address account) {
        return true;
    }
}
