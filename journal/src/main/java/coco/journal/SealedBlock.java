package coco.journal;

import java.util.Arrays;

/**
 * A sealed block as bytes: what consensus replicates and the journal keeps. Parsing checks the shape, not the truth;
 * that is {@link BlockOpener}'s work.
 *
 * <pre>
 * header (P, C, D)                336
 * public write set                4 + n
 * private part: iv ‖ ciphertext ‖ tag   4 + 12 + n + 16
 * signature r ‖ s                 64
 * </pre>
 */
public final class SealedBlock {
    static final int IV_LENGTH = 12;
    static final int TAG_LENGTH = 16;
    static final int SIGNATURE_LENGTH = 64;
    private static final int FIXED_LENGTH = BlockHeader.LENGTH + 4 + 4 + IV_LENGTH + TAG_LENGTH + SIGNATURE_LENGTH;

    private final byte[] bytes;
    private final BlockHeader header;
    private final byte[] headerHash;
    private final int privateOffset;

    private SealedBlock(byte[] bytes, BlockHeader header, int privateOffset) {
        this.bytes = bytes;
        this.header = header;
        this.headerHash = BlockHeader.hash(bytes, 0);
        this.privateOffset = privateOffset;
    }

    /** Length in bytes of a sealed block with this much public and (padded) private plaintext. */
    static long length(int publicWritesLength, int plaintextLength) {
        return (long) FIXED_LENGTH + publicWritesLength + plaintextLength;
    }

    static int publicWritesOffset() {
        return BlockHeader.LENGTH + 4;
    }

    static int privateOffset(int publicWritesLength) {
        return publicWritesOffset() + publicWritesLength + 4;
    }

    /**
     * Reads a sealed block. The array is taken over, not copied.
     *
     * @throws MalformedException if it is not the encoding of any sealed block
     */
    public static SealedBlock parse(byte[] bytes) throws MalformedException {
        BlockHeader header = BlockHeader.decode(bytes, 0);
        if (bytes.length < FIXED_LENGTH) {
            throw new MalformedException("a sealed block has at least " + FIXED_LENGTH + " bytes");
        }
        int room = bytes.length - FIXED_LENGTH;
        int publicLength = Bytes.getInt(bytes, BlockHeader.LENGTH);
        if (publicLength < 0 || publicLength > room) {
            throw new MalformedException("public write set of " + publicLength + " bytes does not fit");
        }
        int privateOffset = privateOffset(publicLength);
        int privateLength = Bytes.getInt(bytes, privateOffset - 4);
        if (privateLength != IV_LENGTH + TAG_LENGTH + room - publicLength) {
            throw new MalformedException("private part of " + privateLength + " bytes does not fit");
        }
        if (Bytes.getInt(bytes, privateOffset) != 0) {
            throw new MalformedException("an IV begins with four zero bytes");
        }
        return new SealedBlock(bytes, header, privateOffset);
    }

    /** The bytes themselves, not a copy: do not change them. */
    public byte[] bytes() {
        return bytes;
    }

    /** The header, as claimed. */
    public BlockHeader header() {
        return header;
    }

    /** Hash of the header: the block's identity. */
    public byte[] headerHash() {
        return headerHash.clone();
    }

    /** The public write set. */
    public byte[] publicWrites() {
        return Arrays.copyOfRange(bytes, publicWritesOffset(), privateOffset - 4);
    }

    /** The sealer's signature over the header hash, r ‖ s. */
    public byte[] signature() {
        return Bytes.slice(bytes, signatureOffset(), SIGNATURE_LENGTH);
    }

    byte[] rawHeaderHash() {
        return headerHash;
    }

    /** Length of the clear part. */
    public int publicWritesLength() {
        return privateOffset - 4 - publicWritesOffset();
    }

    int privateOffset() {
        return privateOffset;
    }

    int privateLength() {
        return signatureOffset() - privateOffset;
    }

    private int signatureOffset() {
        return bytes.length - SIGNATURE_LENGTH;
    }

    byte[] iv() {
        return Bytes.slice(bytes, privateOffset, IV_LENGTH);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealedBlock block && Arrays.equals(bytes, block.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(headerHash);
    }

    @Override
    public String toString() {
        return "SealedBlock[" + header + ", " + bytes.length + " bytes]";
    }
}
