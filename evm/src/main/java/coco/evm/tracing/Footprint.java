package coco.evm.tracing;

import coco.evm.CallKind;
import coco.evm.FrameEntry;
import coco.evm.Op;
import coco.evm.Step;
import coco.evm.TracedState;
import coco.evm.TracedTransaction;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The accounts and slots that a transaction looks at, as they were before it. An account is noted when it is first
 * looked at, before it changes, so what is noted is what it was. Whoever has one hands the events of {@link
 * coco.evm.Tracer} on to it.
 */
final class Footprint {
    private static final int ACCOUNT_BYTES = 250;
    private static final int SLOT_BYTES = 136;

    private final Budget budget;
    private final boolean hasCode;
    private final boolean hasStorage;
    private final Map<Address, Account> accounts = new TreeMap<>();
    private @Nullable TracedState state;

    /**
     * A footprint of nothing yet.
     *
     * @param hasCode whether code will be shown, and so counts as large
     * @param hasStorage whether slots are noted
     */
    Footprint(Budget budget, boolean hasCode, boolean hasStorage) {
        this.budget = budget;
        this.hasCode = hasCode;
        this.hasStorage = hasStorage;
    }

    /** An account as it was. */
    static final class Account {
        final Word balance;
        final long nonce;
        final byte[] code;
        final byte[] codeHash;
        final Map<Word, Word> storage = new TreeMap<>();

        Account(TracedState state, Address address) {
            this.balance = state.balance(address);
            this.nonce = state.nonce(address);
            this.code = state.code(address);
            this.codeHash = state.codeHash(address);
        }

        /** By the measure of EIP-161, by which an account that is empty is none. */
        boolean isEmpty() {
            return balance.isZero() && nonce == 0 && code.length == 0;
        }
    }

    /** Everything noted so far, by address. */
    Map<Address, Account> accounts() {
        return accounts;
    }

    void started(TracedTransaction transaction, TracedState initial) {
        state = initial;
        note(transaction.sender());
        note(transaction.target());
        note(transaction.coinbase());
        transaction.authorities().forEach(this::note);
    }

    void entered(FrameEntry frame) {
        note(frame.target());
        if (frame.kind() != CallKind.CREATE && frame.kind() != CallKind.CREATE2) {
            note(frame.code());
        }
    }

    void note(Address address) {
        TracedState current = state;
        if (current == null || accounts.containsKey(address)) {
            return;
        }
        Account account = new Account(current, address);
        if (budget.take(ACCOUNT_BYTES + (hasCode ? 2L * account.code.length : 0))) {
            accounts.put(address, account);
        }
    }

    void step(Step step) {
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

    private void note(Address contract, Word key, TracedState current) {
        Account account = accounts.get(contract);
        if (hasStorage && account != null && !account.storage.containsKey(key) && budget.take(SLOT_BYTES)) {
            account.storage.put(key, current.storage(contract, key));
        }
    }
}
