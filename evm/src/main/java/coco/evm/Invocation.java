package coco.evm;

import coco.evm.types.Address;
import coco.evm.types.Word;

/**
 * The outermost frame of an execution.
 *
 * @param kind {@link CallKind#CALL}, {@link CallKind#STATICCALL} or {@link CallKind#CREATE}; as {@link
 *     CallKind#DELEGATECALL} the frame sees caller and value, but nothing is moved
 * @param caller who calls, and pays the value
 * @param target the account called, or the address of the contract to be created
 * @param value in wei; the caller has it where it is moved
 * @param data input, or init code; not to be written to
 * @param gas what the frame may use
 */
@SuppressWarnings("ArrayRecordComponent") // Executed, never compared.
public record Invocation(CallKind kind, Address caller, Address target, Word value, byte[] data, long gas) {}
