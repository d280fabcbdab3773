/**
 * A second machine, written to be read, and the programs on which the two are compared.
 *
 * <p>{@link coco.evm.reference.PlainEvm} and {@link coco.evm.reference.PlainFrame} say what the yellow paper and the
 * EIPs say, in that order and in no cleverer way: words are BigIntegers, the stack is a list, a call is a call, a world
 * is a few maps that are copied before a frame and put back after a failure, and a halt is an exception. None of that
 * is how the real machine does it, so the two are unlikely to be wrong in the same way. They share the types, the
 * precompiled contracts and nothing else.
 *
 * <p>One thing is copied on purpose, since no EIP rules it: which of two reasons to halt is told when both hold. The
 * fixed price is paid first, then the stack is looked at, then whatever the opcode itself asks for.
 *
 * <p>{@link coco.evm.reference.Scenarios} makes worlds, programs and messages from a seed,
 * {@link coco.evm.reference.Comparison} runs them on both machines, {@link coco.evm.reference.Shrinker} makes those
 * on which they differ small.
 */
@NullMarked
package coco.evm.reference;

import org.jspecify.annotations.NullMarked;
