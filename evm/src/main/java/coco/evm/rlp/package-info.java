/**
 * Recursive length prefix (RLP), the serialisation of Ethereum (Yellow Paper, appendix B).
 *
 * <p>An item is a string of bytes or a list of items. The encoding of an item is unique, and this package accepts
 * nothing but that unique encoding: a length in more bytes than it needs, a long form for what fits the short one, a
 * single byte below 0x80 with a prefix, an integer with a leading zero, bytes after the end. All of them would give
 * two encodings for one value, and so two hashes for one transaction.
 *
 * <p>{@link coco.evm.rlp.RlpWriter} appends to one growing buffer. {@link coco.evm.rlp.RlpReader} is a cursor over
 * bytes that it never copies: it holds one integer per open list, never recurses, and refuses nesting beyond {@link
 * coco.evm.rlp.RlpReader#MAX_DEPTH}. Whatever the bytes, a reader either returns a value or throws {@link
 * coco.evm.rlp.RlpException}; since input from a network ends here, that exception is checked, so that no caller
 * forgets it, and carries no stack trace, so that rubbish is cheap to refuse.
 *
 * <p>Invariants: a reader never reads outside the range it was given, and what it accepts encodes to the same bytes
 * again. The package knows nothing of transactions or tries, and has no tree of items: callers read fields in order.
 */
@NullMarked
package coco.evm.rlp;

import org.jspecify.annotations.NullMarked;
