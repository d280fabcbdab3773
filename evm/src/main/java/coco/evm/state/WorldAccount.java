package coco.evm.state;

import coco.evm.types.Word;

/**
 * An account as the world has it.
 *
 * @param nonce an unsigned 64-bit number
 * @param balance in wei
 * @param codeHash 32 bytes, {@link coco.evm.code.CodeInfo#EMPTY_HASH} where there is no code; not to be written to
 */
@SuppressWarnings("ArrayRecordComponent") // Read field by field, never compared.
public record WorldAccount(long nonce, Word balance, byte[] codeHash) {}
