package coco.governance;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One who proposes and votes.
 *
 * @param id short name, unique among members and participants
 * @param certificate whose key signs the member's proposals and ballots, or an intermediate authority whose leaves do
 * @param governanceUsage only with an authority: the object identifier of the extended key usage that a leaf needs to
 *     sign for the member, so that a TLS certificate of the same organisation cannot vote
 * @param recoveryKey public key to which recovery shares are encrypted, RSA or P-256; null for a member that holds none
 * @param roles what the member may do beyond that
 */
public record Member(
        String id,
        X509Certificate certificate,
        @Nullable String governanceUsage,
        @Nullable PublicKey recoveryKey,
        Set<Role> roles) {
    public Member {
        roles = roles.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }

    /** A member with a leaf certificate, no recovery key and no role. */
    public Member(String id, X509Certificate certificate) {
        this(id, certificate, null, null, Set.of());
    }
}
