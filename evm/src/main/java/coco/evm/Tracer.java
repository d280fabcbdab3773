package coco.evm;

import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;

/**
 * Watches an execution: one tracer, one execution, one thread. It sees and changes nothing: gas, output, logs and state
 * are the same with and without it. What it is handed is valid during the call only, unless it is a value.
 *
 * <p>Events come in the order in which things happen. Every {@link #frameEntered} has its {@link #frameExited}, save when
 * the world below cannot be read and its exception passes through. A frame is also entered where nothing runs: calls to
 * accounts without code and to precompiled contracts, and calls that are refused for depth, balance or by a guard.
 */
public interface Tracer {
    /**
     * Whether {@link #step} is wanted from here on. Asked before every instruction; while the answer is no, frames run as
     * fast as without a tracer.
     */
    boolean wantsSteps();

    /** A transaction passed its checks; nothing has happened yet, not even the payment for gas. */
    default void transactionStarted(TracedTransaction transaction, TracedState state) {}

    /**
     * The transaction is over, fees and refunds included; the state is what it leaves, before accounts are removed.
     *
     * @param halt how the outermost frame ended
     * @param gasUsed what the sender paid for
     */
    default void transactionEnded(Halt halt, long gasUsed) {}

    /** A call or a creation begins; value has not moved yet. */
    default void frameEntered(FrameEntry frame) {}

    /** The frame entered last, of those not yet left, is over. Its changes are taken back if it failed. */
    default void frameExited(FrameExit frame) {}

    /** An instruction is about to take effect. */
    default void step(Step step) {}

    /** A contract wrote a log, which is lost if its frame or one around it fails. */
    default void logWritten(Log log) {}

    /**
     * A contract destroys itself; the balance has not moved yet.
     *
     * @param balance what goes to the heir, in wei
     */
    default void selfDestructed(Address contract, Address heir, Word balance) {}
}
