package coco.evm.state;

import coco.evm.trie.PartialTrie;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayList;
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
    /** How to take one change back. */
    private sealed interface Undo {
        record OfAccount(Address address, @Nullable WorldAccount former) implements Undo {}

        record OfSlot(Address address, Word key, Word former) implements Undo {}

        record OfStorage(Address address, Map<Word, Word> former) implements Undo {}
    }

    private final InMemoryWorld world;
    private final @Nullable StateRoot root;
    private final List<Undo> undo = new ArrayList<>();

    private TrieWorld(InMemoryWorld world, @Nullable StateRoot root) {
        this.world = world;
        this.root = root;
    }

    /** A whole state that begins with these accounts, which are this world's from now on. */
    public static TrieWorld of(InMemoryWorld accounts) {
        StateRoot root = new StateRoot(new StateTrie.Whole());
        accounts.accounts().forEach((address, account) -> {
            root.accountChanged(address, account.nonce(), account.balance(), account.codeHash(), null);
            accounts.storage(address).forEach((key, value) -> root.slotChanged(address, key, value));
        });
        return new TrieWorld(accounts, root);
    }

    /**
     * The part of a state that a witness shows.
     *
     * @param accounts all that will be read, this world's from now on
     * @param stateRoot of the whole state
     * @param nodes on the way to what will be changed
     */
    public static TrieWorld ofWitness(InMemoryWorld accounts, byte[] stateRoot, PartialTrie.Nodes nodes) {
        return new TrieWorld(accounts, StateRoot.of(stateRoot, StateNodes.byHash(nodes)));
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
        return root == null ? null : root.after(world);
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
        if (root != null) {
            root.accountDestroyed(address);
        }
        world.accountDestroyed(address);
    }

    @Override
    public void accountChanged(Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {
        undo.add(new Undo.OfAccount(address, world.account(address)));
        if (root != null) {
            root.accountChanged(address, nonce, balance, codeHash, newCode);
        }
        world.accountChanged(address, nonce, balance, codeHash, newCode);
    }

    @Override
    public void slotChanged(Address address, Word key, Word value) {
        undo.add(new Undo.OfSlot(address, key, world.storage(address, key)));
        if (root != null) {
            root.slotChanged(address, key, value);
        }
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
