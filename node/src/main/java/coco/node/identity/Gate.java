package coco.node.identity;

import coco.governance.users.Session;
import coco.governance.users.Sessions;
import coco.governance.users.UserRefusal;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.View;
import coco.node.http.Credentials;
import coco.node.http.SocketRoute;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a request says of itself into who it is. Who shows nothing is nobody in particular; who shows something
 * that is not in force is refused, and is never taken for nobody. Any thread.
 */
public final class Gate {
    /** Begins each token, so that those who look for secrets in files find it. */
    static final String PREFIX = "coco_";

    private static final Pattern TOKEN = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
    private static final Pattern BEARER = Pattern.compile("[Bb]earer ([\\x21-\\x7e]+)");

    private final Users users;
    private final Freshness freshness;
    private final Attempts attempts;

    /** @param nanoTime a clock that only goes forward */
    public Gate(Users users, Freshness freshness, LongSupplier nanoTime) {
        this.users = users;
        this.freshness = freshness;
        this.attempts = new Attempts(nanoTime);
    }

    /** What a token was found to be. */
    sealed interface Found {}

    /**
     * In force.
     *
     * @param hash of its token, lower-case hexadecimal
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Open(byte[] hash, Session session) implements Found {}

    /** Nobody showed anything. */
    record Nobody() implements Found {}

    /** Not in force. */
    record Refused(Reply reply) implements Found {}

    Attempts attempts() {
        return attempts;
    }

    Freshness freshness() {
        return freshness;
    }

    /** The caller of a request whose path has no token. */
    public SocketRoute.Result ofHeader(Credentials credentials) throws InterruptedException {
        return caller(session(credentials));
    }

    /** The caller of a request to a wallet URL: the token is in its path. */
    public SocketRoute.Result ofWallet(Credentials credentials) throws InterruptedException {
        if (!credentials.authorization().isEmpty()) {
            return new SocketRoute.Refused(
                    Answers.problem(400, "ambiguous", "a wallet URL takes no Authorization header"));
        }
        return caller(find(credentials.token(), true, credentials));
    }

    private SocketRoute.Result caller(Found found) {
        return switch (found) {
            case Nobody _ -> new SocketRoute.Admitted(Caller.ANONYMOUS, () -> SocketRoute.Standing.IN_FORCE);
            case Open(byte[] hash, Session session) -> new SocketRoute.Admitted(session.caller(), () -> standing(hash));
            case Refused(Reply reply) -> new SocketRoute.Refused(reply);
        };
    }

    private SocketRoute.Standing standing(byte[] hash) {
        // Asked first: a confirmation that comes while the state is looked at says nothing of that state.
        boolean fresh = freshness.isFresh();
        if (fault(hash) != null) {
            return SocketRoute.Standing.OVER;
        }
        return fresh ? SocketRoute.Standing.IN_FORCE : SocketRoute.Standing.UNCONFIRMED;
    }

    /** The session that the header names. */
    Found session(Credentials credentials) throws InterruptedException {
        if (credentials.authorization().isEmpty()) {
            return new Nobody();
        }
        Matcher bearer = BEARER.matcher(credentials.authorization().getFirst());
        if (credentials.authorization().size() > 1 || !bearer.matches()) {
            return failed(credentials, 401, "not-a-bearer", "the Authorization header is to be one: Bearer TOKEN");
        }
        return find(bearer.group(1), false, credentials);
    }

    private Found find(String token, boolean wallet, Credentials credentials) throws InterruptedException {
        if (!TOKEN.matcher(token).matches()) {
            return failed(
                    credentials, 401, "not-a-token", "this is no session's token; POST /access/sessions gives one");
        }
        if (!freshness.await()) {
            return new Refused(Answers.problem(
                    503, "stale", "no majority confirms this node's state; it answers nobody who has signed in"));
        }
        byte[] hash = Sessions.hash(token);
        Session session;
        UserRefusal fault;
        try (View view = users.view()) {
            session = Sessions.find(view.state(), hash);
            fault = session == null ? UserRefusal.UNKNOWN_TOKEN : Sessions.judge(session, users.at(view));
        }
        if (session == null || fault != null) {
            UserRefusal reason = fault == null ? UserRefusal.UNKNOWN_TOKEN : fault;
            return failed(credentials, reason.status(), reason.word(), "sign in again");
        }
        if (session.isWallet() != wallet) {
            return failed(
                    credentials,
                    401,
                    "wrong-place",
                    wallet
                            ? "a session's token does not belong into a URL"
                            : "a wallet URL's token does not belong into a header");
        }
        return new Open(hash, session);
    }

    /** Why a session that was in force is so no longer; null if it is. */
    private @Nullable UserRefusal fault(byte[] hash) {
        try (View view = users.view()) {
            Session session = Sessions.find(view.state(), hash);
            return session == null ? UserRefusal.UNKNOWN_TOKEN : Sessions.judge(session, users.at(view));
        }
    }

    private Refused failed(Credentials credentials, int status, String code, String message) {
        return attempts.take(credentials.from()) ? new Refused(Answers.problem(status, code, message)) : tooMany();
    }

    static Refused tooMany() {
        return new Refused(Answers.problem(429, "too-many-attempts", "come back later"));
    }
}
