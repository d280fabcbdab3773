package coco.evm.state;

import coco.evm.code.CodeCache;
import coco.evm.code.CodeInfo;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one layer of accounts and slots above a {@link WorldState}, with an undo log. See the package for its life. Not
 * for more than one thread at a time.
 */
public final class JournaledState {
    /**
     * RIPEMD-160, whose touch survives even a reverted call: in 2016 such a call (block 2,675,119) deleted the empty
     * account, and every client has had to do so since.
     */
    private static final Address RIPEMD = Address.of(3);

    private final WorldState world;
    private final CodeCache codes;
    private final Seeds seeds;
    private final Journal journal = new Journal();
    private final List<JournaledAccount> seen = new ArrayList<>();
    private final List<JournaledSlot> written = new ArrayList<>();
    private final List<Log> logs = new ArrayList<>();
    private AccountMap accounts;
    private int slotCount;
    private long transaction;
    private long refund;

    /**
     * A state above {@code world}.
     *
     * @param codes analysed code, shared with other states
     * @param hashSeed any number that whoever writes contracts cannot know; it changes nothing but the order of probes
     */
    public JournaledState(WorldState world, CodeCache codes, long hashSeed) {
        this.world = world;
        this.codes = codes;
        this.seeds = new Seeds(hashSeed);
        this.accounts = new AccountMap(seeds);
    }

    // ---- the life of a transaction ----

    /** Starts a transaction: nothing is warm, created or destroyed, and there is no refund and no log. */
    public void beginTransaction() {
        transaction++;
        journal.truncate(0);
        seen.clear();
        written.clear();
        logs.clear();
        refund = 0;
    }

    /**
     * Ends the transaction: removes what was destroyed, tells {@code changes} what is different from its start, and
     * keeps it for the next transaction.
     *
     * @param clearEmpty whether empty accounts that were touched are removed (EIP-161: since Spurious Dragon)
     */
    public void commitTransaction(boolean clearEmpty, StateChanges changes) {
        for (int i = 0; i < seen.size(); i++) {
            JournaledAccount account = seen.get(i);
            boolean emptied = clearEmpty && account.has(JournaledAccount.TOUCHED) && account.isEmpty();
            if (emptied || account.has(JournaledAccount.DESTROYED)) {
                account.clear();
                if (account.startExists()) {
                    changes.accountDestroyed(account.address);
                }
            }
        }
        for (int i = 0; i < seen.size(); i++) {
            JournaledAccount account = seen.get(i);
            if (account.exists() && account.changed()) {
                byte[] newCode = account.codeChanged() ? code(account).bytes() : null;
                changes.accountChanged(account.address, account.nonce, account.balance, account.codeHash, newCode);
            }
        }
        for (int i = 0; i < written.size(); i++) {
            JournaledSlot slot = written.get(i);
            if (!slot.isOriginal() && slot.owner.exists()) {
                changes.slotChanged(slot.owner.address, slot.key(), slot.value());
            }
        }
        beginTransaction();
    }

    /** The accounts whose code is another one than when the transaction began; in order of first use. */
    public List<Address> codeChanges() {
        List<Address> changed = new ArrayList<>();
        for (JournaledAccount account : seen) {
            if (account.codeChanged()) {
                changed.add(account.address);
            }
        }
        return changed;
    }

    /** Ends the transaction as if it had never been. */
    public void rollBackTransaction() {
        revertTo(0);
        beginTransaction();
    }

    /** Drops everything that was loaded or changed; whatever comes next is read from the world anew. */
    public void forget() {
        beginTransaction();
        accounts = new AccountMap(seeds);
        slotCount = 0;
    }

    /** How many accounts and slots are held; the owner calls {@link #forget} before it becomes too many. */
    public int size() {
        return accounts.size() + slotCount;
    }

    /** Where the undo log stands; {@link #revertTo} takes back everything that is changed from here on. */
    public int mark() {
        return journal.size();
    }

    /** Takes back every change since {@code mark}, newest first. */
    public void revertTo(int mark) {
        for (int i = journal.size() - 1; i >= mark; i--) {
            undo(i);
        }
        journal.truncate(mark);
    }

    @SuppressWarnings("NullAway") // Each kind of entry was added with the target and former value it is cast to here.
    private void undo(int i) {
        Object target = journal.target(i);
        switch (journal.kind(i)) {
            case Journal.BALANCE -> ((JournaledAccount) target).balance = (Word) journal.former(i);
            case Journal.NONCE -> ((JournaledAccount) target).nonce = journal.limb(i, 0);
            case Journal.CODE -> {
                CodeInfo former = (CodeInfo) journal.former(i);
                ((JournaledAccount) target).code = former;
                ((JournaledAccount) target).codeHash = former.hash();
            }
            case Journal.FLAGS -> undoFlags((JournaledAccount) target, (int) journal.limb(i, 0));
            case Journal.SLOT -> {
                JournaledSlot slot = (JournaledSlot) target;
                slot.v0 = journal.limb(i, 0);
                slot.v1 = journal.limb(i, 1);
                slot.v2 = journal.limb(i, 2);
                slot.v3 = journal.limb(i, 3);
            }
            case Journal.SLOT_WARM -> ((JournaledSlot) target).warm = false;
            case Journal.REFUND -> refund = journal.limb(i, 0);
            default -> logs.removeLast();
        }
    }

    private static void undoFlags(JournaledAccount account, int former) {
        int touched = account.address.equals(RIPEMD) ? account.flags & JournaledAccount.TOUCHED : 0;
        account.flags = former | touched;
    }

    // ---- accounts ----

    /** The account at this address, loaded if need be. It need not exist. */
    public JournaledAccount account(Address address) {
        JournaledAccount account = accounts.find(address.high(), address.middle(), address.low());
        return stamped(account == null ? load(address) : account);
    }

    /** The account whose address is the low 160 bits of the word on the stack at {@code i}. */
    public JournaledAccount account(long[] stack, int i) {
        int high = (int) stack[i + 2];
        JournaledAccount account = accounts.find(high, stack[i + 1], stack[i]);
        return stamped(account == null ? load(Address.of(high, stack[i + 1], stack[i])) : account);
    }

    private JournaledAccount load(Address address) {
        JournaledAccount account = new JournaledAccount(address);
        WorldAccount from = world.account(address);
        if (from == null) {
            account.storageKnown = true;
        } else {
            account.load(from);
        }
        accounts.add(account);
        return account;
    }

    private JournaledAccount stamped(JournaledAccount account) {
        if (account.stamp(transaction)) {
            seen.add(account);
        }
        return account;
    }

    private void raise(JournaledAccount account, int flags) {
        if ((account.flags & flags) != flags) {
            journal.add(Journal.FLAGS, account, account.flags);
            account.flags |= flags;
        }
    }

    /** Makes the account warm; true if it was before. */
    public boolean warm(JournaledAccount account) {
        boolean before = account.isWarm();
        raise(account, JournaledAccount.WARM);
        return before;
    }

    /** Notes that the account took part in the transaction (EIP-161); one that did not exist does now, empty. */
    public void touch(JournaledAccount account) {
        raise(account, JournaledAccount.TOUCHED | JournaledAccount.EXISTS);
    }

    public void setBalance(JournaledAccount account, Word balance) {
        touch(account);
        if (!account.balance.equals(balance)) {
            journal.add(Journal.BALANCE, account, account.balance);
            account.balance = balance;
        }
    }

    /** Moves wei from one account to another, which is touched even by nothing. The payer must have that much. */
    public void transfer(JournaledAccount from, JournaledAccount to, Word amount) {
        touch(to);
        if (!amount.isZero()) {
            setBalance(from, from.balance.minus(amount));
            setBalance(to, to.balance.plus(amount));
        }
    }

    public void setNonce(JournaledAccount account, long nonce) {
        touch(account);
        journal.add(Journal.NONCE, account, account.nonce);
        account.nonce = nonce;
    }

    /** The account's code, analysed. */
    public CodeInfo code(JournaledAccount account) {
        CodeInfo code = account.code;
        if (code == null) {
            code = account.hasCode() ? loadCode(account.codeHash) : CodeInfo.EMPTY;
            account.code = code;
        }
        return code;
    }

    private CodeInfo loadCode(byte[] hash32) {
        CodeInfo code = codes.get(hash32);
        if (code == null) {
            code = CodeInfo.of(world.code(hash32), hash32);
            codes.put(code);
        }
        return code;
    }

    public void setCode(JournaledAccount account, byte[] code) {
        touch(account);
        journal.add(Journal.CODE, account, code(account));
        CodeInfo analysed = CodeInfo.of(code);
        account.code = analysed;
        account.codeHash = analysed.hash();
    }

    /** Whether a contract may not be created here: nonce, code or storage (EIP-684, EIP-7610). */
    public boolean isTaken(JournaledAccount account) {
        if (account.nonce != 0 || account.hasCode()) {
            return true;
        }
        return !account.storageKnown && account.exists() && world.hasStorage(account.address);
    }

    /** Makes a contract of an account that is not {@linkplain #isTaken taken}. */
    public void create(JournaledAccount account, long nonce) {
        raise(account, JournaledAccount.CREATED | JournaledAccount.TOUCHED | JournaledAccount.EXISTS);
        account.storageKnown = true;
        if (nonce != 0) {
            setNonce(account, nonce);
        }
    }

    /** Marks the account to be removed at the end of the transaction; true if it was already. */
    public boolean destroy(JournaledAccount account) {
        boolean before = account.isDestroyed();
        raise(account, JournaledAccount.DESTROYED);
        return before;
    }

    // ---- storage ----

    /** The slot whose key is the word on the stack at {@code i}. */
    public JournaledSlot slot(JournaledAccount account, long[] stack, int i) {
        return slot(account, stack[i + 3], stack[i + 2], stack[i + 1], stack[i]);
    }

    /** The slot with this key. */
    public JournaledSlot slot(JournaledAccount account, Word key) {
        return slot(account, key.l3(), key.l2(), key.l1(), key.l0());
    }

    private JournaledSlot slot(JournaledAccount account, long k3, long k2, long k1, long k0) {
        SlotMap slots = account.slots;
        JournaledSlot slot = slots == null ? null : slots.find(k3, k2, k1, k0);
        if (slot == null) {
            slot = loadSlot(account, k3, k2, k1, k0);
        }
        slot.stamp(transaction);
        return slot;
    }

    private JournaledSlot loadSlot(JournaledAccount account, long k3, long k2, long k1, long k0) {
        JournaledSlot slot = new JournaledSlot(account, k3, k2, k1, k0);
        if (!account.storageKnown) {
            slot.load(world.storage(account.address, Word.of(k3, k2, k1, k0)));
        }
        SlotMap slots = account.slots;
        if (slots == null) {
            slots = new SlotMap(seeds);
            account.slots = slots;
        }
        slots.add(slot);
        slotCount++;
        return slot;
    }

    /** Makes the slot warm; true if it was before. */
    public boolean warm(JournaledSlot slot) {
        if (slot.warm) {
            return true;
        }
        journal.add(Journal.SLOT_WARM, slot, 0);
        slot.warm = true;
        return false;
    }

    /** Writes the word on the stack at {@code i} into the slot. */
    public void store(JournaledSlot slot, long[] stack, int i) {
        journal.addSlot(slot);
        if (!slot.dirty) {
            slot.dirty = true;
            written.add(slot);
        }
        slot.v0 = stack[i];
        slot.v1 = stack[i + 1];
        slot.v2 = stack[i + 2];
        slot.v3 = stack[i + 3];
    }

    /** Replaces the key on the stack at {@code i} by the value of that transient slot (EIP-1153). */
    public void loadTransient(JournaledAccount account, long[] stack, int i) {
        SlotMap slots = account.transients;
        JournaledSlot slot = slots == null ? null : slots.find(stack[i + 3], stack[i + 2], stack[i + 1], stack[i]);
        if (slot == null) {
            stack[i] = 0;
            stack[i + 1] = 0;
            stack[i + 2] = 0;
            stack[i + 3] = 0;
        } else {
            slot.copyTo(stack, i);
        }
    }

    /** Writes the word at {@code value} into the transient slot whose key is at {@code key} (EIP-1153). */
    public void storeTransient(JournaledAccount account, long[] stack, int key, int value) {
        SlotMap slots = account.transients;
        if (slots == null) {
            slots = new SlotMap(seeds);
            account.transients = slots;
        }
        JournaledSlot slot = slots.find(stack[key + 3], stack[key + 2], stack[key + 1], stack[key]);
        if (slot == null) {
            slot = new JournaledSlot(account, stack[key + 3], stack[key + 2], stack[key + 1], stack[key]);
            slots.add(slot);
        }
        journal.addSlot(slot);
        slot.v0 = stack[value];
        slot.v1 = stack[value + 1];
        slot.v2 = stack[value + 2];
        slot.v3 = stack[value + 3];
    }

    // ---- the rest ----

    /** Gas to be given back at the end; never negative in a whole transaction, but may be so for a frame. */
    public long refund() {
        return refund;
    }

    public void addRefund(long gas) {
        if (gas != 0) {
            journal.add(Journal.REFUND, null, refund);
            refund += gas;
        }
    }

    public void log(Log log) {
        journal.add(Journal.LOG, null, 0);
        logs.add(log);
    }

    /** The logs written so far and not reverted, oldest first; a copy. */
    public List<Log> logs() {
        return List.copyOf(logs);
    }

    /** The hash of one of the 256 blocks before this one; null if it is not known. */
    public byte @Nullable [] blockHash(long number) {
        return world.blockHash(number);
    }
}
