package coco.journal;

/**
 * What a header says of the log: its own hash, and the hash of the header before it. Read from a header alone, without
 * the checksum of its frame: a hash is proven by the header that follows and names it as parent.
 *
 * @param hash of the header, 32 bytes
 * @param parent hash of the header before; zeros at genesis, 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HeaderLink(byte[] hash, byte[] parent) {
    static HeaderLink of(byte[] header) {
        return new HeaderLink(
                BlockHeader.hash(header, 0), Bytes.slice(header, BlockHeader.PARENT_OFFSET, Digests.LENGTH));
    }
}
