package coco.governance.users;

import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Enrolment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * What whoever has its token may do, and for how long.
 *
 * @param holder who it acts for
 * @param scope how much of that
 * @param way by what it was opened; a wallet URL has the way of the session that it was made from
 * @param actor with OIDC and certificates: whose organisation vouches for it; else empty
 * @param source with OIDC the issuer, with certificates the SHA-256 fingerprint in lower-case hexadecimal; else empty
 * @param openedSeconds service time
 * @param expiresSeconds service time from which on it counts no more
 * @param label what its holder calls it; may be empty
 */
public record Session(
        Holder holder,
        Caller.Scope scope,
        Way way,
        String actor,
        String source,
        long openedSeconds,
        long expiresSeconds,
        String label) {
    static final Pattern LEDGER = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    static final Pattern GRANT = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern ACTOR = Pattern.compile("[a-z0-9-]{0,64}");
    private static final Pattern SOURCE = Pattern.compile("[\\x21-\\x7e]{0,256}");
    static final Pattern CONTRACT = Pattern.compile("\\*|[0-9a-f]{2,128}");
    private static final Pattern LABEL = Pattern.compile("[^\\p{Cntrl}]{0," + UserLimits.LABEL_CHARACTERS + "}");

    /** By what a session was opened. */
    public enum Way {
        /** A message of Sign-In with Ethereum, signed by the address itself. */
        SIGNATURE,
        /** A token of an organisation's identity provider, bound to the address. */
        OIDC,
        /** A certificate of a member, participant or auditor. */
        CERTIFICATE
    }

    /** Who a session acts for. */
    public sealed interface Holder {
        /**
         * One address of a ledger.
         *
         * @param ledger {@link coco.ledgers.api.Ledger#id}
         * @param address lower-case hexadecimal without a prefix
         */
        record User(String ledger, String address) implements Holder {
            /** The address's bytes. */
            public byte[] bytes() {
                return HexFormat.of().parseHex(address);
            }
        }

        /**
         * An auditor.
         *
         * @param grant id of the grant
         */
        record Auditor(String grant) implements Holder {}

        /** The caller that it is. */
        default Caller caller(Caller.Scope scope) {
            return switch (this) {
                case User user -> new Caller.User(user.ledger(), user.bytes(), scope);
                case Auditor(String grant) -> new Caller.Auditor(grant);
            };
        }

        /** Different for different holders, and no beginning of another's. */
        default byte[] key() {
            return switch (this) {
                case User user -> UserMaps.join(Enrolment.key(user.ledger(), user.bytes()), new byte[] {0});
                case Auditor(String grant) -> UserMaps.ascii(" " + grant + "\0");
            };
        }
    }

    /** Whether this is a wallet URL's. */
    public boolean isWallet() {
        return scope.kind() == Caller.Scope.Kind.WALLET;
    }

    /** The caller that whoever has the token is. */
    public Caller caller() {
        return holder.caller(scope);
    }

    ObjectNode tree() {
        ObjectNode out = Documents.object();
        switch (holder) {
            case Holder.User(String ledger, String address) ->
                out.put("ledger", ledger).put("address", address);
            case Holder.Auditor(String grant) -> out.put("grant", grant);
        }
        scope.contracts().forEach(out.putArray("contracts")::add);
        return out.put("kind", word(scope.kind()))
                .put("way", word(way))
                .put("actor", actor)
                .put("source", source)
                .put("opened", openedSeconds)
                .put("expires", expiresSeconds)
                .put("label", label);
    }

    byte[] bytes() {
        return CanonicalJson.write(tree(), "").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a session of a state.
     *
     * @throws DocumentException if it is none
     */
    static Session parse(byte[] json) {
        Fields fields = new Fields(Documents.json(json, ""), "");
        Session read = read(fields);
        fields.finish();
        return read;
    }

    /** Reads what {@link #tree} gives. */
    static Session read(Fields f) {
        Holder holder = f.optional("grant") == null
                ? new Holder.User(matching(LEDGER, f, "ledger"), HexFormat.of().formatHex(f.hex("address", 1, 64)))
                : new Holder.Auditor(matching(GRANT, f, "grant"));
        List<String> contracts = f.texts("contracts");
        if (contracts.size() > UserLimits.CONTRACTS
                || !contracts.stream().allMatch(each -> CONTRACT.matcher(each).matches())) {
            throw new DocumentException(
                    f.at("contracts"), "at most " + UserLimits.CONTRACTS + " in lower-case hexadecimal, or *");
        }
        Caller.Scope.Kind kind = f.word("kind", List.of(Caller.Scope.Kind.values()), Session::word);
        return new Session(
                holder,
                new Caller.Scope(kind, contracts),
                f.word("way", List.of(Way.values()), Session::word),
                matching(ACTOR, f, "actor"),
                matching(SOURCE, f, "source"),
                f.longInteger("opened"),
                f.longInteger("expires"),
                matching(LABEL, f, "label"));
    }

    static String matching(Pattern pattern, Fields fields, String name) {
        String text = fields.text(name);
        if (!pattern.matcher(text).matches()) {
            throw new DocumentException(fields.at(name), "has not the form of " + pattern);
        }
        return text;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
