package coco.journal;

import coco.crypto.P256;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals blocks, in the order that the format document gives. For one thread.
 *
 * <p>Each sealer draws an incarnation of its own and derives its keys from it, and its IV counter only ever counts up.
 * So a block built again at the same height and in the same term, a restart, or a second sealer of the same node can
 * never use a (key, IV) pair twice, without any state on disk.
 */
public final class BlockSealer {
    /** NIST SP 800-38D, section 8.3, allows 2^32 encryptions under one key; a sealer never comes near. */
    private static final long MOST_BLOCKS = 1L << 32;

    private record TermKey(long epoch, long term, byte[] commitment, SecretKeySpec key) {
        TermKey {
            commitment = commitment.clone();
        }
    }

    private final SealerIdentity identity;
    private final JournalLimits limits;
    private final long incarnation;
    private final Gcm gcm = new Gcm();
    private long counter;
    private @Nullable TermKey termKey;

    /**
     * @param identity who seals
     * @param random a cryptographic source, drawn from once, for the incarnation
     * @param limits of blocks
     */
    public BlockSealer(SealerIdentity identity, RandomGenerator random, JournalLimits limits) {
        this.identity = identity;
        this.limits = limits;
        this.incarnation = random.nextLong();
    }

    /**
     * Makes sealing and opening fast from the first block on. To be called once when a process starts that has latency
     * to keep; takes some 90 ms of processor time and touches no key.
     */
    public static void warmUp() {
        Gcm.warmUp();
    }

    /** SHA-256 of the sealer's certificate: how headers name it. */
    public byte[] certificateDigest() {
        return identity.certificateDigest().clone();
    }

    /** How many bytes {@link #seal} will make of this, padding included: for whoever closes a block by its size. */
    public static long sealedLength(BlockContent content, int publicWritesLength) {
        return SealedBlock.length(publicWritesLength, ContentCodec.paddedLength(content));
    }

    /**
     * Seals the block that follows {@code parent}.
     *
     * @param parent what it builds on
     * @param term Raft term in which this node leads
     * @param keys the epoch and the generation in force
     * @param content private part; its time must not lie before the parent's
     * @param publicWrites the clear public write set, serialised
     * @throws IllegalArgumentException if the time or the term lies before the parent's, or the block would be too
     *     large: the builder must have seen to both
     */
    public SealedBlock seal(ChainHead parent, long term, SealingKeys keys, BlockContent content, byte[] publicWrites) {
        EpochSecrets epoch = keys.epoch();
        long timestampSeconds = Math.floorDiv(content.timestampMillis(), 1000);
        byte[] plaintext = ContentCodec.encode(content);
        long length = SealedBlock.length(publicWrites.length, plaintext.length);
        requireFits(parent, term, timestampSeconds, length);
        TermKey key = keyFor(epoch, term);
        BlockHeader draft = new BlockHeader(
                BlockHeader.VERSION,
                identity.serviceId(),
                keys.generation(),
                parent.height() + 1,
                term,
                epoch.epoch(),
                identity.certificateDigest(),
                incarnation,
                parent.hash(),
                timestampSeconds,
                LeafTree.of(epoch.sealRoot(), parent.height() + 1, content).root(),
                parent.log().root(),
                Digests.hash(publicWrites),
                key.commitment,
                new byte[Digests.LENGTH],
                new byte[Digests.LENGTH]);
        byte[] out = new byte[(int) length];
        draft.encode(out, 0);
        Bytes.putInt(out, BlockHeader.LENGTH, publicWrites.length);
        System.arraycopy(publicWrites, 0, out, SealedBlock.publicWritesOffset(), publicWrites.length);
        encrypt(key.key, plaintext, out, SealedBlock.privateOffset(publicWrites.length));
        finish(out, keys.evidence());
        try {
            return SealedBlock.parse(out);
        } catch (MalformedException e) {
            throw new IllegalStateException("the sealer made a block that does not parse", e);
        }
    }

    private void requireFits(ChainHead parent, long term, long timestampSeconds, long length) {
        if (timestampSeconds < parent.timestampSeconds() || term < parent.term()) {
            throw new IllegalArgumentException("block after " + parent.height() + " goes back in time or term");
        }
        if (length > limits.blockBytes()) {
            throw new IllegalArgumentException(
                    "block of " + length + " bytes, at most " + limits.blockBytes() + " are allowed");
        }
    }

    private TermKey keyFor(EpochSecrets epoch, long term) {
        TermKey current = termKey;
        byte[] commitment = epoch.sealRoot().commitment();
        if (current == null
                || current.epoch != epoch.epoch()
                || current.term != term
                || !MessageDigest.isEqual(current.commitment, commitment)) {
            byte[] key = epoch.sealRoot().sealerKey(identity.certificateDigest(), incarnation, term);
            current = new TermKey(epoch.epoch(), term, commitment, Gcm.key(key));
            termKey = current;
        }
        return current;
    }

    private void encrypt(SecretKeySpec key, byte[] plaintext, byte[] out, int privateOffset) {
        Invariant.check(counter < MOST_BLOCKS, "too many blocks under one sealer");
        byte[] iv = new byte[SealedBlock.IV_LENGTH];
        Bytes.putLong(iv, 4, counter++);
        int privateLength = SealedBlock.IV_LENGTH + plaintext.length + SealedBlock.TAG_LENGTH;
        Bytes.putInt(out, privateOffset - 4, privateLength);
        System.arraycopy(iv, 0, out, privateOffset, iv.length);
        gcm.seal(key, iv, out, BlockHeader.P_LENGTH, plaintext, plaintext.length, out, privateOffset + iv.length);
        MessageDigest digest = Digests.sha256();
        digest.update(out, privateOffset, privateLength);
        Digests.finish(digest, out, BlockHeader.PRIVATE_HASH_OFFSET);
    }

    private void finish(byte[] out, EvidenceKey evidence) {
        byte[] nonce = evidence.nonce(EvidenceKey.seed(out, 0));
        System.arraycopy(EvidenceKey.digest(nonce), 0, out, BlockHeader.EVIDENCE_DIGEST_OFFSET, Digests.LENGTH);
        byte[] signature = P256.sign(identity.signingKey(), BlockHeader.hash(out, 0));
        System.arraycopy(signature, 0, out, out.length - SealedBlock.SIGNATURE_LENGTH, signature.length);
    }
}
