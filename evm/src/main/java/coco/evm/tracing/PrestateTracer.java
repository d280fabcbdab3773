package coco.evm.tracing;

import coco.evm.CallKind;
import coco.evm.FrameEntry;
import coco.evm.Halt;
import coco.evm.Op;
import coco.evm.Step;
import coco.evm.TracedState;
import coco.evm.TracedTransaction;
import coco.evm.Tracer;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Geth's {@code prestateTracer}: the accounts and slots that the transaction looked at as they were before it, enough to
 * execute it again; or, in {@code diffMode}, those that it changed, before and after.
 *
 * <p>An account is noted when it is first looked at, before it changes, so what is noted is what it was.
 */
public final class PrestateTracer implements Tracer {
    private static final int ACCOUNT_BYTES = 180;
    private static final int SLOT_BYTES = 136;

    private final PrestateOptions options;
    private final Budget budget;
    private final Map<Address, Account> accounts = new TreeMap<>();
    private final Map<String, Object> before = new LinkedHashMap<>();
    private final Map<String, Object> after = new LinkedHashMap<>();
    private @Nullable TracedState state;

    /** A tracer for one transaction. */
    public PrestateTracer(PrestateOptions options, TraceLimits limits) {
        this.options = options;
        this.budget = new Budget(limits);
    }

    private static final class Account {
        final Word balance;
        final long nonce;
        final byte[] code;
        final Map<Word, Word> storage = new TreeMap<>();

        Account(Word balance, long nonce, byte[] code) {
            this.balance = balance;
            this.nonce = nonce;
            this.code = code;
        }

        boolean isEmpty() {
            return balance.isZero() && nonce == 0 && code.length == 0;
        }
    }

    @Override
    public boolean wantsSteps() {
        return !budget.isSpent();
    }

    @Override
    public void transactionStarted(TracedTransaction transaction, TracedState initial) {
        state = initial;
        note(transaction.sender());
        note(transaction.target());
        note(transaction.coinbase());
        transaction.authorities().forEach(this::note);
    }

    private void note(Address address) {
        TracedState current = state;
        if (current == null || accounts.containsKey(address)) {
            return;
        }
        Account account = new Account(current.balance(address), current.nonce(address), current.code(address));
        if (budget.take(ACCOUNT_BYTES + (options.disableCode() ? 0 : 2L * account.code.length))) {
            accounts.put(address, account);
        }
    }

    private void note(Address contract, Word key, TracedState current) {
        Account account = accounts.get(contract);
        if (!options.disableStorage()
                && account != null
                && !account.storage.containsKey(key)
                && budget.take(SLOT_BYTES)) {
            account.storage.put(key, current.storage(contract, key));
        }
    }

    @Override
    public void frameEntered(FrameEntry frame) {
        note(frame.target());
        if (frame.kind() != CallKind.CREATE && frame.kind() != CallKind.CREATE2) {
            note(frame.code());
        }
    }

    @Override
    public void selfDestructed(Address contract, Address heir, Word balance) {
        note(heir);
    }

    @Override
    public void step(Step step) {
        int size = step.stackSize();
        if (step.failure() != null || size == 0) {
            return;
        }
        switch (step.op()) {
            case Op.SLOAD, Op.SSTORE -> note(step.contract(), step.stack(size - 1), step.state());
            case Op.BALANCE, Op.EXTCODESIZE, Op.EXTCODECOPY, Op.EXTCODEHASH ->
                note(step.stack(size - 1).toAddress());
            default -> {}
        }
    }

    @Override
    public void transactionEnded(Halt halt, long gasUsed) {
        TracedState end = state;
        if (end == null || budget.isSpent()) {
            return;
        }
        accounts.forEach((address, account) -> {
            if (options.diffMode()) {
                compare(address, account, end);
            } else if (!account.isEmpty()) {
                before.put(address.hex(), shown(account, account.storage));
            }
        });
        accounts.clear();
    }

    /** Slots that are zero are left out of a difference, be it before or after. */
    private void compare(Address address, Account account, TracedState end) {
        if (end.isDestroyed(address)) {
            if (!account.isEmpty()) {
                before.put(address.hex(), shown(account, account.storage));
            }
            return;
        }
        Map<String, Object> changes = new LinkedHashMap<>();
        Word balance = end.balance(address);
        if (!balance.equals(account.balance)) {
            changes.put("balance", Hex.quantity(balance));
        }
        byte[] code = options.disableCode() ? account.code : end.code(address);
        boolean codeChanged = !Arrays.equals(code, account.code);
        if (codeChanged) {
            putIfAny(changes, "code", code);
        }
        long nonce = end.nonce(address);
        if (nonce != account.nonce) {
            changes.put("nonce", number(nonce));
        }
        Map<Word, Word> slotsBefore = new TreeMap<>(account.storage);
        slotsBefore
                .entrySet()
                .removeIf(slot -> end.storage(address, slot.getKey()).equals(slot.getValue()));
        boolean slotsChanged = !slotsBefore.isEmpty();
        Map<Word, Word> slotsAfter = new TreeMap<>();
        slotsBefore.keySet().forEach(key -> slotsAfter.put(key, end.storage(address, key)));
        slotsBefore.values().removeIf(Word::isZero);
        slotsAfter.values().removeIf(Word::isZero);
        putSlots(changes, slotsAfter);
        if (!changes.isEmpty() || codeChanged || slotsChanged) {
            after.put(address.hex(), changes);
            if (!account.isEmpty()) {
                before.put(address.hex(), shown(account, slotsBefore));
            }
        }
    }

    private Map<String, Object> shown(Account account, Map<Word, Word> slots) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("balance", Hex.quantity(account.balance));
        if (!options.disableCode()) {
            putIfAny(shown, "code", account.code);
        }
        if (account.nonce != 0) {
            shown.put("nonce", number(account.nonce));
        }
        putSlots(shown, slots);
        return shown;
    }

    private static void putIfAny(Map<String, Object> into, String name, byte[] code) {
        if (code.length > 0) {
            into.put(name, Hex.data(code));
        }
    }

    /** A nonce, which geth writes as a number whatever its size. */
    private static Number number(long unsigned) {
        return unsigned >= 0 ? (Number) unsigned : Word.of(unsigned).toBigInteger();
    }

    private static void putSlots(Map<String, Object> into, Map<Word, Word> slots) {
        if (!slots.isEmpty()) {
            Map<String, Object> shown = new LinkedHashMap<>();
            slots.forEach((key, value) -> shown.put(Hex.word(key), Hex.word(value)));
            into.put("storage", shown);
        }
    }

    /** Accounts by address; in {@code diffMode} two such maps, {@code post} and {@code pre}. */
    public TraceResult result() {
        return budget.result(() -> {
            if (!options.diffMode()) {
                return before;
            }
            Map<String, Object> both = new LinkedHashMap<>();
            both.put("post", after);
            both.put("pre", before);
            return both;
        });
    }
}
