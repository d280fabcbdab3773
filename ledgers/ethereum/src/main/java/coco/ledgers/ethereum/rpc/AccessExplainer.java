package coco.ledgers.ethereum.rpc;

import coco.evm.code.CodeInfo;
import coco.evm.state.WorldAccount;
import coco.evm.types.Address;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.AnswerGrid;
import coco.ledgers.api.BusyException;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.Enrolment;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.View;
import coco.ledgers.ethereum.access.AccessReasons;
import coco.ledgers.ethereum.access.AccessView;
import coco.ledgers.ethereum.access.CheckBudget;
import coco.ledgers.ethereum.access.ReaderLists;
import coco.ledgers.ethereum.chain.AccessViews;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.chain.Sights;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says which rule decides whether an account sees a contract or a transaction, and why, by the newest committed state.
 *
 * <p>Who signed in is told of itself: of what it sees, why; of anything else the same words as of what is not there.
 * Who holds a grant for the whole state, which is recorded, is told everything about any account. Nobody else is told
 * anything: neither members nor operators see what contracts keep.
 */
public final class AccessExplainer {
    /** Where clients reach it. */
    private static final String PATH = "/access/explain";

    private static final String LEDGER = "ethereum";
    private static final String LISTS =
            "the system contract that keeps lists of readers: everybody may call it, and reads nothing of others in it";
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{40}");
    private static final Pattern HASH = Pattern.compile("0x[0-9a-fA-F]{64}");
    private static final Pattern SELECTOR = Pattern.compile("0x[0-9a-fA-F]{8}");
    private static final JsonMapper JSON = new JsonMapper();

    private final LedgerContext context;
    private final Sights sights;
    private final AccessViews views;
    private final AnswerGrid grid;

    /**
     * Explanations of one chain.
     *
     * @param sights what callers see
     */
    public AccessExplainer(LedgerContext context, Sights sights, AccessViews views) {
        this.context = context;
        this.sights = sights;
        this.views = views;
        this.grid = AnswerGrid.of(context);
    }

    /** The one endpoint: {@code GET /access/explain?contract=&user=&transaction=&selector=}. */
    public Endpoint endpoint() {
        return new Endpoint("GET", PATH, this::explain);
    }

    /**
     * What is asked.
     *
     * @param user of whom; null for the asker itself
     * @param transaction 32 bytes; null for none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Asked(Address contract, @Nullable Address user, byte @Nullable [] transaction, int selector) {
        static @Nullable Asked of(Map<String, String> query) {
            String contract = query.getOrDefault("contract", "");
            String user = query.get("user");
            String transaction = query.get("transaction");
            String selector = query.getOrDefault("selector", "0x00000000");
            boolean isWellFormed = ADDRESS.matcher(contract).matches()
                    && (user == null || ADDRESS.matcher(user).matches())
                    && (transaction == null || HASH.matcher(transaction).matches())
                    && SELECTOR.matcher(selector).matches();
            return isWellFormed
                    ? new Asked(
                            Address.fromHex(contract),
                            user == null ? null : Address.fromHex(user),
                            transaction == null ? null : HexFormat.of().parseHex(transaction.substring(2)),
                            HexFormat.fromHexDigits(selector, 2, 10))
                    : null;
        }
    }

    private Endpoint.Reply explain(Endpoint.Request request) throws Exception {
        Asked asked = Asked.of(request.query());
        if (asked == null) {
            return problem(400, "malformed", "contract and user are 0x and 40 digits, transaction 64, selector 8");
        }
        try {
            Instant came = context.clock().instant();
            return context.computeLong(() -> judged(request.caller(), asked, came));
        } catch (BusyException busy) {
            return problem(503, "busy", "too much is being asked; try again");
        }
    }

    private Endpoint.Reply judged(Caller caller, Asked asked, Instant came) {
        return switch (caller) {
            case Caller.Anonymous _ -> {
                if (!context.access().anonymousReads()) {
                    yield problem(401, "not-signed-in", "sign in: this service answers nobody who gives no identity");
                }
                yield asked.user() == null ? narrow(caller, Address.ZERO, asked, came) : ofItself();
            }
            case Caller.User user -> {
                boolean isOurs = user.ledger().equals(LEDGER) && user.address().length == Address.SIZE;
                if (!isOurs || user.scope().kind() == Caller.Scope.Kind.WALLET) {
                    yield problem(403, "wrong-place", "sign in with an account of this ledger");
                }
                Address own = Address.of(user.address());
                boolean isOwn = asked.user() == null || asked.user().equals(own);
                yield isOwn ? narrow(caller, own, asked, came) : ofItself();
            }
            case Caller.Auditor auditor -> {
                context.recordUse(
                        auditor,
                        "explain",
                        List.of(HexFormat.of().formatHex(asked.contract().bytes())));
                yield whole(auditor, asked);
            }
        };
    }

    private static Endpoint.Reply ofItself() {
        return problem(403, "of-itself", "an account is told of itself only; a grant for the whole state, of any");
    }

    // ---------------------------------------------------------------- of oneself

    /** Nothing in it may depend on what the caller does not see. */
    private Endpoint.Reply narrow(Caller caller, Address own, Asked asked, Instant came) {
        ObjectNode tree;
        try (View view = context.view(caller)) {
            ChainReader chain = new ChainReader(view, sights.of(view));
            WorldAccount found = chain.state().account(asked.contract());
            boolean sees = isThere(found);
            tree = head(chain, own, asked).put("sees", sees);
            ArrayNode reasons = tree.putArray("reasons");
            AccessView rules = views.of(view.state(), view.access(), CheckBudget.ofRead());
            if (isLists(found, asked.contract())) {
                // The same whether or not it was ever used.
                tree.put("calls", true).put("decides", "lists");
                add(reasons, "lists", true, LISTS);
            } else if (sees) {
                AccessReasons why = rules.reasons(own, asked.contract(), asked.selector());
                tree.put("calls", why.calls()).put("decides", decides(why));
                Address maker = why.maker();
                boolean mayKnow = maker == null || isThere(chain.state().account(maker));
                describe(reasons, why, mayKnow);
            } else {
                tree.put("calls", false).put("decides", "nothing");
                add(
                        reasons,
                        "nothing",
                        false,
                        "this account sees nothing there: no contract, or one that does not show itself to it here");
            }
            session(reasons, caller);
            byte[] transaction = asked.transaction();
            if (transaction != null) {
                ownTransaction(tree, chain, own, transaction);
            }
        }
        grid.await(came);
        return json(200, tree);
    }

    private static boolean isThere(@Nullable WorldAccount account) {
        return account != null && !Arrays.equals(account.codeHash(), CodeInfo.EMPTY_HASH);
    }

    private static boolean isLists(@Nullable WorldAccount account, Address address) {
        return account != null && ReaderLists.is(address, account.codeHash());
    }

    private static void session(ArrayNode reasons, Caller caller) {
        if (caller instanceof Caller.User user && !user.scope().contracts().contains("*")) {
            add(
                    reasons,
                    "session",
                    false,
                    "this session sees confidential contracts only if they were named when it was opened: "
                            + user.scope().contracts().size() + " were");
        }
    }

    private static void ownTransaction(ObjectNode tree, ChainReader chain, Address own, byte[] hash) {
        ChainReader.Place place = chain.find(hash);
        ObjectNode told = tree.putObject("transaction").put("sees", place != null);
        if (place == null) {
            told.put("decides", "nothing")
                    .put("words", "this account sees no such transaction: it is not there, or not for this account");
            return;
        }
        ExecutedTransaction executed = place.block().transaction(place.ordinal());
        boolean isSender = executed.sender().equals(own);
        told.put("decides", isSender ? "sender" : "rules")
                .put(
                        "words",
                        isSender
                                ? "this account sent it"
                                : "this account may read what it touched, or what it was sent to");
    }

    // ---------------------------------------------------------------- of anybody, by a grant for the whole state

    private Endpoint.Reply whole(Caller.Auditor auditor, Asked asked) {
        Address user = asked.user();
        if (user == null) {
            return problem(400, "malformed", "of which user? A grant has no account");
        }
        try (View view = context.view(auditor);
                View users = context.view(new Caller.User(LEDGER, user.bytes()))) {
            AccessSettings.Grant grant = view.access().grant(auditor.grant());
            if (grant == null || !grant.isWhole(view.height())) {
                return problem(403, "no-grant", "only a grant for the whole state is told of others");
            }
            ChainReader chain = new ChainReader(view, sights.of(view));
            ChainReader seen = new ChainReader(users, sights.of(users));
            boolean sees = isThere(seen.state().account(asked.contract()));
            AccessView rules = views.of(users.state(), users.access(), CheckBudget.ofRead());
            AccessReasons why = rules.reasons(user, asked.contract(), asked.selector());
            boolean isParticipants = users.access().contracts() == AccessSettings.Contracts.PARTICIPANTS
                    && !rules.isConfidential(asked.contract());
            ObjectNode tree = head(chain, user, asked)
                    .put("sees", sees)
                    .put("calls", why.calls())
                    .put("decides", isParticipants ? "participants" : decides(why));
            ArrayNode reasons = tree.putArray("reasons");
            enrolment(reasons, users, user);
            if (!isThere(chain.state().account(asked.contract()))) {
                add(reasons, "code", false, "there is no code at this address now");
            }
            if (isLists(chain.state().account(asked.contract()), asked.contract())) {
                add(reasons, "lists", true, LISTS);
            } else {
                describe(reasons, why, true);
            }
            if (isParticipants) {
                add(reasons, "participants", false, "without a rule, its state is nobody's to read");
            }
            byte[] transaction = asked.transaction();
            if (transaction != null) {
                anyTransaction(tree, chain, seen, rules, user, transaction);
            }
            return json(200, tree);
        }
    }

    private static void enrolment(ArrayNode reasons, View view, Address user) {
        Enrolment found = Enrolment.find(view.state(), view.access(), LEDGER, user.bytes());
        boolean isBound = view.access().senders() == AccessSettings.Senders.BOUND;
        add(
                reasons,
                "enrolment",
                found != null || !isBound,
                found != null
                        ? found.actor() + " has enrolled this account"
                        : "no organisation has enrolled this account"
                                + (isBound ? ", and senders are bound: it cannot sign in" : ""));
    }

    private static void anyTransaction(
            ObjectNode tree, ChainReader chain, ChainReader seen, AccessView rules, Address user, byte[] hash) {
        ChainReader.Place place = chain.find(hash);
        ObjectNode told = tree.putObject("transaction").put("there", place != null);
        if (place == null) {
            return;
        }
        ExecutedTransaction executed = place.block().transaction(place.ordinal());
        long number = place.block().header().number();
        told.put("sees", seen.find(hash) != null)
                .put("sender", executed.sender().checksumHex())
                .put("isSender", executed.sender().equals(user))
                .put("senderOnly", executed.touched().senderOnly());
        Address to = executed.transaction().to();
        if (to != null) {
            told.put("recipient", to.checksumHex()).put("readsRecipient", rules.mayRead(user, to, number));
        }
        ArrayNode touched = told.putArray("touched");
        for (Address contract : executed.touched().confidential()) {
            touched.addObject()
                    .put("contract", contract.checksumHex())
                    .put("reads", rules.mayRead(user, contract, number))
                    .put("denied", executed.touched().denied().contains(contract));
        }
    }

    // ---------------------------------------------------------------- words

    private static ObjectNode head(ChainReader chain, Address user, Asked asked) {
        ObjectNode tree = JSON.createObjectNode();
        if (!user.isZero()) {
            tree.put("user", user.checksumHex());
        }
        return tree.put("contract", asked.contract().checksumHex())
                .put("height", chain.height())
                .put("block", chain.head().number())
                .put(
                        "time",
                        Instant.ofEpochSecond(chain.head().header().timestamp()).toString());
    }

    /** The rule that decides on reading. */
    private static String decides(AccessReasons why) {
        if (why.closed()) {
            return "pending";
        }
        if (Boolean.FALSE.equals(why.bound())) {
            return "bound";
        }
        Boolean listed = why.listed();
        if (listed != null && (!listed || why.canRead() == null)) {
            return "readers";
        }
        return why.canRead() != null ? "canRead" : why.bound() != null ? "bound" : why.reads() ? "open" : "identity";
    }

    private static void describe(ArrayNode reasons, AccessReasons why, boolean mayNameMaker) {
        Address maker = why.maker();
        String mark = switch (why.mark()) {
            case "own" -> "it said in block " + why.since() + " that it has a rule";
            case "inherited" ->
                mayNameMaker && maker != null
                        ? "it was made in block " + why.since() + " by " + maker.checksumHex()
                                + ", whose rule it has until it says yes itself"
                        : "it has the rule of the contract that made it";
            case "pending" ->
                "it was new in block " + why.since()
                        + " and could not be asked within the gas: closed until it is touched again";
            case "cleared" ->
                "it took its rule back: " + (why.listed() == null ? "open now, " : "") + "content up to block "
                        + why.since() + " stays hidden";
            case "listed" -> "who deployed it in block " + why.since() + " named its readers";
            default -> "it has no rule of its own";
        };
        add(reasons, "mark", !why.closed(), mark);
        Boolean bound = why.bound();
        if (bound != null) {
            add(
                    reasons,
                    "bound",
                    bound,
                    "members bound a rule to it, which " + (bound ? "names" : "does not name") + " this account");
        }
        Boolean listed = why.listed();
        if (listed != null) {
            add(
                    reasons,
                    "readers",
                    listed,
                    "the readers whom its sender named " + (listed ? "include" : "do not include") + " this account");
        }
        if (why.canRead() != null) {
            add(reasons, "canRead", "yes".equals(why.canRead()), "canRead(user) answered " + why.canRead());
        }
        if (why.canCall() != null) {
            add(
                    reasons,
                    "canCall",
                    "yes".equals(why.canCall()),
                    "canCall(user, user, selector) answered " + why.canCall());
        }
    }

    private static void add(ArrayNode reasons, String rule, boolean allows, String words) {
        reasons.addObject().put("rule", rule).put("allows", allows).put("words", words);
    }

    private static Endpoint.Reply json(int status, ObjectNode tree) {
        return new Endpoint.Reply(
                status,
                "application/json",
                JSON.writeValueAsBytes(tree),
                status == 401
                        ? Map.of("WWW-Authenticate", "Bearer", "Cache-Control", "no-store")
                        : Map.of("Cache-Control", "no-store"));
    }

    private static Endpoint.Reply problem(int status, String code, String message) {
        ObjectNode tree = JSON.createObjectNode();
        tree.putObject("error").put("code", code).put("message", message);
        return json(status, tree);
    }
}
