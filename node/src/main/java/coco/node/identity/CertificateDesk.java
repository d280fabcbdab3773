package coco.node.identity;

import coco.crypto.AccountSignatures;
import coco.crypto.Hex;
import coco.crypto.Secp256k1;
import coco.governance.AuditorGrant;
import coco.governance.Constitution;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.users.Agreement;
import coco.governance.users.RecordedUse;
import coco.governance.users.Session;
import coco.governance.users.Sessions;
import coco.governance.users.UserChange;
import coco.governance.users.UserRefusal;
import coco.kv.Cursor;
import coco.ledgers.api.BusyException;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.Enrolment;
import coco.ledgers.api.View;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What members, participants and auditors do with their certificates, on the administrative listener. */
public final class CertificateDesk {
    /** How long a session of a back end lives: it gets another one without anybody's help. */
    private static final long SESSION_SECONDS = 3_600;

    /** Entries that one page of the list looks at. */
    private static final int LISTED = 1_000;

    private static final Pattern LEDGER = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private final byte[] serviceId;
    private final Users users;
    private final Gate gate;
    private final TokenMint mint;
    private final Secp256k1 curve = Secp256k1.fastest();

    /** @param serviceId 32 bytes */
    public CertificateDesk(byte[] serviceId, Users users, Gate gate, SecureRandom random) {
        this.serviceId = serviceId.clone();
        this.users = users;
        this.gate = gate;
        this.mint = new TokenMint(users, random);
    }

    /** Its routes: each handler decides by the certificate, and says what it lacks. */
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/access/actor", request -> acting(request, this::actor)),
                new Route("GET", "/access/enrolments", request -> acting(request, this::list)),
                new Route("POST", "/access/enrolments", request -> acting(request, this::enrol)),
                new Route("DELETE", "/access/enrolments/*", request -> acting(request, this::withdraw)),
                new Route("POST", "/access/unbind", request -> acting(request, this::unbind)),
                new Route("POST", "/access/certificate", request -> acting(request, this::open)),
                new Route("GET", "/access/uses", request -> acting(request, this::uses)),
                new Route("POST", "/access/auditor", this::audit));
    }

    /** Something that an actor may do. */
    private interface Acting {
        Reply of(HttpRequest request, String actor) throws Exception;
    }

    private Reply acting(HttpRequest request, Acting acting) throws Exception {
        return shown(request, certificate -> {
            String actor = Actors.of(certificate, users.constitution(), Instant.ofEpochSecond(users.seconds()));
            return actor == null
                    ? Answers.problem(403, "unknown-actor", "this is no certificate of a member or participant")
                    : acting.of(request, actor);
        });
    }

    /** Something that is done by a certificate. */
    private interface Shown {
        Reply of(X509Certificate certificate) throws Exception;
    }

    private Reply shown(HttpRequest request, Shown shown) throws Exception {
        X509Certificate certificate = request.peer();
        if (!gate.attempts().take(request.credentials().from())) {
            return Gate.tooMany().reply();
        }
        if (certificate == null) {
            return Answers.problem(401, "no-certificate", "show a certificate");
        }
        if (!gate.freshness().await()) {
            return Answers.problem(503, "stale", "no majority confirms this node's state");
        }
        try {
            return shown.of(certificate);
        } catch (DocumentException malformed) {
            return Answers.problem(400, "malformed", String.valueOf(malformed.getMessage()));
        } catch (BusyException busy) {
            return Answers.problem(503, "busy", "too many requests are being verified");
        }
    }

    private Reply actor(HttpRequest unusedRequest, String actor) {
        return Answers.json(200, Documents.object().put("actor", actor).put("serviceId", Hex.encode(serviceId)));
    }

    private static Session.Holder.User user(Fields body) {
        return new Session.Holder.User(
                ledger(body.text("ledger")), HexFormat.of().formatHex(body.hex("address", 1, 64)));
    }

    private static String ledger(String text) {
        if (!LEDGER.matcher(text).matches()) {
            throw new DocumentException("ledger", "is no id of a ledger");
        }
        return text;
    }

    /** Quotas of a user that is enrolled change without its signature, which it has given before. */
    private Reply enrol(HttpRequest request, String actor) throws Exception {
        Fields body = SignInDesk.body(request);
        Session.Holder.User user = user(body);
        byte[] signature = body.optional("signature") == null ? new byte[0] : SignInDesk.signature(body);
        int transactions = body.optional("transactionsPerSecond") == null ? 0 : body.integer("transactionsPerSecond");
        long gas = body.optional("gasPerSecond") == null ? 0 : body.longInteger("gasPerSecond");
        int slots = body.optional("poolSlots") == null ? 0 : body.integer("poolSlots");
        body.finish();
        if (transactions < 0 || gas < 0 || slots < 0) {
            throw new DocumentException("", "a quota cannot be negative");
        }
        if (!isEnrolledBy(user, actor) && !hasAgreed(user, actor, signature)) {
            return Answers.problem(
                    401, "signature", "the account has not signed that " + actor + " enrols it as a user");
        }
        Reply problem = users.carryOut(new UserChange.Enrol(user, new Enrolment(actor, transactions, gas, slots)));
        return problem == null ? Answers.json(201, Documents.object().put("address", "0x" + user.address())) : problem;
    }

    private boolean isEnrolledBy(Session.Holder.User user, String actor) {
        try (View view = users.view()) {
            Enrolment found = Enrolment.find(view.state(), view.access(), user.ledger(), user.bytes());
            return found != null && found.actor().equals(actor);
        }
    }

    private boolean hasAgreed(Session.Holder.User user, String actor, byte[] signature) throws Exception {
        byte[] address = user.bytes();
        if (address.length != AccountSignatures.ADDRESS_BYTES) {
            return false;
        }
        String text = Agreement.enrolment(serviceId, actor, user.ledger(), address);
        byte[] signer = users.context().compute(() -> AccountSignatures.signer(text, signature, curve));
        return Arrays.equals(signer, address);
    }

    private Reply withdraw(HttpRequest request, String actor) throws InterruptedException {
        String address = request.rest().startsWith("0x") ? request.rest().substring(2) : request.rest();
        if (!address.matches("([0-9a-f]{2}){1,64}")) {
            throw new DocumentException("address", "must be lower-case hexadecimal");
        }
        String ledger = ledger(request.query().getOrDefault("ledger", "ethereum"));
        return SignInDesk.done(
                users.carryOut(new UserChange.Withdraw(new Session.Holder.User(ledger, address), actor)));
    }

    private Reply list(HttpRequest request, String actor) {
        String after = request.query().getOrDefault("after", "");
        if (!after.matches("([0-9a-f]{2}){0,128}")) {
            throw new DocumentException("after", "must be what next said");
        }
        ObjectNode tree = Documents.object();
        ArrayNode all = tree.putArray("users");
        try (View view = users.view()) {
            // Behind the last key of the page before: the key and a zero byte is the next one that there could be.
            byte[] from = after.isEmpty() ? new byte[0] : HexFormat.of().parseHex(after + "00");
            Cursor entries = view.state().scan(Enrolment.MAP, from, null);
            int left = LISTED;
            boolean more = entries.next();
            byte[] last = from;
            for (; more && left > 0; left--) {
                last = entries.key();
                Enrolment enrolment = Enrolment.of(entries.value());
                if (enrolment.actor().equals(actor)) {
                    all.add(describe(last, enrolment));
                }
                more = entries.next();
            }
            tree.put("next", more ? HexFormat.of().formatHex(last) : "");
        }
        return Answers.json(200, tree);
    }

    private static ObjectNode describe(byte[] key, Enrolment enrolment) {
        int end = 0;
        while (key[end] != 0) {
            end++;
        }
        return Documents.object()
                .put("ledger", new String(key, 0, end, StandardCharsets.US_ASCII))
                .put("address", "0x" + HexFormat.of().formatHex(key, end + 1, key.length))
                .put("transactionsPerSecond", enrolment.transactionsPerSecond())
                .put("gasPerSecond", enrolment.gasPerSecond())
                .put("poolSlots", enrolment.poolSlots());
    }

    /** How auditors used their grants: for members, who have given them. */
    private Reply uses(HttpRequest request, String actor) {
        String after = request.query().getOrDefault("after", "");
        if (!after.matches("([0-9a-f]{2}){0,128}")) {
            throw new DocumentException("after", "must be what next said");
        }
        if (users.constitution().members().stream().noneMatch(each -> each.id().equals(actor))) {
            return Answers.problem(403, "no-member", "how grants are used is for the members, who give them");
        }
        ObjectNode tree = Documents.object();
        ArrayNode all = tree.putArray("uses");
        try (View view = users.view()) {
            RecordedUse.Page page =
                    RecordedUse.page(view.state(), HexFormat.of().parseHex(after), LISTED);
            for (RecordedUse use : page.uses()) {
                ObjectNode each = all.addObject()
                        .put("grant", use.grant())
                        .put("certificate", use.certificate())
                        .put("ledger", use.ledger())
                        .put("kind", use.kind());
                use.contracts().forEach(each.putArray("contracts")::add);
                each.put("time", Instant.ofEpochSecond(use.seconds()).toString());
            }
            byte[] next = page.next();
            tree.put("next", next == null ? "" : HexFormat.of().formatHex(next));
        }
        return Answers.json(200, tree);
    }

    private Reply unbind(HttpRequest request, String actor) throws InterruptedException {
        Fields body = SignInDesk.body(request);
        String issuer = body.text("issuer");
        String subject = body.text("subject");
        body.finish();
        return SignInDesk.done(users.carryOut(new UserChange.Unbind(issuer, subject, actor)));
    }

    /** A session of one of the actor's users, for its back ends. */
    private Reply open(HttpRequest request, String actor) throws InterruptedException {
        Fields body = SignInDesk.body(request);
        Session.Holder.User user = user(body);
        String label = SignInDesk.label(body);
        body.finish();
        if (!isEnrolledBy(user, actor)) {
            return Answers.problem(UserRefusal.NOT_ENROLLED, "this account is no user of " + actor);
        }
        return mint.open(session(user, actor, request.peer(), label));
    }

    private Session session(Session.Holder holder, String actor, @Nullable X509Certificate certificate, String label) {
        long now = users.seconds();
        return new Session(
                holder,
                Caller.Scope.EVERYTHING,
                Session.Way.CERTIFICATE,
                actor,
                certificate == null ? "" : Sessions.fingerprint(certificate),
                now,
                now + SESSION_SECONDS,
                label);
    }

    private Reply audit(HttpRequest request) throws Exception {
        return shown(request, certificate -> {
            Fields body = SignInDesk.body(request);
            String id = body.text("grant");
            String label = SignInDesk.label(body);
            body.finish();
            AuditorGrant grant;
            try (View view = users.view()) {
                grant = Actors.grant(certificate, id, Constitution.read(view.state()), view.height() + 1);
            }
            return grant == null
                    ? Answers.problem(UserRefusal.NO_GRANT, "no grant of this name is in force for this certificate")
                    : mint.open(session(new Session.Holder.Auditor(grant.id()), "", certificate, label));
        });
    }
}
