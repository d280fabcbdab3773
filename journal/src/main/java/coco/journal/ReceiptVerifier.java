package coco.journal;

import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.journal.ReceiptVerdict.Check;
import coco.journal.ReceiptVerdict.Outcome;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies receipts and heads with one service certificate and nothing else: no clock, no files, no node. Immutable;
 * any thread.
 *
 * <p>The certificate may be of any generation. Of what comes after it each generation must be endorsed by the one
 * before; what comes before it is believed only as far as the log of the newest generation holds it. Certificates'
 * periods are not looked at: heights say when a sealer may seal, and time belongs to a hostile host.
 *
 * <p>What it cannot know: whether there is a newer generation than the receipt's newest. Whoever keeps the newest
 * certificate that he has seen, and verifies with it, refuses receipts from before it.
 */
public final class ReceiptVerifier {
    private final X509Certificate pinned;

    /** @param serviceCertificate of the first generation, or of any later one that the caller has reason to believe */
    public ReceiptVerifier(X509Certificate serviceCertificate) {
        this.pinned = serviceCertificate;
    }

    /** Verifies a receipt. */
    public ReceiptVerdict verify(Receipt receipt) {
        Run run = new Run(receipt.identities(), receipt.head().header().serviceId());
        run.identities();
        Receipt.Inclusion newer = receipt.newer();
        run.head(receipt.head(), "", newer == null ? null : newer.head());
        run.leaf(receipt);
        run.generation(receipt);
        return run.verdict();
    }

    /** Verifies a head: that it is a committed block's, of the newest of these generations. */
    public ReceiptVerdict verify(SignedHead head, List<ServiceIdentity> identities) {
        Run run = new Run(identities, head.header().serviceId());
        run.identities();
        run.head(head, "");
        run.newest(head.header());
        return run.verdict();
    }

    /** Verifies that one head's journal is the beginning of the other's. */
    public ReceiptVerdict verify(ConsistencyProof proof) {
        Run run = new Run(proof.identities(), proof.to().header().serviceId());
        run.identities();
        run.head(proof.from(), "earlier head: ", proof.to());
        run.head(proof.to(), "later head: ");
        run.consistency(proof);
        run.newest(proof.to().header());
        return run.verdict();
    }

    private final class Run {
        private final List<ServiceIdentity> identities;
        private final byte[] serviceId;
        private final List<Outcome> checks = new ArrayList<>();

        Run(List<ServiceIdentity> identities, byte[] serviceId) {
            this.identities = identities;
            this.serviceId = serviceId;
        }

        ReceiptVerdict verdict() {
            return new ReceiptVerdict(checks);
        }

        private void check(Check check, @Nullable String problem, String words) {
            checks.add(new Outcome(check, problem == null, problem == null ? words : problem));
        }

        void identities() {
            check(
                    Check.IDENTITIES,
                    identitiesProblem(),
                    identities.size() == 1
                            ? "the first generation, which is the pinned one"
                            : identities.size() + " generations, the pinned one among them");
        }

        private @Nullable String identitiesProblem() {
            if (identities.isEmpty()) {
                return "there is none";
            }
            boolean isPinned = false;
            ServiceIdentity recovered = null;
            ServiceIdentity before = null;
            for (ServiceIdentity identity : identities) {
                // Whoever reads a receipt may keep the newest certificate in it, so all of it has to be the service's.
                if (!identity.certificate().equals(pinned)
                        && !Certificates.issuedBy(identity.certificate(), identity.certificate())) {
                    return "the certificate of generation " + identity.generation() + " is not signed by its own key";
                }
                if (before == null) {
                    if (identity.generation() != 0 || identity.height() != 0) {
                        return "they do not begin with the first";
                    }
                } else if (identity.generation() <= before.generation() || identity.height() <= before.height()) {
                    return "generation " + identity.generation() + " does not come after the one before";
                } else if (identity.isByMembers()) {
                    recovered = isPinned ? identity : recovered;
                } else if (!identity.isEndorsedBy(
                        serviceId, before.certificate().getPublicKey())) {
                    return "generation " + identity.generation() + " is not endorsed by the one before";
                }
                isPinned |= identity.certificate().getPublicKey().equals(pinned.getPublicKey());
                recovered = identity.certificate().getPublicKey().equals(pinned.getPublicKey()) ? null : recovered;
                before = identity;
            }
            if (recovered != null) {
                return "generation " + recovered.generation() + " was begun by members, in a recovery: verify with its"
                        + " certificate, once you believe that they did";
            }
            return isPinned ? null : "none is of the service certificate that was given";
        }

        void head(SignedHead head, String which) {
            head(head, which, null);
        }

        /**
         * What a recovery took in without its nonce is committed by what is built on it.
         *
         * @param later a head in whose log it is shown to be; null if there is none
         */
        void head(SignedHead head, String which, @Nullable SignedHead later) {
            BlockHeader header = head.header();
            byte[] digest = SealerChange.digest(head.sealer());
            String problem = sealerProblem(head, digest);
            check(
                    Check.SEALER,
                    problem == null ? null : which + problem,
                    which + Hex.encode(digest) + ", block " + header.height() + ", generation " + header.generation());
            check(
                    Check.SIGNATURE,
                    isSigned(head) ? null : which + "not the sealer's over the header hash",
                    which + "the sealer's over the header hash");
            boolean isLost = later != null && Arrays.equals(head.nonce(), JournalEntry.noEvidence());
            check(
                    Check.EVIDENCE,
                    isLost || isEvident(head)
                            ? null
                            : which + "the nonce is not the one that the header commits to: not committed",
                    which + (isLost ? "lost in a recovery: the newer head stands for it" : "the block committed"));
        }

        private static boolean isEvident(SignedHead head) {
            return Arrays.equals(EvidenceKey.digest(head.nonce()), head.header().evidenceDigest());
        }

        private boolean isSigned(SignedHead head) {
            try {
                return P256.verify(head.sealer().getPublicKey(), head.header().hash(), head.signature());
            } catch (IllegalArgumentException notOnTheCurve) {
                return false;
            }
        }

        private @Nullable String sealerProblem(SignedHead head, byte[] digest) {
            BlockHeader header = head.header();
            if (!Arrays.equals(header.serviceId(), serviceId)) {
                return "the block is of another service";
            }
            if (!Arrays.equals(header.sealer(), digest)) {
                return "the header names another certificate";
            }
            int at = generation(header);
            if (at < 0) {
                return "generation " + header.generation() + " was not in force at height " + header.height();
            }
            ServiceIdentity identity = identities.get(at);
            SealerEndorsement endorsement = head.endorsement();
            if (endorsement == null) {
                boolean isFounding =
                        at == 0 && header.term() == 0 && head.sealer().equals(identity.certificate());
                return isFounding ? null : "the service does not speak for it";
            }
            if (endorsement.generation() != header.generation() || endorsement.height() < identity.height()) {
                return "the service spoke for it in another generation";
            }
            if (header.height() < endorsement.height() + (identity.isByMembers() ? 0 : 1)) {
                return "it was admitted by block " + endorsement.height() + ", and may seal after that only";
            }
            return endorsement.isBy(identity.certificate().getPublicKey(), serviceId, digest)
                    ? null
                    : "the service does not speak for it";
        }

        /** Index of the generation that a header names, if it was in force at its height; else -1. */
        private int generation(BlockHeader header) {
            for (int i = 0; i < identities.size(); i++) {
                ServiceIdentity identity = identities.get(i);
                if (identity.generation() == header.generation()) {
                    boolean isBegun = i == 0 || header.height() >= first(identity);
                    boolean isOver = i + 1 < identities.size() && header.height() >= first(identities.get(i + 1));
                    return isBegun && !isOver ? i : -1;
                }
            }
            return -1;
        }

        /** A generation is in force from the block after the one that brings it on; in a recovery from that one on. */
        private static long first(ServiceIdentity identity) {
            return identity.height() + (identity.isByMembers() ? 0 : 1);
        }

        void leaf(Receipt receipt) {
            MerkleProof path = receipt.path();
            byte[] root = Long.bitCount(path.size()) == 1
                    ? Merkle.rootOf(receipt.leaf().hash(), path)
                    : null;
            boolean isIn =
                    root != null && Arrays.equals(root, receipt.head().header().leafRoot());
            check(
                    Check.LEAF,
                    isIn ? null : "the block does not commit to it",
                    "transaction " + Hex.encode(receipt.leaf().id()) + ", number " + path.index() + " of the block");
        }

        void newest(BlockHeader header) {
            boolean isNewest = !identities.isEmpty() && identities.getLast().generation() == header.generation();
            check(
                    Check.GENERATION,
                    isNewest ? null : "the head is of an older generation than the newest",
                    "the newest, " + header.generation());
        }

        void generation(Receipt receipt) {
            BlockHeader header = receipt.head().header();
            Receipt.Inclusion newer = receipt.newer();
            if (newer == null) {
                boolean isNewest = !identities.isEmpty() && identities.getLast().generation() == header.generation();
                check(
                        Check.GENERATION,
                        isNewest ? null : "of an older generation, and not shown to be in the newest's log",
                        "the newest, " + header.generation());
                return;
            }
            head(newer.head(), "newest head: ");
            newest(newer.head().header());
            check(
                    Check.GENERATION,
                    isIncluded(header, newer.head().header(), newer.path())
                            ? null
                            : "the block is not in the log of the newest head",
                    "generation " + header.generation() + ", in the log of block "
                            + newer.head().header().height());
        }

        void consistency(ConsistencyProof proof) {
            BlockHeader from = proof.from().header();
            BlockHeader to = proof.to().header();
            boolean isSame = from.height() == to.height() && Arrays.equals(from.hash(), to.hash());
            boolean isConsistent = isSame
                    || (isIncluded(from, to, proof.inclusion())
                            && Merkle.consistent(
                                    from.height(), from.logRoot(), to.height(), to.logRoot(), proof.consistency()));
            check(
                    Check.CONSISTENCY,
                    isConsistent ? null : "the earlier log is not the beginning of the later one",
                    "block " + from.height() + " is what block " + to.height() + " builds on");
        }

        private static boolean isIncluded(BlockHeader header, BlockHeader later, MerkleProof path) {
            return path.index() == header.height()
                    && path.size() == later.height()
                    && Merkle.includes(later.logRoot(), header.hash(), path);
        }
    }
}
