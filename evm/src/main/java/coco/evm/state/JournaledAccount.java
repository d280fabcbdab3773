package coco.evm.state;

import coco.evm.code.CodeInfo;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One account of a {@link JournaledState}: read here, changed there. A reference stays good until the end of the
 * transaction, whatever is reverted in between.
 */
public final class JournaledAccount {
    /** The account is there, be it empty. */
    static final int EXISTS = 1;
    /** Accessed in this transaction (EIP-2929). */
    static final int WARM = 1 << 1;
    /** To be removed at the end of the transaction if it is empty then (EIP-161). */
    static final int TOUCHED = 1 << 2;
    /** Created as a contract in this transaction (EIP-6780). */
    static final int CREATED = 1 << 3;
    /** To be removed at the end of the transaction whatever it is then. */
    static final int DESTROYED = 1 << 4;

    final Address address;
    long nonce;
    Word balance = Word.ZERO;
    byte[] codeHash = CodeInfo.EMPTY_HASH;
    /** Null until somebody asks. */
    @Nullable
    CodeInfo code;

    int flags;
    /** Whether the world below has no slot for us, so that it need not be asked. */
    boolean storageKnown;

    @Nullable
    SlotMap slots;

    @Nullable
    SlotMap transients;

    private long transaction;
    private long startNonce;
    private Word startBalance = Word.ZERO;
    private byte[] startCodeHash = CodeInfo.EMPTY_HASH;
    private boolean startExists;

    JournaledAccount(Address address) {
        this.address = address;
    }

    void load(WorldAccount from) {
        nonce = from.nonce();
        balance = from.balance();
        codeHash = from.codeHash();
        flags = EXISTS;
    }

    /** Remembers what the transaction starts from; false if it did before. */
    boolean stamp(long currentTransaction) {
        if (transaction == currentTransaction) {
            return false;
        }
        transaction = currentTransaction;
        flags &= EXISTS;
        startNonce = nonce;
        startBalance = balance;
        startCodeHash = codeHash;
        startExists = flags != 0;
        transients = null;
        return true;
    }

    /** Becomes an address that was never used. */
    void clear() {
        nonce = 0;
        balance = Word.ZERO;
        codeHash = CodeInfo.EMPTY_HASH;
        code = CodeInfo.EMPTY;
        flags = 0;
        slots = null;
        storageKnown = true;
    }

    boolean startExists() {
        return startExists;
    }

    boolean codeChanged() {
        return !Arrays.equals(codeHash, startCodeHash);
    }

    boolean changed() {
        return !startExists || nonce != startNonce || !balance.equals(startBalance) || codeChanged();
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    public Address address() {
        return address;
    }

    /** An unsigned 64-bit number. */
    public long nonce() {
        return nonce;
    }

    /** In wei. */
    public Word balance() {
        return balance;
    }

    /** Keccak-256 of the code; not to be written to. */
    public byte[] codeHash() {
        return codeHash;
    }

    public boolean hasCode() {
        return !Arrays.equals(codeHash, CodeInfo.EMPTY_HASH);
    }

    /** Whether the account is there, be it empty: what forks before Spurious Dragon ask. */
    public boolean exists() {
        return has(EXISTS);
    }

    /** No nonce, no balance, no code (EIP-161); true too where there is no account at all. */
    public boolean isEmpty() {
        return nonce == 0 && balance.isZero() && !hasCode();
    }

    /** Whether the transaction accessed it before (EIP-2929). */
    public boolean isWarm() {
        return has(WARM);
    }

    /** Whether this transaction created it as a contract (EIP-6780). */
    public boolean isCreated() {
        return has(CREATED);
    }

    /** Whether it will be gone at the end of this transaction. */
    public boolean isDestroyed() {
        return has(DESTROYED);
    }
}
