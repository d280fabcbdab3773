package coco.node.identity;

import coco.crypto.CertificateChains;
import coco.governance.AuditorGrant;
import coco.governance.Constitution;
import coco.governance.Member;
import coco.governance.Participant;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Whose a client certificate is. TLS has proven that the client holds its key. */
final class Actors {
    private Actors() {}

    /**
     * The member or participant whose certificate it is, or who issued it by the authority in its entry; null if there
     * is none.
     */
    static @Nullable String of(X509Certificate shown, Constitution constitution, Instant at) {
        Map<String, X509Certificate> entries = new TreeMap<>();
        for (Member member : constitution.members()) {
            entries.put(member.id(), member.certificate());
        }
        for (Participant participant : constitution.participants()) {
            entries.put(participant.id(), participant.certificate());
        }
        for (Map.Entry<String, X509Certificate> entry : entries.entrySet()) {
            if (entry.getValue().equals(shown)) {
                return entry.getKey();
            }
        }
        for (Map.Entry<String, X509Certificate> entry : entries.entrySet()) {
            X509Certificate authority = entry.getValue();
            if (authority.getBasicConstraints() >= 0
                    && CertificateChains.objection(List.of(shown), authority, at) == null) {
                return entry.getKey();
            }
        }
        return null;
    }

    /** The grant whose certificate it is, and that is not over; null if there is none. */
    static @Nullable AuditorGrant grant(X509Certificate shown, String id, Constitution constitution, long height) {
        for (AuditorGrant grant : constitution.auditors()) {
            if (grant.id().equals(id)
                    && height < grant.expiresAtHeight()
                    && grant.certificate().equals(shown)) {
                return grant;
            }
        }
        return null;
    }
}
