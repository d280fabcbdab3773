package coco.governance.users;

import coco.governance.Constitution;
import coco.governance.EnrolmentQuota;
import coco.kv.Cursor;
import coco.kv.Transaction;
import coco.ledgers.api.Enrolment;
import coco.ledgers.api.Rejection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries changes out on one state, or says why not. What it refuses has written nothing. */
final class UserRegister {
    private final Transaction state;
    private final Sessions.At at;

    /** @param at whose state is {@code state} */
    UserRegister(Transaction state, Sessions.At at) {
        this.state = state;
        this.at = at;
    }

    /** Carries a change out; null if it did, else the reason against it. */
    @Nullable
    Rejection carryOut(UserChange change) {
        return switch (change) {
            case UserChange.Enrol(Session.Holder.User user, Enrolment enrolment) -> enrol(user, enrolment);
            case UserChange.Withdraw(Session.Holder.User user, String actor) -> withdraw(user, actor);
            case UserChange.Open(String hash, Session session) ->
                open(HexFormat.of().parseHex(hash), session);
            case UserChange.Close(String hash, Session.Holder holder) ->
                close(HexFormat.of().parseHex(hash), holder);
            case UserChange.CloseAll(Session.Holder holder) -> {
                closeAll(holder);
                yield null;
            }
            case UserChange.Bind bind -> bind(bind);
            case UserChange.Unbind(String issuer, String subject, String actor) -> {
                if (!Sessions.isIssuer(at.constitution(), issuer, actor)) {
                    yield UserRefusal.UNKNOWN_ISSUER.because(issuer + " is no issuer of " + actor);
                }
                state.remove(UserMaps.BINDINGS, Sessions.loginKey(issuer, subject));
                yield null;
            }
            case UserChange.Use(String grant, String ledger, String kind, List<String> contracts) -> {
                String certificate = Sessions.certificate(grant, at);
                if (certificate == null) {
                    yield UserRefusal.NO_GRANT.because("no grant of this name is in force");
                }
                new RecordedUse(grant, certificate, ledger, kind, contracts, at.seconds()).record(state);
                yield null;
            }
        };
    }

    private @Nullable Rejection enrol(Session.Holder.User user, Enrolment enrolment) {
        String actor = enrolment.actor();
        if (!at.access().actors().contains(actor)) {
            return UserRefusal.UNKNOWN_ACTOR.because("no member or participant is called " + actor);
        }
        Enrolment before = Enrolment.find(state, at.access(), user.ledger(), user.bytes());
        if (before != null && !before.actor().equals(actor)) {
            return UserRefusal.ENROLLED_ELSEWHERE.because(
                    "this account is a user of another organisation, which has to withdraw it first");
        }
        byte[] key = Enrolment.key(user.ledger(), user.bytes());
        byte[] entry = state.get(Enrolment.MAP, key);
        String counted = entry == null ? null : Enrolment.of(entry).actor();
        if (!actor.equals(counted)) {
            if (count(actor) >= quota(actor)) {
                return UserRefusal.TOO_MANY_ADDRESSES.because(
                        actor + " has enrolled " + count(actor) + " accounts, as many as the members allow");
            }
            if (counted != null) {
                count(counted, -1);
                // Of an organisation that is gone: what it vouched for ends with it.
                closeAll(user);
            }
            count(actor, 1);
        }
        state.put(Enrolment.MAP, key, enrolment.bytes());
        return null;
    }

    private int quota(String actor) {
        Constitution constitution = at.constitution();
        for (EnrolmentQuota each : constitution.enrolment()) {
            if (each.actor().equals(actor)) {
                return each.addresses();
            }
        }
        return UserLimits.ADDRESSES_DEFAULT;
    }

    private int count(String actor) {
        byte[] found = state.get(UserMaps.COUNTS, actor.getBytes(StandardCharsets.UTF_8));
        return found == null ? 0 : ByteBuffer.wrap(found).getInt();
    }

    private void count(String actor, int change) {
        byte[] key = actor.getBytes(StandardCharsets.UTF_8);
        int now = count(actor) + change;
        if (now == 0) {
            state.remove(UserMaps.COUNTS, key);
        } else {
            state.put(
                    UserMaps.COUNTS,
                    key,
                    ByteBuffer.allocate(Integer.BYTES).putInt(now).array());
        }
    }

    private @Nullable Rejection withdraw(Session.Holder.User user, String actor) {
        byte[] key = Enrolment.key(user.ledger(), user.bytes());
        byte[] entry = state.get(Enrolment.MAP, key);
        if (entry == null || !Enrolment.of(entry).actor().equals(actor)) {
            return UserRefusal.NOT_ENROLLED.because("this account is no user of " + actor);
        }
        state.remove(Enrolment.MAP, key);
        count(actor, -1);
        closeAll(user);
        return null;
    }

    private @Nullable Rejection open(byte[] hash, Session session) {
        long most = session.isWallet() ? UserLimits.WALLET_SECONDS : UserLimits.SESSION_SECONDS;
        if (session.expiresSeconds() > at.seconds() + most + UserLimits.AHEAD_SECONDS) {
            return UserRefusal.EXPIRES_TOO_LATE.because("a session of this kind lives " + most + " seconds at most");
        }
        UserRefusal refused = Sessions.judge(session, at);
        if (refused != null) {
            return refused.because("the session would not be in force");
        }
        if (state.get(UserMaps.SESSIONS, hash) != null) {
            return UserRefusal.MALFORMED.because("this token is in use");
        }
        if (Sessions.of(state, session.holder()).size() >= UserLimits.SESSIONS_PER_HOLDER) {
            return UserRefusal.TOO_MANY_SESSIONS.because(
                    UserLimits.SESSIONS_PER_HOLDER + " are open already; revoke one of them");
        }
        if (state.size(UserMaps.SESSIONS) >= UserLimits.SESSIONS) {
            return UserRefusal.BUSY.because("the network has as many sessions as it holds");
        }
        state.put(UserMaps.SESSIONS, hash, session.bytes());
        state.put(UserMaps.HELD, UserMaps.join(session.holder().key(), hash), new byte[0]);
        state.put(UserMaps.EXPIRIES, UserMaps.expiryKey(session.expiresSeconds(), hash), new byte[0]);
        return null;
    }

    private @Nullable Rejection close(byte[] hash, Session.Holder holder) {
        Session session = Sessions.find(state, hash);
        if (session == null || !session.holder().equals(holder)) {
            return UserRefusal.NO_SUCH_SESSION.because("it may have been revoked before, or be over");
        }
        remove(hash, session);
        return null;
    }

    private void closeAll(Session.Holder holder) {
        Sessions.of(state, holder)
                .forEach((hash, session) -> remove(HexFormat.of().parseHex(hash), session));
    }

    private void remove(byte[] hash, Session session) {
        state.remove(UserMaps.SESSIONS, hash);
        state.remove(UserMaps.HELD, UserMaps.join(session.holder().key(), hash));
        state.remove(UserMaps.EXPIRIES, UserMaps.expiryKey(session.expiresSeconds(), hash));
    }

    private @Nullable Rejection bind(UserChange.Bind bind) {
        if (!Sessions.isIssuer(at.constitution(), bind.issuer(), bind.actor())) {
            return UserRefusal.UNKNOWN_ISSUER.because(bind.issuer() + " is no issuer of " + bind.actor());
        }
        UserRefusal refused = Sessions.judgeUserOf(bind.user(), bind.actor(), at);
        if (refused != null) {
            return refused.because("the account is no user of " + bind.actor());
        }
        state.put(
                UserMaps.BINDINGS,
                Sessions.loginKey(bind.issuer(), bind.subject()),
                UserMaps.ascii(bind.user().ledger() + " " + bind.user().address()));
        return null;
    }

    /** Forgets some of the sessions whose time is over, and of the oldest uses. */
    void forgetExpired() {
        RecordedUse.forget(state, at.seconds());
        List<byte[]> over = new ArrayList<>();
        Cursor next = state.scanPrefix(UserMaps.EXPIRIES, new byte[0]);
        while (over.size() < UserLimits.FORGOTTEN
                && next.next()
                && ByteBuffer.wrap(next.key()).getLong() <= at.seconds()) {
            over.add(next.key());
        }
        for (byte[] key : over) {
            byte[] hash = Arrays.copyOfRange(key, Long.BYTES, key.length);
            Session session = Sessions.find(state, hash);
            if (session == null) {
                state.remove(UserMaps.EXPIRIES, key);
            } else {
                remove(hash, session);
            }
        }
    }
}
