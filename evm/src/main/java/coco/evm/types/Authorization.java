package coco.evm.types;

/**
 * One tuple of an EIP-7702 transaction: whoever signed it lets its account run the code of {@code address}.
 *
 * @param chainId the chain it holds for; 0 for any
 * @param address whose code to run; the zero address takes the delegation back
 * @param nonce the signer's nonce at which it holds, an unsigned 64-bit number
 * @param yParity 0 or 1 in a valid signature, but any byte may be encoded
 * @param r of the signature
 * @param s of the signature
 */
public record Authorization(Word chainId, Address address, long nonce, int yParity, Word r, Word s) {}
