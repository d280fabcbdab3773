package coco.governance.users;

import coco.crypto.Sha256;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.ledgers.api.Enrolment;
import coco.ledgers.api.Offer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * One transaction of the ledger of users. The node that offers it has seen what it rests on: a signature, a login, a
 * certificate. Canonical JSON; the form is in docs/specs/users.md.
 */
public sealed interface UserChange {
    /**
     * An actor makes an address one of its users, or changes its quota.
     *
     * @param enrolment by whom, with what quota
     */
    record Enrol(Session.Holder.User user, Enrolment enrolment) implements UserChange {}

    /** An actor takes an enrolment of its own back; sessions of the address end. */
    record Withdraw(Session.Holder.User user, String actor) implements UserChange {}

    /**
     * A session begins.
     *
     * @param hash of its token, lower-case hexadecimal
     */
    record Open(String hash, Session session) implements UserChange {}

    /**
     * A session of a holder ends.
     *
     * @param hash of its token, lower-case hexadecimal
     */
    record Close(String hash, Session.Holder holder) implements UserChange {}

    /** All sessions of a holder end. */
    record CloseAll(Session.Holder holder) implements UserChange {}

    /**
     * A login stands for an address from now on.
     *
     * @param actor whose issuer it is
     */
    record Bind(String issuer, String subject, String actor, Session.Holder.User user) implements UserChange {}

    /** A login stands for nobody any more. */
    record Unbind(String issuer, String subject, String actor) implements UserChange {}

    /**
     * An auditor asks for something by its grant.
     *
     * @param ledger that is asked
     * @param kind of question
     * @param contracts that it names
     */
    record Use(String grant, String ledger, String kind, List<String> contracts) implements UserChange {
        public Use {
            contracts = List.copyOf(contracts);
        }
    }

    /** Bytes of the number that makes two equal changes two. */
    int NONCE_BYTES = 16;

    /** A method's name. */
    Pattern KIND = Pattern.compile("\\*|[A-Za-z][A-Za-z0-9_-]{0,63}");

    /** SHA-256 label of a transaction's id. */
    byte[] ID_LABEL = "coco users change v1\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * The transaction.
     *
     * @param nonce {@link #NONCE_BYTES} random bytes
     */
    default Offer offer(byte[] nonce) {
        ObjectNode tree = tree().put("nonce", HexFormat.of().formatHex(nonce));
        byte[] payload = CanonicalJson.write(tree, "").getBytes(StandardCharsets.UTF_8);
        return new Offer(UsersLedgerFactory.ID, Sha256.hash(ID_LABEL, payload), payload);
    }

    private ObjectNode tree() {
        return switch (this) {
            case Enrol(Session.Holder.User user, Enrolment enrolment) ->
                put(Documents.object().put("change", "enrol"), user)
                        .put("actor", enrolment.actor())
                        .put("transactionsPerSecond", enrolment.transactionsPerSecond())
                        .put("gasPerSecond", enrolment.gasPerSecond())
                        .put("poolSlots", enrolment.poolSlots());
            case Withdraw(Session.Holder.User user, String actor) ->
                put(Documents.object().put("change", "withdraw"), user).put("actor", actor);
            case Open(String hash, Session session) -> {
                ObjectNode tree = Documents.object().put("change", "open").put("hash", hash);
                tree.set("session", session.tree());
                yield tree;
            }
            case Close(String hash, Session.Holder holder) ->
                put(Documents.object().put("change", "close"), holder).put("hash", hash);
            case CloseAll(Session.Holder holder) -> put(Documents.object().put("change", "close-all"), holder);
            case Bind(String issuer, String subject, String actor, Session.Holder.User user) ->
                put(login(Documents.object().put("change", "bind"), issuer, subject, actor), user);
            case Unbind(String issuer, String subject, String actor) ->
                login(Documents.object().put("change", "unbind"), issuer, subject, actor);
            case Use(String grant, String ledger, String kind, List<String> contracts) -> {
                ObjectNode tree = Documents.object()
                        .put("change", "use")
                        .put("grant", grant)
                        .put("ledger", ledger)
                        .put("kind", kind);
                contracts.forEach(tree.putArray("contracts")::add);
                yield tree;
            }
        };
    }

    private static ObjectNode login(ObjectNode tree, String issuer, String subject, String actor) {
        return tree.put("issuer", issuer).put("subject", subject).put("actor", actor);
    }

    private static ObjectNode put(ObjectNode tree, Session.Holder holder) {
        return switch (holder) {
            case Session.Holder.User(String ledger, String address) ->
                tree.put("ledger", ledger).put("address", address);
            case Session.Holder.Auditor(String grant) -> tree.put("grant", grant);
        };
    }

    /**
     * Reads a transaction's payload.
     *
     * @throws DocumentException if it is none in its one form
     */
    static UserChange parse(byte[] payload) {
        if (payload.length > UserLimits.CHANGE_BYTES) {
            throw new DocumentException("", "longer than " + UserLimits.CHANGE_BYTES + " bytes");
        }
        Fields fields = new Fields(Documents.json(payload, ""), "");
        byte[] nonce = fields.hex("nonce", NONCE_BYTES, NONCE_BYTES);
        String kind = fields.text("change");
        UserChange change = switch (kind) {
            case "enrol" -> new Enrol(user(fields), enrolment(fields));
            case "withdraw" -> new Withdraw(user(fields), fields.text("actor"));
            case "open" -> open(fields);
            case "close" -> new Close(hash(fields), holder(fields));
            case "close-all" -> new CloseAll(holder(fields));
            case "bind" -> new Bind(fields.text("issuer"), subject(fields), fields.text("actor"), user(fields));
            case "unbind" -> new Unbind(fields.text("issuer"), subject(fields), fields.text("actor"));
            case "use" -> use(fields);
            default -> throw new DocumentException("change", "is none of this software");
        };
        fields.finish();
        if (!Arrays.equals(change.offer(nonce).payload(), payload)) {
            throw new DocumentException("", "not in canonical form");
        }
        return change;
    }

    private static Open open(Fields fields) {
        Fields session = fields.object("session");
        Open open = new Open(hash(fields), Session.read(session));
        session.finish();
        return open;
    }

    private static Use use(Fields fields) {
        Use use = new Use(
                Session.matching(Session.GRANT, fields, "grant"),
                Session.matching(Session.LEDGER, fields, "ledger"),
                Session.matching(KIND, fields, "kind"),
                fields.texts("contracts"));
        if (use.contracts().size() > UserLimits.USE_CONTRACTS
                || !use.contracts().stream()
                        .allMatch(each -> Session.CONTRACT.matcher(each).matches())) {
            throw new DocumentException(
                    fields.at("contracts"), "at most " + UserLimits.USE_CONTRACTS + " in lower-case hexadecimal, or *");
        }
        return use;
    }

    private static String hash(Fields fields) {
        return HexFormat.of().formatHex(fields.hex("hash", 32, 32));
    }

    private static String subject(Fields fields) {
        String subject = fields.text("subject");
        if (subject.isEmpty() || subject.length() > UserLimits.SUBJECT_CHARACTERS) {
            throw new DocumentException("subject", "1 to " + UserLimits.SUBJECT_CHARACTERS + " characters");
        }
        return subject;
    }

    private static Enrolment enrolment(Fields fields) {
        try {
            return new Enrolment(
                    fields.text("actor"),
                    fields.integer("transactionsPerSecond"),
                    fields.longInteger("gasPerSecond"),
                    fields.integer("poolSlots"));
        } catch (IllegalArgumentException negative) {
            throw new DocumentException("", String.valueOf(negative.getMessage()));
        }
    }

    private static Session.Holder.User user(Fields fields) {
        if (holder(fields) instanceof Session.Holder.User user) {
            return user;
        }
        throw new DocumentException("grant", "is no user");
    }

    private static Session.Holder holder(Fields fields) {
        return fields.optional("grant") == null
                ? new Session.Holder.User(fields.text("ledger"), HexFormat.of().formatHex(fields.hex("address", 1, 64)))
                : new Session.Holder.Auditor(fields.text("grant"));
    }
}
