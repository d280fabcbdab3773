package coco.ledgers.ethereum.access;

import coco.evm.TracedState;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.state.WorldAccount;
import coco.evm.state.WorldState;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state in the middle of a transaction, or as its end will leave it, for checks to read. Reading makes nothing warm
 * and touches nothing. One thread.
 */
final class CurrentWorld implements WorldState {
    private final JournaledState state;
    private final TracedState traced;
    /** Accounts with code that were read, newest last: code that the transaction itself made is nowhere else. */
    private final List<JournaledAccount> codeOwners = new ArrayList<>();

    private boolean ended;

    CurrentWorld(JournaledState state) {
        this.state = state;
        this.traced = new TracedState(state);
    }

    /** Another transaction begins. */
    void begin() {
        ended = false;
        codeOwners.clear();
    }

    /** The transaction will do no more: what is to be removed counts as removed. */
    void end() {
        ended = true;
    }

    @Override
    public @Nullable WorldAccount account(Address address) {
        JournaledAccount account = state.account(address);
        if (!account.exists() || (ended && account.isDestroyed())) {
            return null;
        }
        if (account.hasCode() && (codeOwners.isEmpty() || codeOwners.getLast() != account)) {
            codeOwners.add(account);
        }
        return new WorldAccount(account.nonce(), account.balance(), account.codeHash());
    }

    @Override
    public Word storage(Address address, Word key) {
        return ended && traced.isDestroyed(address) ? Word.ZERO : traced.storage(address, key);
    }

    @Override
    public boolean hasStorage(Address address) {
        throw new IllegalStateException("a check creates a contract");
    }

    @Override
    public byte[] code(byte[] codeHash32) {
        for (JournaledAccount owner : codeOwners.reversed()) {
            if (Arrays.equals(owner.codeHash(), codeHash32)) {
                return state.code(owner).bytes();
            }
        }
        throw new IllegalStateException("the code of no account that was read");
    }

    @Override
    public byte @Nullable [] blockHash(long number) {
        return state.blockHash(number);
    }
}
