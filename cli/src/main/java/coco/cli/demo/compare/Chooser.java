package coco.cli.demo.compare;

import coco.crypto.Secp256k1;
import coco.evm.transition.ChainRules;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Transaction;
import coco.ledgers.ethereum.pool.Admission;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes transactions out of blocks until there are enough. What stays can be executed whenever it is sent: the pool
 * takes its type, its sender's nonces have no gap, and what the sender had at first pays for all that it sends. So
 * neither network has a reason to refuse one, whatever it has executed by then. And neither has a reason to come to
 * another result than the other: what depends on how blocks are cut is taken out, too ({@link Stability}).
 */
final class Chooser {
    /** Some are taken out in the end; these take their places. */
    private static final int RESERVE_DIVISOR = 25;

    private static final int RESERVE_LEAST = 20;
    /** Each round takes out what the last one has uncovered; in real blocks two or three are enough. */
    private static final int ROUNDS_MAX = 8;

    private static final String UNSTABLE =
            "result that depends on the block it is in: networks that cut blocks differently cannot agree on it";

    private static final String GAP = "nonce after a gap: transactions before it are missing";
    /** EIP-7702: 12,500 gas are given back if the account was there before. */
    private static final String NEW_AUTHORITY =
            "delegation of an account that is not there: anvil gives gas back for it as if it were";

    private static final Secp256k1 CURVE = Secp256k1.fastest();

    /** Delegation of an account without code of its own (EIP-7702). */
    private static final String DELEGATION = "0xef0100";

    private final Admission admission;
    private final Map<String, String> codes;
    private final long gasLimitMax;
    private final int count;
    private final int most;
    private final MergedState state = new MergedState();
    private final List<SourceTransaction> chosen = new ArrayList<>();
    private final Map<Address, Long> nextNonce = new HashMap<>();
    private final Map<Address, BigInteger> committed = new HashMap<>();
    private final SortedMap<String, Integer> leftOut = new TreeMap<>();

    /**
     * @param admission judges as the pool of a node does
     * @param codes of all contracts, by hash
     * @param gasLimitMax the most that a block of the other network has room for
     * @param count how many are wanted
     */
    Chooser(Admission admission, Map<String, String> codes, long gasLimitMax, int count) {
        this.admission = admission;
        this.codes = codes;
        this.gasLimitMax = gasLimitMax;
        this.count = count;
        this.most = count + count / RESERVE_DIVISOR + RESERVE_LEAST;
    }

    /** Whether there are enough, those included that may still be taken out. */
    boolean isFull() {
        return chosen.size() >= most;
    }

    /** Takes what it can of the next block. */
    void add(SourceBlock block) {
        state.add(block);
        for (SourceTransaction transaction : block.transactions()) {
            if (isFull()) {
                break;
            }
            String fault = fault(transaction);
            if (fault == null) {
                take(transaction);
            } else {
                leftOut.merge(fault, 1, Integer::sum);
            }
        }
    }

    /**
     * As many as are wanted, or all there are, in the order in which they are to be sent.
     *
     * @param origin in words
     * @param rules of the networks
     * @param cuts how they may cut their blocks
     */
    Choice choice(String origin, ChainRules rules, List<Stability.Cut> cuts) {
        Map<String, String> needed = needed();
        Stability stability = new Stability(state, needed, rules, cuts);
        List<SourceTransaction> left = new ArrayList<>(chosen);
        List<SourceTransaction> sent = SendOrder.of(first(left));
        for (int round = 0; round < ROUNDS_MAX; round++) {
            List<SourceTransaction> ordered = sent;
            Set<SourceTransaction> out = new HashSet<>();
            stability.unstable(ordered).forEach(position -> out.add(ordered.get(position)));
            if (out.isEmpty()) {
                break;
            }
            left = without(left, out);
            sent = SendOrder.of(first(left));
        }
        List<Long> blocks =
                sent.stream().map(SourceTransaction::block).distinct().sorted().toList();
        return new Choice(origin, sent.size(), sent, state, needed, blocks, leftOut);
    }

    private List<SourceTransaction> first(List<SourceTransaction> some) {
        return some.subList(0, Math.min(count, some.size()));
    }

    /** Takes some out, and what their senders sent after them. */
    private List<SourceTransaction> without(List<SourceTransaction> all, Set<SourceTransaction> out) {
        Set<Address> broken = new HashSet<>();
        List<SourceTransaction> kept = new ArrayList<>();
        for (SourceTransaction each : all) {
            if (broken.contains(each.sender())) {
                leftOut.merge(GAP, 1, Integer::sum);
            } else if (out.contains(each)) {
                broken.add(each.sender());
                leftOut.merge(UNSTABLE, 1, Integer::sum);
            } else {
                kept.add(each);
            }
        }
        return kept;
    }

    private void take(SourceTransaction taken) {
        Transaction transaction = taken.transaction();
        if (!nextNonce.containsKey(taken.sender())) {
            state.nonce(taken.sender(), transaction.nonce());
        }
        nextNonce.put(taken.sender(), transaction.nonce() + 1);
        committed.merge(taken.sender(), cost(transaction), BigInteger::add);
        chosen.add(taken);
    }

    private @Nullable String fault(SourceTransaction candidate) {
        Transaction transaction = candidate.transaction();
        if (admission.admit(transaction.encoded()) instanceof Admission.Refused refused) {
            return kind(refused.reason().message());
        }
        if (Long.compareUnsigned(transaction.gasLimit(), gasLimitMax) > 0) {
            return "gas limit above that of the baseline's blocks";
        }
        Long next = nextNonce.get(candidate.sender());
        if (next != null && next != transaction.nonce()) {
            return Long.compareUnsigned(transaction.nonce(), next) > 0
                    ? GAP
                    : "nonce that another chosen transaction has";
        }
        if (isContract(state.account(candidate.sender()))) {
            return "sender that is a contract in the merged state";
        }
        if (transaction.authorizations().stream().anyMatch(this::isOfNobody)) {
            return NEW_AUTHORITY;
        }
        BigInteger all =
                committed.getOrDefault(candidate.sender(), BigInteger.ZERO).add(cost(transaction));
        return all.compareTo(state.balance(candidate.sender())) > 0
                ? "balance of the merged state does not cover it"
                : null;
    }

    private boolean isOfNobody(Authorization authorization) {
        Address authority = authorization.authority(CURVE);
        if (authority == null) {
            return false;
        }
        AccountState account = state.account(authority);
        return account == null || account.isEmpty();
    }

    private boolean isContract(@Nullable AccountState account) {
        String hash = account == null ? null : account.codeHash();
        return hash != null && !codes.getOrDefault(hash, "0x").startsWith(DELEGATION);
    }

    /** The pool's words without the numbers, so that they can be counted. */
    static String kind(String message) {
        return message.replaceFirst("(: | \\(cap).*", "");
    }

    private static BigInteger cost(Transaction transaction) {
        return transaction
                .maxFeePerGas()
                .toBigInteger()
                .multiply(BigInteger.valueOf(transaction.gasLimit()))
                .add(transaction.value().toBigInteger());
    }

    private Map<String, String> needed() {
        Map<String, String> needed = new TreeMap<>();
        for (AccountState account : state.accounts().values()) {
            String hash = account.codeHash();
            String code = hash == null ? null : codes.get(hash);
            if (hash != null && code != null) {
                needed.put(hash, code);
            }
        }
        return needed;
    }
}
