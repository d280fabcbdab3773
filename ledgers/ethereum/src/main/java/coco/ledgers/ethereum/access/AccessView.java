package coco.ledgers.ethereum.access;

import coco.evm.code.CodeCache;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.kv.Reader;
import coco.ledgers.api.AccessSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers who may see and call what, by the latest committed state, for one request. Each contract is asked once for
 * each user; all questions together have the gas of one budget, beyond which the answer is no. Nobody in particular is
 * {@link Address#ZERO}, which no contract is asked about and which sees what is open. Auditors' grants, sessions'
 * scopes and what is for a transaction's sender or participants are the caller's business. One thread.
 */
public final class AccessView implements AccessRules {
    private final StateRules rules;
    private final Supplier<CheckSite> site;
    private final CodeCache codes;
    private final long hashSeed;
    private final CheckBudget budget;
    private final Map<ReadQuestion, Boolean> readable = new HashMap<>();
    private @Nullable Checks checks;
    private Checks.@Nullable Scene scene;

    private record ReadQuestion(Address user, Address contract) {}

    /**
     * A view.
     *
     * @param state the latest committed one; must stay open
     * @param settings in force for it
     * @param site where contracts are asked: the same state, and its newest block; used only if one has to be asked
     * @param hashSeed a number that nobody outside knows
     */
    public AccessView(
            Reader state,
            AccessSettings settings,
            Supplier<CheckSite> site,
            CodeCache codes,
            long hashSeed,
            CheckBudget budget) {
        this.rules = new StateRules(new Marks(state), new BoundRules(settings));
        this.site = site;
        this.codes = codes;
        this.hashSeed = hashSeed;
        this.budget = budget;
    }

    @Override
    public boolean anyConfidential() {
        return rules.anyConfidential();
    }

    @Override
    public boolean isConfidential(Address contract) {
        return rules.isConfidential(contract);
    }

    /** Whether a user may read what a contract is now. */
    public boolean mayRead(Address user, Address contract) {
        Rule rule = rules.of(contract);
        return rule.isOpen()
                || readable.computeIfAbsent(
                        new ReadQuestion(user, contract), _ -> checks().mayRead(scene(), user, rule));
    }

    /**
     * Whether a user may read what a contract did or was in a block: of one that is open now, but was not then, nobody
     * may.
     */
    public boolean mayRead(Address user, Address contract, long blockNumber) {
        return !staysHidden(contract, blockNumber) && mayRead(user, contract);
    }

    private boolean staysHidden(Address contract, long blockNumber) {
        Mark mark = rules.marks().of(contract);
        return mark != null && mark.state() == Mark.State.CLEARED && blockNumber <= mark.block();
    }

    /** Whether a user may read all of these, as {@link #mayRead(Address, Address, long)}. */
    public boolean mayReadAll(Address user, Collection<Address> contracts, long blockNumber) {
        for (Address contract : contracts) {
            if (!mayRead(user, contract, blockNumber)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a frame that serves a user may enter a contract.
     *
     * @param caller the account whose frame makes the call; the user for the outermost frame
     * @param selector the first four bytes of the input as a big-endian number
     */
    public boolean mayCall(Address user, Address caller, Address contract, int selector) {
        Rule rule = rules.of(contract);
        return rule.isOpen() || (!user.isZero() && checks().mayCall(scene(), user, caller, contract, selector, rule));
    }

    /**
     * Why a user may or may not read and call a contract.
     *
     * @param selector of the call, as in {@link #mayCall}
     */
    public AccessReasons reasons(Address user, Address contract, int selector) {
        Rule rule = rules.of(contract);
        Mark mark = rules.marks().of(contract);
        Address holder = rule.holder();
        BoundRules.Bound bound = rule.bound();
        Address listed = rule.listed();
        boolean isUser = !rule.closed() && !user.isZero();
        Address asked = isUser ? holder : null;
        return new AccessReasons(
                mark == null ? "none" : mark.state().name().toLowerCase(Locale.ROOT),
                mark == null ? -1 : mark.block(),
                mark == null ? null : mark.creator(),
                holder,
                bound == null ? null : (Boolean) bound.canRead(user),
                listed == null ? null : (Boolean) (isUser && isReader(listed, user)),
                rule.closed(),
                asked == null ? null : word(checks().answer(scene(), asked, Questions.canRead(user))),
                asked == null ? null : word(checks().answer(scene(), asked, Questions.canCall(user, user, selector))),
                mayRead(user, contract),
                mayCall(user, user, contract, selector));
    }

    private boolean isReader(Address listed, Address user) {
        return checks().answer(scene(), ReaderLists.ADDRESS, Questions.isReader(listed, user)) == Checks.Answer.YES;
    }

    private static String word(Checks.Answer answer) {
        return answer.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The contract whose readers see a log: the one that wrote it, or the one whose list an event of {@link
     * ReaderLists} is about.
     */
    public Address subject(Log log) {
        Address writer = log.address();
        Address subject = rules.of(writer).isOfLists() ? ReaderLists.subject(log) : null;
        return subject == null ? writer : subject;
    }

    /** Whether a user may read a log: who may read the contract, and whom its rule for events names. */
    public boolean mayReadLog(Address user, Log log, long blockNumber) {
        Address contract = log.address();
        Address subject = subject(log);
        if (!subject.equals(contract)) {
            return subject.equals(rules.of(subject).listed()) && mayRead(user, subject, blockNumber);
        }
        if (staysHidden(contract, blockNumber)) {
            return false;
        }
        return mayRead(user, contract) || checks().mayReadLog(scene(), user, log, rules.of(contract));
    }

    private Checks checks() {
        Checks known = checks;
        if (known == null) {
            CheckSite where = site.get();
            known = new Checks(codes, hashSeed, CheckLimits.DEFAULT);
            known.begin(where.rules(), where.environment());
            scene = new Checks.Scene(where.world(), rules, budget);
            checks = known;
        }
        return known;
    }

    private Checks.Scene scene() {
        checks();
        if (scene == null) {
            throw new IllegalStateException("checks without a scene");
        }
        return scene;
    }
}
