package coco.journal;

import coco.crypto.Feldman;
import coco.crypto.Sha256;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which members open epochs together, without any node: at disaster recovery and for auditors.
 *
 * @param threshold M: how many of them; 0 if there are none, in networks for development alone
 * @param recipients who is dealt a share, in the order of their numbers, which begin with 1
 */
public record Recovery(int threshold, List<Recipient> recipients) {
    /** Nobody: epochs die with the nodes. */
    public static final Recovery NONE = new Recovery(0, List.of());

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException unless 1 ≤ M ≤ N ≤ {@link Feldman#SHARES_MAX} or both are 0, and names differ
     */
    public Recovery {
        recipients = List.copyOf(recipients);
        int count = recipients.size();
        if (count > Feldman.SHARES_MAX || threshold < Math.min(count, 1) || threshold > count) {
            throw new IllegalArgumentException(threshold + " of " + count + " members");
        }
        Set<String> names = new HashSet<>();
        recipients.forEach(recipient -> names.add(recipient.member()));
        if (names.size() < count) {
            throw new IllegalArgumentException("two recipients of one name");
        }
    }

    /**
     * A member that is dealt a share.
     *
     * @param member id of the member
     * @param key public recovery key: RSA or P-256
     */
    public record Recipient(String member, PublicKey key) {
        /** SHA-256 of the key's SubjectPublicKeyInfo: tells which of its keys a member needs. 32 bytes. */
        public byte[] keyDigest() {
            return Sha256.hash(key.getEncoded());
        }
    }

    /** Whether there is anybody. */
    public boolean isConfigured() {
        return threshold > 0;
    }
}
