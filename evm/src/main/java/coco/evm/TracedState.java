package coco.evm;

import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.types.Address;
import coco.evm.types.Word;

/** The state in the middle of an execution, to read. Reading makes nothing warm and touches nothing. */
public final class TracedState {
    private final JournaledState state;

    /** A view of this state; it shows every change at once. */
    public TracedState(JournaledState state) {
        this.state = state;
    }

    /** In wei; zero where there is no account. */
    public Word balance(Address address) {
        return state.account(address).balance();
    }

    /** An unsigned 64-bit number; zero where there is no account. */
    public long nonce(Address address) {
        return state.account(address).nonce();
    }

    /** A fresh copy; no bytes where there is no code. */
    public byte[] code(Address address) {
        return state.code(state.account(address)).bytes();
    }

    /** Keccak-256 of the code, a fresh copy; that of no bytes where there is no code. */
    public byte[] codeHash(Address address) {
        return state.account(address).codeHash().clone();
    }

    /** Zero if the slot was never written. */
    public Word storage(Address address, Word key) {
        JournaledAccount account = state.account(address);
        long[] value = new long[4];
        state.slot(account, key).copyTo(value, 0);
        return Words.get(value, 0);
    }

    /** Whether the account will be gone at the end of the transaction. */
    public boolean isDestroyed(Address address) {
        return state.account(address).isDestroyed();
    }

    /** Gas to be given back at the end of the transaction, as far as it is known. */
    public long refund() {
        return state.refund();
    }
}
