package coco.evm;

/**
 * How the outermost frame ended.
 *
 * @param halt why
 * @param gasLeft of what it was given
 * @param output return data or revert data; nothing after any other end. For a creation, the new code
 */
@SuppressWarnings("ArrayRecordComponent") // Read field by field, never compared.
public record InvocationResult(Halt halt, long gasLeft, byte[] output) {}
