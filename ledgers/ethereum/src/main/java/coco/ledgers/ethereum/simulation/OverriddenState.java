package coco.ledgers.ethereum.simulation;

import coco.evm.FrameGuard;
import coco.evm.code.CodeInfo;
import coco.evm.state.StateChanges;
import coco.evm.state.StateRoot;
import coco.evm.state.WorldAccount;
import coco.evm.state.WorldState;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.ledgers.ethereum.chain.StateReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kept state with changes above it, which nobody else sees and which are gone with this object. A {@link
 * coco.evm.state.JournaledState} above it must forget what it has read whenever an account is overridden. One thread at
 * a time.
 */
public final class OverriddenState implements WorldState, StateChanges {
    private final StateReader base;
    private final @Nullable StateRoot root;
    /** Empty for an account that is gone. */
    private final Map<Address, Optional<WorldAccount>> accounts = new HashMap<>();

    private final Map<Address, Map<Word, Word>> slots = new HashMap<>();
    /** Accounts none of whose slots is the base's. */
    private final Set<Address> cleared = new HashSet<>();

    private final Map<Word, byte[]> codes = new HashMap<>();
    private final Map<Long, byte[]> blockHashes = new HashMap<>();

    private OverriddenState(StateReader base, @Nullable StateRoot root) {
        this.base = base;
        this.root = root;
    }

    /** Changes above a state, for calls: it has no root. */
    public static OverriddenState above(StateReader base) {
        return new OverriddenState(base, null);
    }

    /**
     * Changes above a state whose {@link #root} is going to be asked for. A state that is not seen whole has none: from
     * its root what is hidden could be guessed.
     */
    public static OverriddenState rooted(StateReader base) {
        return new OverriddenState(base, base.isWhole() ? base.root() : null);
    }

    /** The state root with all changes so far, 32 bytes; zeros if the state is not seen whole. */
    public byte[] root() {
        if (root == null && base.isWhole()) {
            throw new IllegalStateException("a state for calls has no root");
        }
        return root == null ? new byte[32] : root.after(this);
    }

    /** What stands between the frames of calls on this state; null if they enter whatever they find. */
    public @Nullable FrameGuard guard() {
        return base.guard();
    }

    /** Sets the hash that {@link #blockHash} answers. */
    public void putBlockHash(long number, byte[] hash32) {
        blockHashes.put(number, hash32);
    }

    /** Takes an override in. As in geth, an account is there afterwards, be it empty, if anything of it was named. */
    void override(AccountOverride override) {
        Address address = override.address();
        WorldAccount before = account(address);
        boolean named = override.nonce() != null
                || override.code() != null
                || override.balance() != null
                || override.state() != null
                || (override.stateDiff() != null && !override.stateDiff().isEmpty());
        if (!named) {
            return;
        }
        long nonce = override.nonce() != null ? override.nonce() : before == null ? 0 : before.nonce();
        Word balance = override.balance() != null ? override.balance() : before == null ? Word.ZERO : before.balance();
        byte[] code = override.code();
        byte[] codeHash =
                code != null ? CodeInfo.of(code).hash() : before == null ? CodeInfo.EMPTY_HASH : before.codeHash();
        accountChanged(address, nonce, balance, codeHash, code);
        if (override.state() != null) {
            clearStorage(address);
            override.state().forEach((key, value) -> slotChanged(address, key, value));
        }
        if (override.stateDiff() != null) {
            override.stateDiff().forEach((key, value) -> slotChanged(address, key, value));
        }
    }

    private void clearStorage(Address address) {
        cleared.add(address);
        slots.remove(address);
        if (root != null) {
            root.storageCleared(address);
        }
    }

    @Override
    public @Nullable WorldAccount account(Address address) {
        Optional<WorldAccount> own = accounts.get(address);
        return own == null ? base.account(address) : own.orElse(null);
    }

    @Override
    public Word storage(Address address, Word key) {
        Map<Word, Word> own = slots.get(address);
        Word value = own == null ? null : own.get(key);
        if (value != null) {
            return value;
        }
        return cleared.contains(address) ? Word.ZERO : base.storage(address, key);
    }

    /** Slots of the base that were set to zero since still count: only accounts without code or nonce are asked for. */
    @Override
    public boolean hasStorage(Address address) {
        Map<Word, Word> own = slots.get(address);
        boolean any = own != null && own.values().stream().anyMatch(value -> !value.isZero());
        return any || (!cleared.contains(address) && base.hasStorage(address));
    }

    @Override
    public byte[] code(byte[] codeHash32) {
        byte[] own = codes.get(Word.ofBytes32(codeHash32, 0));
        return own == null ? base.code(codeHash32) : own;
    }

    @Override
    public byte @Nullable [] blockHash(long number) {
        byte[] own = blockHashes.get(number);
        return own == null ? base.blockHash(number) : own;
    }

    @Override
    public void accountDestroyed(Address address) {
        accounts.put(address, Optional.empty());
        clearStorage(address);
    }

    @Override
    public void accountChanged(Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {
        accounts.put(address, Optional.of(new WorldAccount(nonce, balance, codeHash)));
        if (newCode != null) {
            codes.put(Word.ofBytes32(codeHash, 0), newCode);
        }
        if (root != null) {
            root.accountChanged(address, nonce, balance, codeHash, newCode);
        }
    }

    @Override
    public void slotChanged(Address address, Word key, Word value) {
        slots.computeIfAbsent(address, _ -> new HashMap<>()).put(key, value);
        if (root != null) {
            root.slotChanged(address, key, value);
        }
    }
}
