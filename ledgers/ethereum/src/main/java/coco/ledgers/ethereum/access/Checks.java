package coco.ledgers.ethereum.access;

import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Evm;
import coco.evm.FrameGuard;
import coco.evm.Halt;
import coco.evm.Invocation;
import coco.evm.InvocationResult;
import coco.evm.TransactionContext;
import coco.evm.code.CodeCache;
import coco.evm.state.JournaledState;
import coco.evm.state.WorldState;
import coco.evm.transition.ChainRules;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts questions to contracts, each in a context that nobody can shape: a fresh outermost static frame on a state of
 * its own, from {@link #ASKER}, with its own gas, nothing warm, nothing transient, watched by nobody. Answers are
 * remembered within a block, with all that they were derived from. One thread.
 */
final class Checks {
    /** Who asks, as caller and origin. Nobody has its key, and no code can be there. */
    static final Address ASKER = Address.fromHex("0xfffffffffffffffffffffffffffffffffffffffd");

    /** Answers that one transaction usually needs: most need few. */
    private static final int SEVERAL = 4;

    private static final TransactionContext CONTEXT = new TransactionContext(ASKER, Word.ZERO, List.of());

    private final CheckLimits limits;
    private final Level[] levels;
    private final Map<Question, List<Kept>> memo = new HashMap<>();
    private @Nullable ChainRules rules;
    private @Nullable Evm evm;
    private @Nullable BlockEnvironment environment;
    private @Nullable Run running;

    /** What came back. */
    enum Answer {
        YES,
        NO,
        /** It reverted, or failed, or said something else than yes or no. */
        MALFORMED,
        /** There was not enough gas to ask. */
        OVER_BUDGET
    }

    /** What the whole handshake of ERC-165 told. */
    enum Handshake {
        /** It has the interface. */
        YES,
        /** It knows interfaces, and does not have this one. */
        NO,
        /** It does not know interfaces, or what it says makes no sense. */
        NONE,
        /** There was not enough gas to ask. */
        UNKNOWN
    }

    /**
     * Where questions are put.
     *
     * @param world the state
     * @param rules of the contracts in it
     * @param budget pays
     * @param charged what was paid for already
     */
    record Scene(WorldState world, Rule.Source rules, CheckBudget budget, Set<Kept> charged) {
        Scene(WorldState world, Rule.Source rules, CheckBudget budget) {
            this(world, rules, budget, Collections.newSetFromMap(new IdentityHashMap<>(SEVERAL)));
        }
    }

    /** One nesting of checks. */
    private static final class Level {
        final RecordingWorld world = new RecordingWorld();
        final JournaledState state;

        Level(CodeCache codes, long hashSeed) {
            state = new JournaledState(world, codes, hashSeed);
        }
    }

    /** What is asked, and of whom. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by hand.
    private record Question(Address target, byte[] input, long gas, int level) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Question that
                    && target.equals(that.target)
                    && gas == that.gas
                    && level == that.level
                    && Arrays.equals(input, that.input);
        }

        @Override
        public int hashCode() {
            return (target.hashCode() * 31 + Arrays.hashCode(input)) * 31 + (int) gas + level;
        }
    }

    /**
     * An answer.
     *
     * @param lacksGas whether more gas might have made it another one
     * @param gas that the question was put with
     * @param gasUsed of it, and what every question costs
     * @param reads on which it depends
     * @param inner answers that it needed
     */
    private record Kept(Answer answer, boolean lacksGas, long gas, long gasUsed, ReadSet reads, List<Kept> inner) {}

    /** A question that is being answered. */
    private static final class Run {
        final Scene scene;
        final Question question;
        final ReadSet reads = new ReadSet();
        final List<Kept> inner = new ArrayList<>(0);
        /** Whether the answer depends on what was left of the budget. */
        boolean starved;

        Run(Scene scene, Question question) {
            this.scene = scene;
            this.question = question;
        }
    }

    /**
     * Checks for one chain.
     *
     * @param hashSeed a number that nobody outside knows: see {@link JournaledState}
     */
    Checks(CodeCache codes, long hashSeed, CheckLimits limits) {
        this.limits = limits;
        this.levels = new Level[limits.nesting()];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = new Level(codes, hashSeed);
        }
    }

    /** Questions are put in this block from now on. Everything that was remembered is forgotten. */
    void begin(ChainRules rulesOfBlock, BlockEnvironment environmentOfBlock) {
        if (!rulesOfBlock.equals(rules)) {
            rules = rulesOfBlock;
            evm = new Evm(rulesOfBlock.fork(), rulesOfBlock.chainId(), new Inside());
        }
        environment = environmentOfBlock;
        memo.clear();
    }

    /** Makes room for more answers, between two transactions. */
    void trim() {
        if (memo.size() > limits.memoEntries()) {
            memo.clear();
        }
    }

    /** Whether the contract says that it is confidential. */
    Handshake handshake(Scene scene, Address contract) {
        Answer knows = one(scene, contract, Questions.KNOWS_INTERFACES);
        if (knows != Answer.YES) {
            return knows == Answer.OVER_BUDGET ? Handshake.UNKNOWN : Handshake.NONE;
        }
        Answer impossible = one(scene, contract, Questions.HAS_IMPOSSIBLE);
        if (impossible != Answer.NO) {
            return impossible == Answer.OVER_BUDGET ? Handshake.UNKNOWN : Handshake.NONE;
        }
        return switch (one(scene, contract, Questions.IS_CONFIDENTIAL)) {
            case YES -> Handshake.YES;
            case NO -> Handshake.NO;
            case MALFORMED -> Handshake.NONE;
            case OVER_BUDGET -> Handshake.UNKNOWN;
        };
    }

    private Answer one(Scene scene, Address contract, byte[] input) {
        return put(scene, new Question(contract, input, limits.handshakeGas(), 0)).answer;
    }

    /** Whether {@code user} may read the contract. */
    boolean mayRead(Scene scene, Address user, Rule rule) {
        if (rule.isOpen()) {
            return true;
        }
        Address holder = rule.holder();
        BoundRules.Bound bound = rule.bound();
        if (rule.closed() || user.isZero() || (bound != null && !bound.canRead(user))) {
            return false;
        }
        Address listed = rule.listed();
        if (listed != null && (rule.isOfLists() || !isReader(scene, listed, user))) {
            return false;
        }
        return holder == null || says(scene, holder, Questions.canRead(user), 0);
    }

    /** Whether {@code user}, who may not read the contract, sees a log of it. */
    boolean mayReadLog(Scene scene, Address user, Log log, Rule rule) {
        Address holder = rule.holder();
        return holder != null
                && rule.bound() == null
                && rule.listed() == null
                && !user.isZero()
                && says(scene, holder, Questions.canReadLog(user, log), 0);
    }

    /** Whether a frame that serves {@code user} may enter the contract from {@code caller}. */
    boolean mayCall(Scene scene, Address user, Address caller, Address contract, int selector, Rule rule) {
        return mayCall(scene, user, caller, contract, selector, rule, 0);
    }

    private boolean mayCall(
            Scene scene, Address user, Address caller, Address contract, int selector, Rule rule, int level) {
        if (rule.isOpen()) {
            return true;
        }
        Address holder = rule.holder();
        BoundRules.Bound bound = rule.bound();
        if (rule.closed() || (bound != null && !bound.canCall(user, caller))) {
            return false;
        }
        if (!listAdmits(scene, user, caller, contract, rule)) {
            return false;
        }
        // The rule's own contract decided on the frame that calls, when that was entered.
        boolean isHolders = caller.equals(holder) && !contract.equals(holder);
        return holder == null || isHolders || says(scene, holder, Questions.canCall(user, caller, selector), level);
    }

    /**
     * Whether a list of readers lets a frame in: of a reader that calls itself, or through another one. Inside a check
     * there is no user, so it lets nobody in.
     */
    private boolean listAdmits(Scene scene, Address user, Address caller, Address contract, Rule rule) {
        Address listed = rule.listed();
        if (listed == null || rule.isOfLists()) {
            return true;
        }
        // What makes a contract for a sender calls it once, before anybody else. What a listed one made is its own.
        boolean isMakers = caller.equals(ReaderLists.ADDRESS) || (caller.equals(listed) && !contract.equals(listed));
        return isMakers
                || (!user.isZero()
                        && isReader(scene, listed, user)
                        && (caller.equals(user) || isReader(scene, listed, caller)));
    }

    private boolean isReader(Scene scene, Address contract, Address user) {
        return says(scene, ReaderLists.ADDRESS, Questions.isReader(contract, user), 0);
    }

    /** What a contract answers to a question that is put outside any other. */
    Answer answer(Scene scene, Address contract, byte[] input) {
        return ask(scene, contract, input, 0);
    }

    private boolean says(Scene scene, Address contract, byte[] input, int level) {
        return ask(scene, contract, input, level) == Answer.YES;
    }

    /** Asks with more and more gas until that cannot be what is missing. */
    private Answer ask(Scene scene, Address contract, byte[] input, int level) {
        for (long gas : limits.answerGas()) {
            Kept kept = put(scene, new Question(contract, input, gas, level));
            if (!kept.lacksGas) {
                return kept.answer;
            }
        }
        return Answer.MALFORMED;
    }

    private Kept put(Scene scene, Question question) {
        List<Kept> known = memo.get(question);
        if (known != null) {
            for (Kept each : known) {
                if (affords(scene, each) && each.reads.holds(scene.world, scene.rules)) {
                    charge(scene, each);
                    note(each);
                    return each;
                }
            }
        }
        if (!scene.budget.has(question.gas)) {
            Run outer = running;
            if (outer != null) {
                outer.starved = true;
            }
            return new Kept(Answer.OVER_BUDGET, false, question.gas, 0, new ReadSet(), List.of());
        }
        return answer(scene, question);
    }

    private Kept answer(Scene scene, Question question) {
        Run run = new Run(scene, question);
        Run outer = running;
        running = run;
        InvocationResult result;
        try {
            result = execute(run);
        } finally {
            running = outer;
        }
        long used = question.gas - result.gasLeft();
        Kept kept = new Kept(
                answerOf(result),
                result.halt() != Halt.SUCCESS && used * 2 > question.gas,
                question.gas,
                used + limits.questionGas(),
                run.reads,
                run.inner);
        charge(scene, kept);
        if (run.starved) {
            if (outer != null) {
                outer.starved = true;
            }
        } else {
            memo.computeIfAbsent(question, _ -> new ArrayList<>(1)).add(kept);
        }
        note(kept);
        return kept;
    }

    /** What a check inside another has read, that one has read as well. */
    private void note(Kept kept) {
        Run outer = running;
        if (outer != null) {
            outer.reads.addAll(kept.reads);
            outer.inner.add(kept);
        }
    }

    private InvocationResult execute(Run run) {
        Evm machine = evm;
        BlockEnvironment block = environment;
        if (machine == null || block == null) {
            throw new IllegalStateException("a check outside a block");
        }
        Question question = run.question;
        Level level = levels[question.level];
        level.world.open(run.scene.world, run.reads);
        level.state.forget();
        Invocation call =
                new Invocation(CallKind.STATICCALL, ASKER, question.target, Word.ZERO, question.input, question.gas);
        return machine.execute(level.state, block, CONTEXT, call, null);
    }

    private static Answer answerOf(InvocationResult result) {
        byte[] output = result.output();
        if (result.halt() != Halt.SUCCESS || output.length != Word.SIZE) {
            return Answer.MALFORMED;
        }
        Word word = Word.ofBytes32(output, 0);
        return word.isZero() ? Answer.NO : word.equals(Word.ONE) ? Answer.YES : Answer.MALFORMED;
    }

    /** Whether the budget has what asking anew would need: then both ways end alike. */
    private static boolean affords(Scene scene, Kept kept) {
        return scene.budget.has(kept.inner.isEmpty() ? kept.gas : needed(kept));
    }

    private static long needed(Kept kept) {
        long gas = kept.gas;
        for (Kept each : kept.inner) {
            gas += needed(each) + each.gasUsed;
        }
        return gas;
    }

    /**
     * Every answer is paid for once in a scene, remembered or not: what a budget allows must not depend on the memo.
     */
    private static void charge(Scene scene, Kept kept) {
        if (scene.charged.add(kept)) {
            for (Kept each : kept.inner) {
                charge(scene, each);
            }
            scene.budget.charge(kept.gasUsed);
        }
    }

    /** Inside a check there is no user: other confidential contracts are asked about the zero address. */
    private final class Inside implements FrameGuard {
        @Override
        public boolean mayEnter(
                Address user, Address caller, Address callee, Address code, int selector, CallKind kind) {
            Run run = run();
            boolean isNew = !callee.equals(caller) && !caller.equals(ASKER);
            return (!isNew || admits(run, caller, callee, selector))
                    && (code.equals(callee) || admits(run, callee, code, selector));
        }

        @Override
        public boolean mayInspect(Address user, Address frame, Address account) {
            return rule(run(), account).isOpen();
        }

        private Run run() {
            if (running == null) {
                throw new IllegalStateException("a frame outside a check");
            }
            return running;
        }

        private Rule rule(Run run, Address contract) {
            Rule rule = run.scene.rules.of(contract);
            run.reads.rule(contract, rule);
            return rule;
        }

        private boolean admits(Run run, Address caller, Address contract, int selector) {
            Rule rule = rule(run, contract);
            if (rule.isOpen()) {
                return true;
            }
            int level = run.question.level + 1;
            return level < levels.length && mayCall(run.scene, Address.ZERO, caller, contract, selector, rule, level);
        }
    }
}
