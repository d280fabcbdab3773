/**
 * Signed messages of governance: COSE_Sign1 (RFC 9052) over deterministic CBOR (RFC 8949, section 4.2).
 *
 * <p><b>What.</b> {@link coco.governance.cose.CoseSign1} is one message: who signed ({@code kid}, and {@code x5chain}
 * where an organisation's intermediate stands in the constitution), what kind of content, the content itself, and the
 * signature. {@link coco.governance.cose.Signer} makes signatures wherever the key lies; {@link
 * coco.governance.cose.SignerEntry} is the entry of the constitution that a message is judged against.
 *
 * <p><b>Why one strict form.</b> A message is recorded for ever and its digest is its identity. So there is one
 * encoding of each: everything that matters is protected, nothing is unprotected, and CBOR that could have been written
 * shorter or in another order is refused. The exact bytes stand in docs/specs/cose.md.
 *
 * <p><b>Invariants.</b> What {@code decode} gave encodes to the bytes it came from. Decoding is bounded in size, depth
 * and number of items before anything is allocated. A signature covers the external data of its use (label and service
 * id), so a message of one service means nothing to another.
 *
 * <p><b>What it does not do.</b> It knows no proposals and no members, reads no clock and keeps no replay protection.
 * A signature over the same content can be made twice; who needs a message to count once must count {@link
 * coco.governance.cose.CoseSign1#contentDigest}, never the bytes of the message.
 */
@NullMarked
package coco.governance.cose;

import org.jspecify.annotations.NullMarked;
