package coco.ledgers.kv;

import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Enrolment;
import coco.ledgers.api.View;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one caller may do with the keys of this ledger, by one view's state and what is in force there. What is not said
 * here nobody may.
 *
 * @param reads which keys it may read
 * @param writes which keys it may change
 * @param otherwise what it is told about keys that it may not change
 */
record KvRights(Keys reads, Keys writes, Refusal otherwise) {
    private static final Refusal SIGN_IN =
            new Refusal(401, "sign in: this service answers nobody who gives no identity");
    private static final Refusal NO_USER =
            new Refusal(403, "no organisation has enrolled this account as one of its users");
    private static final Refusal READS_ONLY = new Refusal(403, "an auditor reads, and changes nothing");
    private static final Refusal WALLET = new Refusal(403, "wallet URLs do not reach this ledger");

    private static final int NAME_BYTES = 64;

    /** Before a key's hexadecimal in a grant. */
    private static final String GRANTED = KvLedger.ID + ":";

    /** An answer instead of what was asked for. */
    record Refusal(int status, String message) {}

    /** Some of the ledger's keys. */
    sealed interface Keys {
        /** All of them. */
        record All() implements Keys {}

        /** Those that belong to an account: they begin with its address and a slash. */
        record OwnedBy(String prefix) implements Keys {}

        /**
         * Those that an auditor's grant names.
         *
         * @param names keys in lower-case hexadecimal
         */
        record Named(SortedSet<String> names) implements Keys {}

        /** None. */
        record None() implements Keys {}

        /** Whether a key is one of these. */
        default boolean hold(byte[] key) {
            return switch (this) {
                case All _ -> true;
                case OwnedBy(String prefix) -> new String(key, StandardCharsets.UTF_8).startsWith(prefix);
                case Named(SortedSet<String> names) ->
                    names.contains(HexFormat.of().formatHex(key));
                case None _ -> false;
            };
        }
    }

    private static final Keys ALL = new Keys.All();
    private static final Keys NONE = new Keys.None();

    /** What a key is called where other ledgers have contracts: its hexadecimal, as much of it as a grant names. */
    static String name(byte[] key) {
        return HexFormat.of().formatHex(key, 0, Math.min(key.length, NAME_BYTES));
    }

    /** Whether nothing of the ledger is kept from anybody: then no state has to be looked at. */
    static boolean isEverybodys(AccessSettings settings) {
        return isReadByAll(settings) && settings.senders() == AccessSettings.Senders.ANY;
    }

    private static boolean isReadByAll(AccessSettings settings) {
        return settings.contracts() == AccessSettings.Contracts.OPEN && settings.anonymousReads();
    }

    /** The rights of a view's caller. */
    static KvRights of(View view) {
        AccessSettings settings = view.access();
        boolean isShared = settings.contracts() == AccessSettings.Contracts.OPEN;
        boolean isBound = settings.senders() == AccessSettings.Senders.BOUND;
        return switch (view.caller()) {
            case Caller.Anonymous _ ->
                isReadByAll(settings)
                        ? new KvRights(ALL, isBound ? NONE : ALL, SIGN_IN)
                        : new KvRights(NONE, NONE, SIGN_IN);
            case Caller.Auditor(String id) -> auditor(settings, settings.grant(id), view.height());
            case Caller.User user -> {
                if (user.scope().kind() == Caller.Scope.Kind.WALLET) {
                    yield new KvRights(NONE, NONE, WALLET);
                }
                if (isBound && Enrolment.find(view.state(), settings, user.ledger(), user.address()) == null) {
                    yield new KvRights(NONE, NONE, NO_USER);
                }
                yield user(user, isShared);
            }
        };
    }

    private static KvRights user(Caller.User user, boolean isShared) {
        String prefix = "0x" + HexFormat.of().formatHex(user.address()) + "/";
        // A session to which nothing beyond the open was lent has what everybody has, and no key of its account's own.
        Keys own = user.scope().contracts().contains("*") ? new Keys.OwnedBy(prefix) : NONE;
        Keys keys = isShared ? ALL : own;
        return new KvRights(keys, keys, new Refusal(403, "keys of this account begin with " + prefix));
    }

    /** No more than the grant names, but for what everybody reads: other users' keys are none of an auditor's. */
    private static KvRights auditor(AccessSettings settings, AccessSettings.@Nullable Grant grant, long height) {
        boolean isOver = grant == null || height >= grant.expiresAtHeight();
        if (isReadByAll(settings) || (grant != null && grant.isWhole(height))) {
            return new KvRights(ALL, NONE, READS_ONLY);
        }
        SortedSet<String> names = new TreeSet<>();
        for (String contract : grant == null || isOver ? List.<String>of() : grant.contracts()) {
            if (contract.startsWith(GRANTED)) {
                names.add(contract.substring(GRANTED.length()));
            }
        }
        return new KvRights(names.isEmpty() ? NONE : new Keys.Named(names), NONE, READS_ONLY);
    }

    /** What a caller hears who may read nothing, instead of an answer that would look empty; null if it may read. */
    @Nullable
    Refusal blindness() {
        return reads instanceof Keys.None ? otherwise : null;
    }
}
