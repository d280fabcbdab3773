package coco.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proof that one transaction committed in a block of a service, for whoever has the service certificate and nothing
 * else. {@link ReceiptVerifier} checks it; docs/specs/receipt.md has its forms.
 *
 * <p>It shows one transaction: its id, the digests of its claims and of its writes, and the salt of this one leaf. Of
 * the other transactions of the block it shows that there are no more than the leaves of the tree.
 *
 * @param head of the block
 * @param leaf what the block commits to of the transaction
 * @param path from the leaf to the head's leaf root
 * @param identities every generation of the service identity up to the newest, the first one first
 * @param newer where the block is of an older generation than the newest: that it is in the newest's log
 */
public record Receipt(
        SignedHead head,
        Leaf leaf,
        MerkleProof path,
        List<ServiceIdentity> identities,
        @Nullable Inclusion newer) {
    /** Longest form of a receipt, JSON, in bytes: all the generations that are allowed for. */
    public static final int BYTES_MAX = 4 * 1024 * 1024;

    /** Most generations of a service identity in one receipt: one a day for eleven years. */
    static final int IDENTITIES_MAX = 4_096;

    /** Most hashes of a path: heights have 63 bits. */
    static final int PATH_MAX = 63;

    /** Longest certificate, in bytes: one that carries evidence of its node's hardware. */
    static final int CERTIFICATE_BYTES_MAX = 64 * 1024;

    /**
     * That a block is in the log of a later one.
     *
     * @param head of the later block
     * @param path from the earlier block's header hash to the later header's log root
     */
    public record Inclusion(SignedHead head, MerkleProof path) {}

    public Receipt(
            SignedHead head, Leaf leaf, MerkleProof path, List<ServiceIdentity> identities, @Nullable Inclusion newer) {
        // Not a compact constructor: that loses the annotations of its parameters in class files.
        this.head = head;
        this.leaf = leaf;
        this.path = path;
        this.identities = List.copyOf(identities);
        this.newer = newer;
    }
}
