package coco.node.identity;

import coco.crypto.AccountSignatures;
import coco.crypto.Hex;
import coco.crypto.Secp256k1;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.users.Agreement;
import coco.governance.users.Session;
import coco.governance.users.Sessions;
import coco.governance.users.SignInMessage;
import coco.governance.users.UserChange;
import coco.governance.users.UserLimits;
import coco.governance.users.UserRefusal;
import coco.ledgers.api.BusyException;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.View;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Ways to sign in on the applications' listeners, and what one may do with one's sessions. */
public final class SignInDesk {
    private static final Pattern CONTRACT = Pattern.compile("0x[0-9a-fA-F]{40}");
    private static final String EVERYTHING = "*";

    private final Service service;
    private final Users users;
    private final Gate gate;
    private final Nonces nonces;
    private final TokenMint mint;
    private final Secp256k1 curve = Secp256k1.fastest();

    /**
     * What is signed in to.
     *
     * @param id of the service, 32 bytes
     * @param ledger whose addresses sign in
     * @param chainId that a message has to name; null for any
     * @param domains whose pages may ask for a signature
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Service(
            byte[] id, String ledger, @Nullable Long chainId, Predicate<String> domains) {}

    /** Serves one service. */
    public SignInDesk(Service service, Users users, Gate gate, SecureRandom random) {
        this.service = service;
        this.users = users;
        this.gate = gate;
        this.nonces = new Nonces(random);
        this.mint = new TokenMint(users, random);
    }

    /** Its routes. */
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/access/nonce", this::nonce),
                new Route("POST", "/access/sessions", request -> attempt(request, this::signIn)),
                new Route("POST", "/access/logins", request -> attempt(request, this::logIn)),
                new Route("POST", "/access/bindings", request -> attempt(request, this::bind)),
                new Route("GET", "/access/sessions", request -> signedIn(request, this::list)),
                new Route("DELETE", "/access/sessions", request -> signedIn(request, this::closeAll)),
                new Route("DELETE", "/access/sessions/*", request -> signedIn(request, this::close)),
                new Route("POST", "/access/wallets", request -> signedIn(request, this::wallet)));
    }

    /** Something that is tried with what the body says. */
    private interface Attempt {
        Reply of(Fields body) throws Exception;
    }

    /** Something that who has signed in may do. */
    private interface Own {
        Reply of(HttpRequest request, Gate.Open session) throws Exception;
    }

    private Reply attempt(HttpRequest request, Attempt attempt) throws Exception {
        if (!gate.attempts().take(request.credentials().from())) {
            return Gate.tooMany().reply();
        }
        if (!gate.freshness().await()) {
            return Answers.problem(503, "stale", "no majority confirms this node's state");
        }
        try {
            return attempt.of(body(request));
        } catch (DocumentException malformed) {
            return Answers.problem(400, "malformed", String.valueOf(malformed.getMessage()));
        } catch (BusyException busy) {
            return Answers.problem(503, "busy", "too many sign in");
        }
    }

    static Fields body(HttpRequest request) {
        if (request.body().length > IdentityLimits.BODY_BYTES) {
            throw new DocumentException("", "longer than " + IdentityLimits.BODY_BYTES + " bytes");
        }
        return new Fields(Documents.json(request.body(), ""), "");
    }

    private Reply signedIn(HttpRequest request, Own own) throws Exception {
        return switch (gate.session(request.credentials())) {
            case Gate.Open open -> {
                try {
                    yield own.of(request, open);
                } catch (DocumentException malformed) {
                    yield Answers.problem(400, "malformed", String.valueOf(malformed.getMessage()));
                }
            }
            case Gate.Nobody _ -> Answers.problem(401, "not-signed-in", "sign in first: POST /access/sessions");
            case Gate.Refused(Reply reply) -> reply;
        };
    }

    private Reply nonce(HttpRequest unusedRequest) {
        ObjectNode tree = Documents.object()
                .put("nonce", nonces.next(users.seconds()))
                .put("serviceId", Hex.encode(service.id()))
                .put("time", Instant.ofEpochSecond(users.seconds()).toString());
        if (service.chainId() != null) {
            tree.put("chainId", service.chainId());
        }
        return Answers.json(200, tree);
    }

    // ---------------------------------------------------------------- Sign-In with Ethereum

    private Reply signIn(Fields body) throws Exception {
        String text = body.text("message");
        byte[] signature = signature(body);
        String label = label(body);
        body.finish();
        SignInMessage message = SignInMessage.parse(text);
        long now = users.seconds();
        Reply refused = fault(message, now);
        if (refused != null) {
            return refused;
        }
        byte[] signer = users.context().compute(() -> AccountSignatures.signer(text, signature, curve));
        if (!Arrays.equals(signer, message.address())) {
            return Answers.problem(401, "signature", "the account did not sign this message");
        }
        List<String> contracts = contracts(message.resources());
        if (contracts == null) {
            return Answers.problem(400, "resources", "a resource names another service, or is no contract of this one");
        }
        if (!nonces.use(message.nonce(), now)) {
            return Answers.problem(401, "nonce", "this nonce was used");
        }
        Instant end = message.expires();
        long most = now + UserLimits.SESSION_SECONDS;
        return mint.open(new Session(
                new Session.Holder.User(service.ledger(), HexFormat.of().formatHex(message.address())),
                new Caller.Scope(Caller.Scope.Kind.SESSION, contracts),
                Session.Way.SIGNATURE,
                "",
                "",
                now,
                end == null ? most : Math.min(most, end.getEpochSecond()),
                label));
    }

    /** What there is against a message, whoever signed it; null if nothing. */
    private @Nullable Reply fault(SignInMessage message, long now) {
        if (!service.domains().test(message.domain()) || !message.authority().equals(message.domain())) {
            return Answers.problem(
                    403, "domain", "this service does not sign in for that domain, or the URI is another's");
        }
        if (service.chainId() != null && service.chainId() != message.chainId()) {
            return Answers.problem(400, "chain", "the chain of this service is " + service.chainId());
        }
        long skew = IdentityLimits.SKEW.toSeconds();
        long issued = message.issued().getEpochSecond();
        Instant begins = message.begins();
        Instant end = message.expires();
        if (issued > now + skew
                || issued < now - IdentityLimits.NONCE_LIFE.toSeconds()
                || (begins != null && begins.getEpochSecond() > now + skew)
                || (end != null && end.getEpochSecond() <= now)) {
            return Answers.problem(401, "expired", "the message is too old, over, or of a time to come");
        }
        return nonces.isGood(message.nonce(), now)
                ? null
                : Answers.problem(401, "nonce", "this nonce is none of this node's, was used, or is over");
    }

    /** What a message lends: the contracts that its resources name. Null: it speaks of another service. */
    private @Nullable List<String> contracts(List<String> resources) {
        String own = "coco:" + Hex.encode(service.id()) + ":";
        List<String> contracts = new ArrayList<>();
        for (String resource : resources) {
            if (!resource.startsWith("coco:")) {
                continue;
            }
            String what = resource.startsWith(own) ? resource.substring(own.length()) : "";
            if (!what.equals(EVERYTHING) && !CONTRACT.matcher(what).matches()) {
                return null;
            }
            contracts.add(name(what));
        }
        return contracts.size() > UserLimits.CONTRACTS ? null : contracts;
    }

    /** As scopes have it. */
    private static String name(String contract) {
        return contract.equals(EVERYTHING) ? contract : contract.substring(2).toLowerCase(Locale.ROOT);
    }

    static byte[] signature(Fields body) {
        String text = body.text("signature");
        try {
            return HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
        } catch (IllegalArgumentException notHex) {
            throw new DocumentException("signature", "is not hexadecimal");
        }
    }

    static String label(Fields body) {
        String label = body.ifPresent("label", body::text);
        if (label != null
                && (label.length() > UserLimits.LABEL_CHARACTERS
                        || label.chars().anyMatch(c -> c < ' '))) {
            throw new DocumentException("label", "at most " + UserLimits.LABEL_CHARACTERS + " characters");
        }
        return label == null ? "" : label;
    }

    // ---------------------------------------------------------------- OpenID Connect

    private IdentityTokens.Verdict judge(String token) throws Exception {
        long now = users.seconds();
        return users.context()
                .compute(() -> IdentityTokens.judge(token, users.constitution().oidcIssuers(), now));
    }

    private static Reply refused(IdentityTokens.Refused refused) {
        return Answers.problem(401, refused.reason().word(), refused.words());
    }

    private Reply logIn(Fields body) throws Exception {
        String token = body.text("token");
        String label = label(body);
        body.finish();
        return switch (judge(token)) {
            case IdentityTokens.Refused refused -> refused(refused);
            case IdentityTokens.Valid valid -> {
                Session.Holder.User user;
                try (View view = users.view()) {
                    user = Sessions.bound(view.state(), valid.issuer().issuer(), valid.subject());
                }
                long now = users.seconds();
                yield user == null
                        ? Answers.problem(UserRefusal.NOT_BOUND, "bind this login to an account: POST /access/bindings")
                        : mint.open(new Session(
                                user,
                                Caller.Scope.EVERYTHING,
                                Session.Way.OIDC,
                                valid.issuer().actor(),
                                valid.issuer().issuer(),
                                now,
                                Math.min(valid.expiresSeconds(), now + UserLimits.SESSION_SECONDS),
                                label));
            }
        };
    }

    private Reply bind(Fields body) throws Exception {
        String token = body.text("token");
        byte[] signature = signature(body);
        byte[] address = body.hex("address", AccountSignatures.ADDRESS_BYTES, AccountSignatures.ADDRESS_BYTES);
        body.finish();
        return switch (judge(token)) {
            case IdentityTokens.Refused refused -> refused(refused);
            case IdentityTokens.Valid valid -> {
                String issuer = valid.issuer().issuer();
                String text = Agreement.binding(service.id(), issuer, valid.subject(), service.ledger(), address);
                byte[] signer = users.context().compute(() -> AccountSignatures.signer(text, signature, curve));
                if (!Arrays.equals(signer, address)) {
                    yield Answers.problem(401, "signature", "the account did not sign that this login stands for it");
                }
                Session.Holder.User user =
                        new Session.Holder.User(service.ledger(), HexFormat.of().formatHex(address));
                Reply problem = users.carryOut(new UserChange.Bind(
                        issuer, valid.subject(), valid.issuer().actor(), user));
                yield problem == null
                        ? Answers.json(201, Documents.object().put("address", "0x" + user.address()))
                        : problem;
            }
        };
    }

    // ---------------------------------------------------------------- one's own sessions

    private Reply list(HttpRequest unusedRequest, Gate.Open own) {
        ArrayNode all = Documents.object().putArray("sessions");
        try (View view = users.view()) {
            Sessions.of(view.state(), own.session().holder()).forEach((hash, session) -> {
                if (session.expiresSeconds() > users.seconds()) {
                    all.add(TokenMint.describe(hash, session)
                            .put("current", hash.equals(HexFormat.of().formatHex(own.hash()))));
                }
            });
        }
        ObjectNode tree = Documents.object();
        tree.set("sessions", all);
        return Answers.json(200, tree);
    }

    private Reply close(HttpRequest request, Gate.Open own) throws InterruptedException {
        String id = request.rest();
        String hash = null;
        try (View view = users.view()) {
            for (Map.Entry<String, Session> each :
                    Sessions.of(view.state(), own.session().holder()).entrySet()) {
                hash = TokenMint.id(each.getKey()).equals(id) ? each.getKey() : hash;
            }
        }
        return hash == null
                ? Answers.problem(UserRefusal.NO_SUCH_SESSION, "it may have been revoked before, or be over")
                : done(users.carryOut(new UserChange.Close(hash, own.session().holder())));
    }

    private Reply closeAll(HttpRequest unusedRequest, Gate.Open own) throws InterruptedException {
        return done(users.carryOut(new UserChange.CloseAll(own.session().holder())));
    }

    static Reply done(@Nullable Reply problem) {
        return Objects.requireNonNullElseGet(problem, () -> Answers.json(200, Documents.object()));
    }

    /** A wallet URL may see no more than the session that it is made from. */
    private Reply wallet(HttpRequest request, Gate.Open own) throws InterruptedException {
        Session from = own.session();
        Fields body = body(request);
        List<String> contracts = new ArrayList<>();
        for (String contract : body.textsOrNone("contracts")) {
            if (!CONTRACT.matcher(contract).matches() || !from.scope().reaches(name(contract))) {
                throw new DocumentException("contracts", "each is 0x and 40 digits, and one that this session may see");
            }
            contracts.add(name(contract));
        }
        Long seconds = body.ifPresent("seconds", body::longInteger);
        String label = label(body);
        body.finish();
        if (contracts.size() > UserLimits.CONTRACTS || (seconds != null && seconds <= 0)) {
            throw new DocumentException("", "at most " + UserLimits.CONTRACTS + " contracts, and some time");
        }
        if (!(from.holder() instanceof Session.Holder.User)) {
            return Answers.problem(403, "no-account", "an auditor has no wallet");
        }
        long now = users.seconds();
        // A login's end does not end a wallet URL; its issuer's, its actor's and its enrolment's do.
        long lives = seconds == null ? UserLimits.WALLET_SECONDS : Math.min(seconds, UserLimits.WALLET_SECONDS);
        return mint.open(new Session(
                from.holder(),
                new Caller.Scope(Caller.Scope.Kind.WALLET, contracts),
                from.way(),
                from.actor(),
                from.source(),
                now,
                now + lives,
                label));
    }
}
