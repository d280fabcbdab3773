package coco.ledgers.ethereum.access;

import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.code.CodeCache;
import coco.evm.code.CodeInfo;
import coco.evm.state.JournaledState;
import coco.evm.state.WorldAccount;
import coco.evm.state.WorldState;
import coco.evm.transition.ChainRules;
import coco.evm.transition.TransactionGuard;
import coco.evm.types.Address;
import coco.kv.Reader;
import coco.kv.Transaction;
import coco.ledgers.api.AccessSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the frames of transactions: lets in whom the contract lets in, by the state at the start of the
 * transaction and by the current one. At the end of a transaction it says what that touched, and which contracts are
 * confidential from now on. Masks nothing. One thread; the order of calls is {@link #beginBlock}, then for each
 * transaction {@link #beginTransaction}, its execution, {@link #conclude} before and {@link #committed} after its
 * commit.
 */
public final class Enforcement implements TransactionGuard {
    private final JournaledState state;
    private final WorldState start;
    private final CurrentWorld current;
    private final Checks checks;
    private final CheckLimits limits;
    private @Nullable StateRules rules;
    private boolean recordsParticipants;
    private long blockNumber;
    private long batchGas;

    private long gasLimit;
    private Checks.@Nullable Scene now;
    private Checks.@Nullable Scene before;
    private final Set<Address> touched = new LinkedHashSet<>();
    private final Set<Address> denied = new LinkedHashSet<>();
    /** Who made it, by contract, in order. */
    private final Map<Address, Address> created = new LinkedHashMap<>();

    private @Nullable Address last;
    private boolean refused;

    /**
     * What a transaction leaves, to be written with its other changes.
     *
     * @param touched for its entry
     * @param marks that it changed; empty for one that is taken away
     * @param checkGas what its checks used
     */
    public record Conclusion(Touched touched, Map<Address, Optional<byte[]>> marks, long checkGas) {
        private static final Conclusion NOTHING = new Conclusion(Touched.NOTHING, Map.of(), 0);

        /** Writes the marks. */
        public void write(Transaction out) {
            marks.forEach((address, mark) -> mark.ifPresentOrElse(
                    value -> out.put(Marks.MAP, address.bytes(), value), () -> out.remove(Marks.MAP, address.bytes())));
        }
    }

    /**
     * Between the transactions of one state.
     *
     * @param state on which they are executed
     * @param start the world below it: the state at the start of each transaction
     * @param hashSeed a number that nobody outside knows: see {@link JournaledState}
     */
    public Enforcement(JournaledState state, WorldState start, CodeCache codes, long hashSeed) {
        this.state = state;
        this.start = start;
        this.current = new CurrentWorld(state);
        this.limits = CheckLimits.DEFAULT;
        this.checks = new Checks(codes, hashSeed, limits);
    }

    /** The marks of contracts that are there from the start, and that nobody has made. */
    public static Conclusion ofGenesis(CheckSite site, List<Address> contracts, CodeCache codes) {
        Checks checks = new Checks(codes, 0, CheckLimits.DEFAULT);
        checks.begin(site.rules(), site.environment());
        Checks.Scene scene = new Checks.Scene(site.world(), _ -> Rule.OPEN, new CheckBudget(Long.MAX_VALUE));
        Map<Address, Optional<byte[]>> marks = new LinkedHashMap<>();
        byte[] mark = new Mark(Mark.State.OWN, null, site.environment().number()).encode();
        for (Address contract : contracts) {
            if (checks.handshake(scene, contract) == Checks.Handshake.YES) {
                marks.put(contract, Optional.of(mark));
            }
        }
        return new Conclusion(Touched.NOTHING, marks, 0);
    }

    /**
     * A block begins.
     *
     * @param marks where the marks are read from; what the block's transactions add to them is remembered here
     * @param settings in force for the block
     */
    public void beginBlock(Reader marks, AccessSettings settings, ChainRules chain, BlockEnvironment environment) {
        rules = new StateRules(new Marks(marks), new BoundRules(settings));
        recordsParticipants = settings.contracts() == AccessSettings.Contracts.PARTICIPANTS;
        blockNumber = environment.number();
        batchGas = 0;
        checks.begin(chain, environment);
    }

    /** Whether the checks of the block's transactions have used what a block may: there should be no further one. */
    public boolean isBatchSpent() {
        return batchGas >= limits.batchGas();
    }

    @Override
    public void beginTransaction(long gas) {
        gasLimit = gas < 0 ? Long.MAX_VALUE / 2 : Math.min(gas, Long.MAX_VALUE / 2);
        touched.clear();
        denied.clear();
        created.clear();
        last = null;
        refused = false;
        now = null;
        before = null;
        current.begin();
        checks.trim();
    }

    @Override
    public boolean mayEnter(Address user, Address caller, Address callee, Address code, int selector, CallKind kind) {
        boolean isOutermost = last == null;
        boolean creates = kind == CallKind.CREATE || kind == CallKind.CREATE2;
        touch(callee);
        if (!code.equals(callee)) {
            touch(code);
        }
        if (creates) {
            created.putIfAbsent(callee, caller);
        }
        if (!rules().anyConfidential() && created.isEmpty()) {
            return true;
        }
        boolean isNew = isOutermost || !callee.equals(caller);
        Address bar = null;
        if (creates) {
            // Where a confidential contract was, there is none to say yes.
            bar = rules().of(callee).isOpen() ? null : callee;
        } else if (isNew && !admits(user, caller, callee, selector)) {
            bar = callee;
        } else if (!code.equals(callee) && !admits(user, callee, code, selector)) {
            bar = code;
        }
        if (bar != null) {
            denied.add(bar);
            refused |= isOutermost;
        }
        return bar == null;
    }

    @Override
    public boolean mayInspect(Address user, Address frame, Address account) {
        touch(account);
        if (!rules().anyConfidential() && created.isEmpty()) {
            return true;
        }
        Rule rule = ruleNow(account);
        if (rule.isOpen() || rule.isOfLists()) {
            return true;
        }
        // As if the frame called: else it could tell others what only its user may know.
        boolean shown = inspects(now(), user, frame, account, rule)
                && (created.containsKey(account) || inspects(before(), user, frame, account, rules().of(account)));
        if (!shown) {
            denied.add(account);
        }
        return shown;
    }

    private boolean inspects(Checks.Scene scene, Address user, Address frame, Address account, Rule rule) {
        return checks.mayRead(scene, user, rule) && checks.mayCall(scene, user, frame, account, 0, rule);
    }

    private void touch(Address address) {
        if (!address.equals(last)) {
            touched.add(address);
            last = address;
        }
    }

    private boolean admits(Address user, Address caller, Address contract, int selector) {
        Rule rule = ruleNow(contract);
        return rule.isOpen()
                || (checks.mayCall(now(), user, caller, contract, selector, rule)
                        && (created.containsKey(contract)
                                || checks.mayCall(before(), user, caller, contract, selector, rules().of(contract))));
    }

    /** Of a contract that the transaction made, what it and its makers say now; of any other, what is known. */
    private Rule ruleNow(Address contract) {
        Rule known = rules().of(contract);
        if (!known.isOpen() || !created.containsKey(contract)) {
            return known;
        }
        Address each = contract;
        for (int i = 0; i < limits.creationDepth(); i++) {
            Address listed = isListed(each) ? each : null;
            if (checks.handshake(now(), each) == Checks.Handshake.YES) {
                return new Rule(each, null, false, listed);
            }
            if (listed != null) {
                return new Rule(null, null, false, listed);
            }
            Address creator = created.get(each);
            if (creator == null) {
                return Rule.OPEN;
            }
            Rule above = rules().of(creator);
            if (!above.isOpen()) {
                return above;
            }
            each = creator;
        }
        return new Rule(null, null, true, null);
    }

    /** Whether this transaction made it for a sender who named readers. */
    private boolean isListed(Address contract) {
        return ReaderLists.ADDRESS.equals(created.get(contract)) && keepsLists(ReaderLists.ADDRESS);
    }

    private boolean keepsLists(Address contract) {
        return contract.equals(ReaderLists.ADDRESS)
                && ReaderLists.is(contract, state.account(contract).codeHash());
    }

    private StateRules rules() {
        if (rules == null) {
            throw new IllegalStateException("a transaction outside a block");
        }
        return rules;
    }

    private Checks.Scene now() {
        Checks.Scene scene = now;
        if (scene == null) {
            scene = new Checks.Scene(current, rules(), new CheckBudget(gasLimit + limits.transactionGas()));
            now = scene;
        }
        return scene;
    }

    private Checks.Scene before() {
        Checks.Scene scene = before;
        if (scene == null) {
            scene = new Checks.Scene(start, rules(), now().budget(), now().charged());
            before = scene;
        }
        return scene;
    }

    // ---- the end of a transaction ----

    /**
     * Asks everything that the transaction touched whether it is confidential. The state must be as execution left it,
     * not yet committed.
     *
     * @param delegates whether it may have given accounts other code without entering them (EIP-7702)
     */
    public Conclusion conclude(boolean delegates) {
        current.end();
        if (delegates) {
            touched.addAll(state.codeChanges());
        }
        if (!rules().anyConfidential() && !touchesCode()) {
            return recordsParticipants ? new Conclusion(touched(Map.of(), false), Map.of(), 0) : Conclusion.NOTHING;
        }
        CheckBudget budget = new CheckBudget(gasLimit + limits.transactionGas());
        Checks.Scene scene = new Checks.Scene(current, rules(), budget);
        Map<Address, Mark> marks = new HashMap<>();
        Map<Address, Optional<byte[]>> changes = new LinkedHashMap<>();
        boolean failed = false;
        // New ones first: they must not go unmarked because others have used up the gas.
        for (Address contract : created.keySet()) {
            boolean isThere = hasCode(contract);
            failed |= !isThere;
            if (isThere) {
                mark(contract, scene, marks, changes);
            }
        }
        for (Address address : touched) {
            if (!created.containsKey(address)) {
                mark(address, scene, marks, changes);
            }
        }
        long used = budget.used() + (now == null ? 0 : now.budget().used());
        return new Conclusion(touched(changes, failed), changes, used);
    }

    private boolean touchesCode() {
        for (Address address : touched) {
            if (state.account(address).hasCode()) {
                return true;
            }
        }
        return false;
    }

    private boolean hasCode(Address address) {
        WorldAccount account = current.account(address);
        return account != null && !Arrays.equals(account.codeHash(), CodeInfo.EMPTY_HASH);
    }

    private void mark(
            Address contract, Checks.Scene scene, Map<Address, Mark> marks, Map<Address, Optional<byte[]>> changes) {
        Mark known = rules().marks().of(contract);
        if (known == null && !state.account(contract).hasCode()) {
            return;
        }
        Mark next = keepsLists(contract)
                ? new Mark(Mark.State.LISTED, null, known == null ? blockNumber : known.block(), true)
                : next(contract, known, checks.handshake(scene, contract), marks);
        if (next != null) {
            marks.put(contract, next);
        }
        if (!Objects.equals(next, known)) {
            changes.put(contract, Optional.ofNullable(next).map(Mark::encode));
        }
    }

    private @Nullable Mark next(
            Address contract, @Nullable Mark known, Checks.Handshake says, Map<Address, Mark> marks) {
        boolean isOwn = known != null && known.state() == Mark.State.OWN;
        boolean listed = known == null ? isListed(contract) : known.listed();
        if (says == Checks.Handshake.YES) {
            return isOwn ? known : new Mark(Mark.State.OWN, null, blockNumber, listed);
        }
        if (isOwn && says == Checks.Handshake.NO) {
            return new Mark(Mark.State.CLEARED, null, blockNumber, listed);
        }
        boolean isPending = known != null && known.state() == Mark.State.PENDING;
        if (known != null && !isPending) {
            return known;
        }
        if (listed) {
            boolean isAnswered = says != Checks.Handshake.UNKNOWN;
            return known != null && !isAnswered
                    ? known
                    : new Mark(isAnswered ? Mark.State.LISTED : Mark.State.PENDING, null, blockNumber, true);
        }
        Address creator = created.get(contract);
        Mark inherited = creator == null ? null : inherited(creator, marks);
        if (inherited != null) {
            return inherited;
        }
        boolean isOpen = says != Checks.Handshake.UNKNOWN;
        if (isOpen || creator == null) {
            return isOpen ? null : known;
        }
        return new Mark(Mark.State.PENDING, null, blockNumber);
    }

    /** The mark of what a contract made; null if the maker is open. */
    private @Nullable Mark inherited(Address creator, Map<Address, Mark> marks) {
        Mark above = marks.containsKey(creator)
                ? marks.get(creator)
                : rules().marks().of(creator);
        boolean isBound = rules().bound().of(creator) != null;
        if (!isBound && (above == null || !above.isConfidential())) {
            return null;
        }
        Address maker = above == null ? null : above.creator();
        return new Mark(Mark.State.INHERITED, maker == null ? creator : maker, blockNumber);
    }

    private Touched touched(Map<Address, Optional<byte[]>> changes, boolean creationFailed) {
        List<Address> participants = recordsParticipants ? List.copyOf(touched) : List.of();
        if (!rules().anyConfidential() && changes.isEmpty()) {
            return new Touched(List.of(), List.of(), participants, false);
        }
        Set<Address> confidential = new LinkedHashSet<>();
        for (Address address : touched) {
            boolean becomes = changes.getOrDefault(address, Optional.empty()).isPresent();
            if (becomes || rules().isConfidential(address)) {
                confidential.add(address);
            }
        }
        confidential.addAll(denied);
        // Data for the system contract names readers and holds code, also where it went through something open.
        boolean names = confidential.contains(ReaderLists.ADDRESS) && keepsLists(ReaderLists.ADDRESS);
        return new Touched(
                List.copyOf(confidential), List.copyOf(denied), participants, creationFailed || refused || names);
    }

    /** For who executes a block once more, and writes nothing. */
    @Override
    public void endTransaction(boolean delegates) {
        committed(conclude(delegates));
    }

    /** The transaction is part of the block. */
    public void committed(Conclusion conclusion) {
        batchGas += conclusion.checkGas();
        Map<Address, Optional<Mark>> changes = new HashMap<>();
        conclusion.marks().forEach((address, mark) -> changes.put(address, mark.map(Mark::decode)));
        rules().marks().add(changes);
    }
}
