/**
 * Contract code made ready to run.
 *
 * <p>Before a byte of code is executed it is copied once behind 33 zero bytes of padding, so that neither fetching an
 * opcode nor reading the argument of a PUSH at the very end needs a bounds check, and scanned once for the places a
 * JUMP may go to. Both depend on nothing but the bytes, so the result is shared between transactions, forks and
 * threads: {@link coco.evm.code.CodeCache} keeps it by code hash, bounded by weight.
 *
 * <p>What this package does not do: it knows no opcode but JUMPDEST, PUSH and the EIP-7702 delegation designator, and
 * judges no code as valid or invalid.
 */
@NullMarked
package coco.evm.code;

import org.jspecify.annotations.NullMarked;
