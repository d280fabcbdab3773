package coco.evm.state;

import coco.crypto.Keccak256;
import coco.evm.rlp.RlpWriter;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The root of a state that changes: is told of every change, and brings its tries up to date when it is asked. One
 * thread at a time.
 */
public final class StateRoot implements StateChanges {
    /** What of an account's storage the tries do not have yet. */
    private static final class Pending {
        boolean cleared;
        final Map<Word, Word> slots = new LinkedHashMap<>();
    }

    private final StateTrie trie;
    private final Map<Address, Pending> pending = new LinkedHashMap<>();
    private final Map<Address, byte[]> accountKeys = new HashMap<>();

    StateRoot(StateTrie trie) {
        this.trie = trie;
    }

    /**
     * The root of a state of which no more is read than what changes.
     *
     * @param root32 of the state before the first change
     * @param nodes on the way to what will be changed
     */
    public static StateRoot of(byte[] root32, StateNodes nodes) {
        return new StateRoot(new StateTrie.Partial(root32, nodes));
    }

    /**
     * The root after all changes so far, 32 bytes.
     *
     * @param world the accounts as they are now
     */
    public byte[] after(WorldState world) {
        // What a deletion leaves alone in its branch must be known, so everything is put before anything is removed.
        List<byte[]> gone = new ArrayList<>();
        for (Map.Entry<Address, Pending> entry : pending.entrySet()) {
            byte[] key = accountKey(entry.getKey());
            flushSlots(key, entry.getValue());
            WorldAccount account = world.account(entry.getKey());
            if (account == null) {
                gone.add(key);
            } else {
                trie.account(key, encode(account, trie.slotsRoot(key)));
            }
        }
        for (byte[] key : gone) {
            trie.account(key, null);
        }
        pending.clear();
        return trie.root();
    }

    private void flushSlots(byte[] accountKey, Pending changes) {
        if (changes.cleared) {
            trie.clearSlots(accountKey);
        }
        List<byte[]> gone = new ArrayList<>();
        for (Map.Entry<Word, Word> slot : changes.slots.entrySet()) {
            byte[] key = Keccak256.hash(slot.getKey().toBytes32());
            if (slot.getValue().isZero()) {
                gone.add(key);
            } else {
                trie.slot(
                        accountKey, key, RlpWriter.encodeString(slot.getValue().toMinimalBytes()));
            }
        }
        for (byte[] key : gone) {
            trie.slot(accountKey, key, null);
        }
    }

    private static byte[] encode(WorldAccount account, byte[] slotsRoot) {
        return new RlpWriter(112)
                .beginList()
                .unsigned(account.nonce())
                .string(account.balance().toMinimalBytes())
                .string(slotsRoot)
                .string(account.codeHash())
                .endList()
                .toBytes();
    }

    private byte[] accountKey(Address address) {
        return accountKeys.computeIfAbsent(address, key -> Keccak256.hash(key.bytes()));
    }

    private Pending pendingOf(Address address) {
        return pending.computeIfAbsent(address, _ -> new Pending());
    }

    /** All slots of an account are gone, whatever becomes of the account. */
    public void storageCleared(Address address) {
        Pending changes = pendingOf(address);
        changes.cleared = true;
        changes.slots.clear();
    }

    @Override
    public void accountDestroyed(Address address) {
        storageCleared(address);
    }

    @Override
    public void accountChanged(Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {
        pendingOf(address);
    }

    @Override
    public void slotChanged(Address address, Word key, Word value) {
        pendingOf(address).slots.put(key, value);
    }
}
