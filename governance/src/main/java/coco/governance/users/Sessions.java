package coco.governance.users;

import coco.crypto.Sha256;
import coco.governance.AuditorGrant;
import coco.governance.Constitution;
import coco.governance.OidcIssuer;
import coco.kv.Cursor;
import coco.kv.Reader;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Enrolment;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reading of sessions and of what they rest on, in one state. */
public final class Sessions {
    private static final byte[] TOKEN_LABEL = "coco session token v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOGIN_LABEL = "coco login v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEPARATOR = {0};

    private Sessions() {}

    /**
     * What a session is judged by.
     *
     * @param state after a block
     * @param access in force after it
     * @param height of the next block
     * @param seconds service time
     */
    public record At(Reader state, AccessSettings access, long height, long seconds) {
        Constitution constitution() {
            return Constitution.read(state);
        }
    }

    /** What stands in the maps for a token: SHA-256 over a label and its text. */
    public static byte[] hash(String token) {
        return Sha256.hash(TOKEN_LABEL, token.getBytes(StandardCharsets.UTF_8));
    }

    /** The session of a token's hash, whatever it is worth; null if there is none. */
    public static @Nullable Session find(Reader state, byte[] hash) {
        byte[] found = state.get(UserMaps.SESSIONS, hash);
        return found == null ? null : Session.parse(found);
    }

    /** All sessions of a holder, by the hash of their token in lower-case hexadecimal. */
    public static Map<String, Session> of(Reader state, Session.Holder holder) {
        Map<String, Session> found = new LinkedHashMap<>();
        byte[] key = holder.key();
        Cursor held = state.scanPrefix(UserMaps.HELD, key);
        while (held.next()) {
            byte[] hash = Arrays.copyOfRange(held.key(), key.length, held.key().length);
            Session session = find(state, hash);
            if (session != null) {
                found.put(HexFormat.of().formatHex(hash), session);
            }
        }
        return found;
    }

    /** The user that a login stands for; null if it is bound to none. */
    public static Session.Holder.@Nullable User bound(Reader state, String issuer, String subject) {
        byte[] found = state.get(UserMaps.BINDINGS, loginKey(issuer, subject));
        if (found == null) {
            return null;
        }
        String[] parts = new String(found, StandardCharsets.US_ASCII).split(" ", -1);
        return new Session.Holder.User(parts[0], parts[1]);
    }

    static byte[] loginKey(String issuer, String subject) {
        return Sha256.hash(
                LOGIN_LABEL,
                issuer.getBytes(StandardCharsets.UTF_8),
                SEPARATOR,
                subject.getBytes(StandardCharsets.UTF_8));
    }

    /** Why a session is worth nothing now; null if it is in force. */
    public static @Nullable UserRefusal judge(Session session, At at) {
        if (at.seconds() >= session.expiresSeconds()) {
            return UserRefusal.EXPIRED;
        }
        return switch (session.holder()) {
            case Session.Holder.Auditor(String grant) -> grant(session, grant, at);
            case Session.Holder.User user ->
                switch (session.way()) {
                    case SIGNATURE -> judgeSender(user, at);
                    case CERTIFICATE -> judgeMember(user, session.actor(), at);
                    case OIDC ->
                        isIssuer(at.constitution(), session.source(), session.actor())
                                ? judgeUserOf(user, session.actor(), at)
                                : UserRefusal.UNKNOWN_ISSUER;
                };
        };
    }

    /** Whether an address is a user by its own signature alone. */
    private static @Nullable UserRefusal judgeSender(Session.Holder.User user, At at) {
        boolean any = at.access().senders() == AccessSettings.Senders.ANY;
        return any || enrolment(user, at) != null ? null : UserRefusal.NOT_ENROLLED;
    }

    /** Whether an address is a user of this very organisation. */
    private static @Nullable UserRefusal judgeMember(Session.Holder.User user, String actor, At at) {
        Enrolment enrolment = enrolment(user, at);
        return enrolment != null && enrolment.actor().equals(actor) ? null : UserRefusal.NOT_ENROLLED;
    }

    /** The same, or of none where everybody is a user: its own signature over the login then vouches for it. */
    static @Nullable UserRefusal judgeUserOf(Session.Holder.User user, String actor, At at) {
        return enrolment(user, at) == null ? judgeSender(user, at) : judgeMember(user, actor, at);
    }

    private static @Nullable Enrolment enrolment(Session.Holder.User user, At at) {
        return Enrolment.find(at.state(), at.access(), user.ledger(), user.bytes());
    }

    static boolean isIssuer(Constitution constitution, String issuer, String actor) {
        for (OidcIssuer each : constitution.oidcIssuers()) {
            if (each.issuer().equals(issuer) && each.actor().equals(actor)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable UserRefusal grant(Session session, String id, At at) {
        String certificate = certificate(id, at);
        return certificate != null && certificate.equals(session.source()) ? null : UserRefusal.NO_GRANT;
    }

    /** Fingerprint of the certificate of a grant that is in force; null if none of this name is. */
    static @Nullable String certificate(String id, At at) {
        for (AuditorGrant grant : at.constitution().auditors()) {
            if (grant.id().equals(id) && at.height() < grant.expiresAtHeight()) {
                return fingerprint(grant.certificate());
            }
        }
        return null;
    }

    /** What stands for a certificate in a session: SHA-256 of its DER in lower-case hexadecimal. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(Sha256.hash(certificate.getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a certificate that was read has an encoding", impossible);
        }
    }
}
