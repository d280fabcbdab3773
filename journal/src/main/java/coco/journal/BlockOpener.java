package coco.journal;

import coco.crypto.P256;
import coco.journal.OpenResult.Kind;
import coco.journal.OpenResult.Opened;
import coco.journal.OpenResult.Refusal;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Opens sealed blocks and believes nothing in them: signature, hashes, place in the chain, evidence, authenticity and
 * leaf root are all recomputed. Safe for use by many threads.
 */
public final class BlockOpener {
    private final byte[] serviceId;
    private final OpenerKeys keys;
    private final SealerDirectory sealers;
    private final JournalLimits limits;

    /**
     * @param serviceId of the only service whose blocks are opened, 32 bytes
     * @param keys the secrets at hand
     * @param sealers who may seal
     * @param limits of blocks
     */
    public BlockOpener(byte[] serviceId, OpenerKeys keys, SealerDirectory sealers, JournalLimits limits) {
        Bytes.requireLength(serviceId, 32, "service id");
        this.serviceId = serviceId.clone();
        this.keys = keys;
        this.sealers = sealers;
        this.limits = limits;
    }

    /** Opens a block that must be the next one after {@code parent}: what apply uses. */
    public OpenResult open(SealedBlock block, ChainHead parent) {
        Refusal refusal = refuseInChain(block, parent);
        return refusal != null ? refusal : open(block);
    }

    /** Opens a block wherever it stands in the chain: for reading history that was checked in order before. */
    public OpenResult open(SealedBlock block) {
        Refusal refusal = refuseOutside(block);
        return refusal != null ? refusal : decrypt(block);
    }

    /**
     * Opens an entry of this node's own journal that must be the next one after {@code parent}. Everything is checked
     * but the signature, which is most of the work for a small block. In its place stands the entry's nonce: nodes
     * alone can make it, for exactly this header, and they show it when the block is committed. Who replays a journal
     * thus opens its newest entry by {@link #open(SealedBlock, ChainHead)}: its signature covers the root of all
     * headers before it, and no node signs on top of what it has not opened.
     */
    public OpenResult reopen(JournalEntry entry, ChainHead parent) {
        SealedBlock block = entry.block();
        Refusal refusal = refuseInChain(block, parent);
        if (refusal == null) {
            refusal = refuseForm(block);
        }
        if (refusal == null) {
            refusal = refuseNonce(entry);
        }
        return refusal != null ? refusal : decrypt(block);
    }

    /**
     * Reads an entry of this node's own journal once more, wherever it stands in the chain, for its content. Everything
     * is checked that {@link #open(SealedBlock)} checks, and the entry's nonce as in {@link #reopen}, but not the leaf
     * root: the header names the hash of the ciphertext and the commitment to its key, so it names the content, whose
     * leaves were compared when the block was applied or replayed. For a large block the leaves are the most work.
     */
    public RereadResult reread(JournalEntry entry) {
        SealedBlock block = entry.block();
        Refusal refusal = refuse(entry);
        if (refusal != null) {
            return refusal;
        }
        SealRoot root = keys.sealRoot(block.header().epoch());
        return root == null ? unknownEpoch(block) : content(block, root, limits);
    }

    /**
     * Why an entry of a chain that was applied is not the one that was: all that {@link #reread} checks but the
     * content, of which the header is not read. Null if it is.
     */
    public OpenResult.@Nullable Refusal refuse(JournalEntry entry) {
        Refusal refusal = refuseForm(entry.block());
        if (refusal == null) {
            refusal = refuseSignature(entry.block(), sealers);
        }
        return refusal != null ? refusal : refuseNonce(entry);
    }

    /**
     * The leaves of an entry of this node's own journal, for receipts. Everything is checked that {@link #open} checks,
     * but the signature: a receipt carries it, and is verified before it is given away.
     *
     * @return an {@link OpenResult.Opened}, or why not
     */
    public OpenResult leaves(JournalEntry entry) {
        SealedBlock block = entry.block();
        Refusal refusal = refuseForm(block);
        if (refusal == null) {
            refusal = refuseNonce(entry);
        }
        return refusal != null ? refusal : decrypt(block);
    }

    /**
     * The nonce that proves this block's commitment: what the journal keeps beside it. Null without the evidence key.
     */
    public byte @Nullable [] evidenceNonce(SealedBlock block) {
        EvidenceKey key = keys.evidenceKey(block.header().generation());
        return key == null ? null : key.nonce(EvidenceKey.seed(block.bytes(), 0));
    }

    /** Checks only the place in the chain. */
    static @Nullable Refusal refuseInChain(SealedBlock block, ChainHead parent) {
        Refusal refusal = refuseLink(block, parent);
        if (refusal == null
                && !Arrays.equals(block.header().logRoot(), parent.log().root())) {
            return refuse(Kind.WRONG_LOG_ROOT, block.header(), "log root is not that of the headers before it");
        }
        return refusal;
    }

    /** Checks the place in the chain but for the log root, which only somebody who saw all headers knows. */
    static @Nullable Refusal refuseLink(SealedBlock block, ChainHead parent) {
        BlockHeader header = block.header();
        if (header.height() != parent.height() + 1) {
            return refuse(Kind.WRONG_HEIGHT, header, "comes after height " + parent.height());
        }
        if (!Arrays.equals(header.parent(), parent.hash())) {
            return refuse(Kind.WRONG_PARENT, header, "does not name the header before it");
        }
        if (header.timestampSeconds() < parent.timestampSeconds()
                || header.term() < parent.term()
                || header.generation() < parent.generation()) {
            return refuse(Kind.GOES_BACK, header, "time, term or generation lies before its parent's");
        }
        return null;
    }

    /** Checks the hashes in the header that need no key: public write set and private part. */
    static @Nullable Refusal refuseHashes(SealedBlock block) {
        BlockHeader header = block.header();
        MessageDigest digest = Digests.sha256();
        digest.update(block.bytes(), SealedBlock.publicWritesOffset(), block.publicWritesLength());
        if (!Arrays.equals(digest.digest(), header.publicWritesHash())) {
            return refuse(Kind.WRONG_PUBLIC_WRITES, header, "public write set does not hash to the header's value");
        }
        digest.update(block.bytes(), block.privateOffset(), block.privateLength());
        if (!Arrays.equals(digest.digest(), header.privateHash())) {
            return refuse(Kind.WRONG_PRIVATE_PART, header, "private part does not hash to the header's value");
        }
        return null;
    }

    /** Checks that it is sealed under what is in force at its height: no key of the past, however good it was. */
    static @Nullable Refusal refuseSuccession(SealedBlock block, SealerDirectory sealers) {
        BlockHeader header = block.header();
        if (header.epoch() != sealers.epochAt(header.height())) {
            return refuse(
                    Kind.WRONG_EPOCH,
                    header,
                    "sealed under epoch " + header.epoch() + ", but epoch " + sealers.epochAt(header.height())
                            + " is in force");
        }
        if (header.generation() != sealers.generationAt(header.height())) {
            return refuse(
                    Kind.WRONG_GENERATION,
                    header,
                    "names generation " + header.generation() + " of the service identity, but generation "
                            + sealers.generationAt(header.height()) + " is in force");
        }
        return null;
    }

    /** Checks the signature. */
    static @Nullable Refusal refuseSignature(SealedBlock block, SealerDirectory sealers) {
        BlockHeader header = block.header();
        PublicKey key = sealers.publicKey(header.sealer(), header.height());
        if (key == null) {
            return refuse(Kind.UNKNOWN_SEALER, header, "its sealer is not allowed to seal at this height");
        }
        if (!verifies(key, block)) {
            return refuse(Kind.BAD_SIGNATURE, header, "signature is not the sealer's over this header");
        }
        return null;
    }

    private static boolean verifies(PublicKey key, SealedBlock block) {
        try {
            return P256.verify(key, block.rawHeaderHash(), block.signature());
        } catch (IllegalArgumentException e) {
            return false; // the certificate, which came from a block, has a key on another curve
        }
    }

    private @Nullable Refusal refuseOutside(SealedBlock block) {
        Refusal refusal = refuseForm(block);
        if (refusal == null) {
            refusal = refuseSignature(block, sealers);
        }
        byte[] nonce = refusal == null ? evidenceNonce(block) : null;
        return nonce == null ? refusal : refuseEvidence(block, nonce);
    }

    private @Nullable Refusal refuseForm(SealedBlock block) {
        BlockHeader header = block.header();
        if (!Arrays.equals(header.serviceId(), serviceId)) {
            return refuse(Kind.WRONG_SERVICE, header, "made for another service");
        }
        if (block.bytes().length > limits.blockBytes()) {
            return refuse(Kind.MALFORMED, header, "larger than " + limits.blockBytes() + " bytes");
        }
        Refusal refusal = refuseSuccession(block, sealers);
        return refusal != null ? refusal : refuseHashes(block);
    }

    private @Nullable Refusal refuseNonce(JournalEntry entry) {
        SealedBlock block = entry.block();
        byte[] nonce = evidenceNonce(block);
        if (nonce == null) {
            // Of a generation before a recovery: its evidence key went with its nodes. The header commits to the nonce.
            return entry.hasEvidence() ? refuseEvidence(block, entry.evidenceNonce()) : null;
        }
        return Arrays.equals(nonce, entry.evidenceNonce())
                ? refuseEvidence(block, nonce)
                : refuse(Kind.WRONG_EVIDENCE, block.header(), "the nonce beside it does not prove its commitment");
    }

    private static @Nullable Refusal refuseEvidence(SealedBlock block, byte[] nonce) {
        return Arrays.equals(EvidenceKey.digest(nonce), block.header().evidenceDigest())
                ? null
                : refuse(Kind.WRONG_EVIDENCE, block.header(), "commit evidence is not the network's");
    }

    private OpenResult decrypt(SealedBlock block) {
        SealRoot root = keys.sealRoot(block.header().epoch());
        return root == null ? unknownEpoch(block) : decrypt(block, root, limits);
    }

    private static Refusal unknownEpoch(SealedBlock block) {
        long epoch = block.header().epoch();
        return refuse(Kind.UNKNOWN_EPOCH, block.header(), "the secret of epoch " + epoch + " is not here");
    }

    /** Decrypts and checks the content; the hashes outside must have been checked. */
    static OpenResult decrypt(SealedBlock block, SealRoot root, JournalLimits limits) {
        return switch (content(block, root, limits)) {
            case Refusal refusal -> refusal;
            case RereadResult.Content(BlockContent content) -> {
                LeafTree leaves = LeafTree.of(root, block.header().height(), content);
                yield Arrays.equals(leaves.root(), block.header().leafRoot())
                        ? new Opened(block, content, leaves)
                        : refuse(Kind.WRONG_LEAF_ROOT, block.header(), "leaves do not give the header's leaf root");
            }
        };
    }

    private static RereadResult content(SealedBlock block, SealRoot root, JournalLimits limits) {
        BlockHeader header = block.header();
        if (!MessageDigest.isEqual(root.commitment(), header.epochCommitment())) {
            return refuse(Kind.WRONG_EPOCH_COMMITMENT, header, "sealed under another secret of this epoch");
        }
        SecretKeySpec key = Gcm.key(root.sealerKey(header.sealer(), header.incarnation(), header.term()));
        byte[] bytes = block.bytes();
        int ciphertext = block.privateOffset() + SealedBlock.IV_LENGTH;
        byte[] plaintext = new Gcm()
                .open(
                        key,
                        block.iv(),
                        bytes,
                        BlockHeader.P_LENGTH,
                        bytes,
                        ciphertext,
                        block.privateLength() - SealedBlock.IV_LENGTH);
        if (plaintext == null) {
            return refuse(Kind.NOT_AUTHENTIC, header, "private part does not decrypt");
        }
        BlockContent content;
        try {
            content = ContentCodec.decode(plaintext, limits);
        } catch (MalformedException e) {
            return refuse(Kind.BAD_CONTENT, header, String.valueOf(e.getMessage()));
        }
        if (Math.floorDiv(content.timestampMillis(), 1000) != header.timestampSeconds()) {
            return refuse(Kind.WRONG_TIMESTAMP, header, "time inside differs from the header's");
        }
        return new RereadResult.Content(content);
    }

    private static Refusal refuse(Kind kind, BlockHeader header, String words) {
        return new Refusal(kind, prefix(header.height()) + words);
    }

    /** What the words of a refusal begin with. */
    static String prefix(long height) {
        return "block " + height + ": ";
    }
}
