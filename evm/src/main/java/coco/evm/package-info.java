/**
 * The Ethereum virtual machine: one interpreter for all forks.
 *
 * <p>A frame runs in {@code Interpreter.run}: one method, one dense switch over the opcode, with the program counter,
 * the stack pointer and the gas in local variables, so that the just-in-time compiler keeps them in registers. Stack
 * words are four longs in one flat array, the least significant first; nothing is allocated for an instruction. What
 * differs between forks is data: a table of gas and stack bounds for each opcode, and a record of prices. How a frame
 * ends is a number, not an exception. A call suspends the frame and is continued by a loop, never by recursion, so the
 * depth of 1,024 needs no stack of the thread.
 *
 * <p>A {@link coco.evm.Tracer} watches, a {@link coco.evm.FrameGuard} forbids, a {@link coco.evm.Cancellation} gives up;
 * each is null where it is not wanted, and then costs a test per call, log or store at most. A tracer that wants every
 * instruction gets them from {@code Tracing}, which lets the same switch run one at a time.
 *
 * <p>Hot code is marked as such. Measure before and after you change it.
 *
 * <p>What this package does not do: it knows no transactions, fees or blocks ({@code coco.evm.transition}), and keeps
 * no state ({@code coco.evm.state}).
 */
@NullMarked
package coco.evm;

import org.jspecify.annotations.NullMarked;
