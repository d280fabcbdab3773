package coco.evm.state;

import coco.crypto.Keccak256;
import coco.evm.rlp.RlpWriter;
import coco.evm.trie.PartialTrie;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A world in memory that computes the true state root: plain maps to read from, and the tries beside them, which are
 * brought up to date only when somebody asks for the root.
 *
 * <p>Three kinds: a whole state, whose tries follow from its accounts; a witness, which has the few accounts that some
 * blocks read and the trie nodes on the way to them; and a bare one without tries, whose root is not known.
 */
public final class TrieWorld implements BlockWorld {
    /** What of an account's storage the tries do not have yet. */
    private static final class Pending {
        boolean cleared;
        final Map<Word, Word> slots = new LinkedHashMap<>();
    }

    /** How to take one change back. */
    private sealed interface Undo {
        record OfAccount(Address address, @Nullable WorldAccount former) implements Undo {}

        record OfSlot(Address address, Word key, Word former) implements Undo {}

        record OfStorage(Address address, Map<Word, Word> former) implements Undo {}
    }

    private final InMemoryWorld world;
    private final @Nullable StateTrie trie;
    private final Map<Address, Pending> pending = new LinkedHashMap<>();
    private final Map<Address, byte[]> accountKeys = new HashMap<>();
    private final List<Undo> undo = new ArrayList<>();

    private TrieWorld(InMemoryWorld world, @Nullable StateTrie trie) {
        this.world = world;
        this.trie = trie;
    }

    /** A whole state that begins with these accounts, which are this world's from now on. */
    public static TrieWorld of(InMemoryWorld accounts) {
        TrieWorld whole = new TrieWorld(accounts, new StateTrie.Whole());
        accounts.accounts()
                .keySet()
                .forEach(address -> whole.pendingOf(address).slots.putAll(accounts.storage(address)));
        return whole;
    }

    /**
     * The part of a state that a witness shows.
     *
     * @param accounts all that will be read, this world's from now on
     * @param stateRoot of the whole state
     * @param nodes on the way to what will be changed
     */
    public static TrieWorld ofWitness(InMemoryWorld accounts, byte[] stateRoot, PartialTrie.Nodes nodes) {
        return new TrieWorld(accounts, new StateTrie.Witness(stateRoot, nodes));
    }

    /** Accounts without tries, this world's from now on. */
    public static TrieWorld bare(InMemoryWorld accounts) {
        return new TrieWorld(accounts, null);
    }

    /** The accounts and slots as they are now; to be read only. */
    public InMemoryWorld accounts() {
        return world;
    }

    /** Sets the hash that {@link #blockHash} answers. */
    public void putBlockHash(long number, byte[] hash32) {
        world.putBlockHash(number, hash32);
    }

    @Override
    public byte @Nullable [] stateRoot() {
        if (trie == null) {
            return null;
        }
        // What a deletion leaves alone in its branch must be known, so everything is put before anything is removed.
        List<byte[]> gone = new ArrayList<>();
        for (Map.Entry<Address, Pending> entry : pending.entrySet()) {
            byte[] key = accountKey(entry.getKey());
            flushSlots(trie, key, entry.getValue());
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

    private static void flushSlots(StateTrie trie, byte[] accountKey, Pending changes) {
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

    @Override
    public void keep() {
        undo.clear();
    }

    @Override
    public void rollBack() {
        List<Undo> changes = List.copyOf(undo).reversed();
        for (Undo change : changes) {
            switch (change) {
                case Undo.OfAccount(Address address, WorldAccount former) -> {
                    if (former == null) {
                        accountDestroyed(address);
                    } else {
                        accountChanged(address, former.nonce(), former.balance(), former.codeHash(), null);
                    }
                }
                case Undo.OfSlot(Address address, Word key, Word former) -> slotChanged(address, key, former);
                case Undo.OfStorage(Address address, Map<Word, Word> former) ->
                    former.forEach((key, value) -> slotChanged(address, key, value));
            }
        }
        undo.clear();
    }

    @Override
    public void accountDestroyed(Address address) {
        undo.add(new Undo.OfStorage(address, world.storage(address)));
        undo.add(new Undo.OfAccount(address, world.account(address)));
        Pending changes = pendingOf(address);
        changes.cleared = true;
        changes.slots.clear();
        world.accountDestroyed(address);
    }

    @Override
    public void accountChanged(Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {
        undo.add(new Undo.OfAccount(address, world.account(address)));
        pendingOf(address);
        world.accountChanged(address, nonce, balance, codeHash, newCode);
    }

    @Override
    public void slotChanged(Address address, Word key, Word value) {
        undo.add(new Undo.OfSlot(address, key, world.storage(address, key)));
        pendingOf(address).slots.put(key, value);
        world.slotChanged(address, key, value);
    }

    @Override
    public @Nullable WorldAccount account(Address address) {
        return world.account(address);
    }

    @Override
    public Word storage(Address address, Word key) {
        return world.storage(address, key);
    }

    @Override
    public boolean hasStorage(Address address) {
        return world.hasStorage(address);
    }

    @Override
    public byte[] code(byte[] codeHash32) {
        return world.code(codeHash32);
    }

    @Override
    public byte @Nullable [] blockHash(long number) {
        return world.blockHash(number);
    }
}
