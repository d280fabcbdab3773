package coco.journal;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The clear header of a sealed block: P (what is known before encryption), C, D, in the order in which they are hashed.
 * Arrays are taken over, not copied.
 *
 * @param version format version, {@link #VERSION}
 * @param serviceId see {@link ServiceId}, 32 bytes
 * @param generation of the service identity, counted from 0
 * @param height block number in the journal; genesis is 0
 * @param term Raft term in which the block was sealed
 * @param epoch id of the epoch whose keys seal it: the height of the block that brought its secret
 * @param sealer SHA-256 of the sealer's certificate (DER), 32 bytes
 * @param incarnation drawn at random for each life of a sealer
 * @param parent hash of the previous header, 32 bytes; zeros at genesis
 * @param timestampSeconds service time, whole seconds since 1970, never decreasing
 * @param leafRoot root over the leaves of this block, 32 bytes
 * @param logRoot RFC 6962 root over the hashes of all earlier headers, 32 bytes
 * @param publicWritesHash SHA-256 of the public write set, 32 bytes
 * @param epochCommitment commitment to the epoch's seal root, 32 bytes
 * @param privateHash C: SHA-256(iv ‖ ciphertext ‖ tag), 32 bytes
 * @param evidenceDigest D: digest of the commit evidence's nonce, 32 bytes
 */
public record BlockHeader(
        int version,
        byte[] serviceId,
        int generation,
        long height,
        long term,
        long epoch,
        byte[] sealer,
        long incarnation,
        byte[] parent,
        long timestampSeconds,
        byte[] leafRoot,
        byte[] logRoot,
        byte[] publicWritesHash,
        byte[] epochCommitment,
        byte[] privateHash,
        byte[] evidenceDigest) {

    /** The one format version there is. */
    public static final int VERSION = 1;

    /** Length of P in bytes. */
    public static final int P_LENGTH = 272;

    /** Length of an encoded header in bytes: P, C, D. */
    public static final int LENGTH = P_LENGTH + 64;

    static final int SERVICE_ID_OFFSET = 4;
    static final int PARENT_OFFSET = 104;
    static final int PRIVATE_HASH_OFFSET = P_LENGTH;
    static final int EVIDENCE_DIGEST_OFFSET = P_LENGTH + 32;

    /** Checks the fixed lengths. */
    public BlockHeader {
        Bytes.requireLength(serviceId, 32, "service id");
        Bytes.requireLength(sealer, 32, "sealer");
        Bytes.requireLength(parent, 32, "parent");
        Bytes.requireLength(leafRoot, 32, "leaf root");
        Bytes.requireLength(logRoot, 32, "log root");
        Bytes.requireLength(publicWritesHash, 32, "public writes hash");
        Bytes.requireLength(epochCommitment, 32, "epoch commitment");
        Bytes.requireLength(privateHash, 32, "private hash");
        Bytes.requireLength(evidenceDigest, 32, "evidence digest");
    }

    /** The canonical encoding: fixed width, big-endian, {@link #LENGTH} bytes. */
    public byte[] encode() {
        byte[] out = new byte[LENGTH];
        encode(out, 0);
        return out;
    }

    void encode(byte[] out, int offset) {
        int at = offset;
        Bytes.putInt(out, at, version);
        at = put(out, at + 4, serviceId);
        Bytes.putInt(out, at, generation);
        Bytes.putLong(out, at + 4, height);
        Bytes.putLong(out, at + 12, term);
        Bytes.putLong(out, at + 20, epoch);
        at = put(out, at + 28, sealer);
        Bytes.putLong(out, at, incarnation);
        at = put(out, at + 8, parent);
        Bytes.putLong(out, at, timestampSeconds);
        at = put(out, at + 8, leafRoot);
        at = put(out, at, logRoot);
        at = put(out, at, publicWritesHash);
        at = put(out, at, epochCommitment);
        at = put(out, at, privateHash);
        at = put(out, at, evidenceDigest);
        Invariant.check(at == offset + LENGTH, "header length");
    }

    private static int put(byte[] out, int at, byte[] value) {
        System.arraycopy(value, 0, out, at, value.length);
        return at + value.length;
    }

    /**
     * Reads a header. Says nothing about whether it is true, only that it is well formed.
     *
     * @throws MalformedException if it is too short, of an unknown version, or a number is negative
     */
    public static BlockHeader decode(byte[] in, int offset) throws MalformedException {
        if (offset < 0 || in.length - offset < LENGTH) {
            throw new MalformedException("a header has " + LENGTH + " bytes, there are " + (in.length - offset));
        }
        int version = Bytes.getInt(in, offset);
        if (version != VERSION) {
            throw new MalformedException(
                    "header format version " + version + " is unknown; this release reads version " + VERSION);
        }
        int numbers = offset + 36;
        int afterSealer = numbers + 28 + 32;
        int afterParent = afterSealer + 8 + 32;
        int roots = afterParent + 8;
        BlockHeader header = new BlockHeader(
                version,
                Bytes.slice(in, offset + SERVICE_ID_OFFSET, 32),
                Bytes.getInt(in, numbers),
                Bytes.getLong(in, numbers + 4),
                Bytes.getLong(in, numbers + 12),
                Bytes.getLong(in, numbers + 20),
                Bytes.slice(in, numbers + 28, 32),
                Bytes.getLong(in, afterSealer),
                Bytes.slice(in, offset + PARENT_OFFSET, 32),
                Bytes.getLong(in, afterParent),
                Bytes.slice(in, roots, 32),
                Bytes.slice(in, roots + 32, 32),
                Bytes.slice(in, roots + 64, 32),
                Bytes.slice(in, roots + 96, 32),
                Bytes.slice(in, roots + 128, 32),
                Bytes.slice(in, roots + 160, 32));
        if ((header.generation | header.height | header.term | header.epoch | header.timestampSeconds) < 0) {
            throw new MalformedException("a negative number in the header");
        }
        return header;
    }

    /**
     * The header hash: SHA-256(label ‖ P ‖ C ‖ D). What is signed, the next block's parent, and the leaf of the log.
     */
    public byte[] hash() {
        return hash(encode(), 0);
    }

    static byte[] hash(byte[] encoded, int offset) {
        MessageDigest digest = Digests.sha256();
        digest.update(Labels.HEADER);
        digest.update(encoded, offset, LENGTH);
        return digest.digest();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockHeader header && Arrays.equals(encode(), header.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    @Override
    public String toString() {
        return "BlockHeader[height=" + height + ", term=" + term + ", epoch=" + epoch + "]";
    }
}
