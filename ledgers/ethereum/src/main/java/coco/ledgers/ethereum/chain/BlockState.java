package coco.ledgers.ethereum.chain;

import coco.evm.state.StateChanges;
import coco.evm.state.WorldAccount;
import coco.evm.state.WorldState;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.kv.Cursor;
import coco.kv.Draft;
import coco.kv.Transaction;
import coco.kv.WriteSet;
import coco.ledgers.api.LedgerException;
import coco.ledgers.ethereum.access.Enforcement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The world below the executing leader: reads a draft and writes to it, the writes of each transaction apart.
 *
 * <p>What it has read of accounts stays valid from block to block, because nobody else writes these maps; after lost
 * speculation {@link #forget} drops it. One thread.
 */
final class BlockState implements WorldState, StateChanges {
    private static final class Entry {
        final byte[] key;

        @Nullable
        Account account;

        boolean storageChanged;

        Entry(byte[] key, @Nullable Account account) {
            this.key = key;
            this.account = account;
        }
    }

    private final Map<Address, Entry> entries = new HashMap<>();
    private final List<Entry> storageChanged = new ArrayList<>();
    private final HashMemo slotHashes = new HashMemo();
    private @Nullable Draft draft;
    private @Nullable Transaction writes;

    /** Works on this draft from now on. */
    void open(Draft newDraft) {
        draft = newDraft;
        writes = null;
        for (Entry entry : storageChanged) {
            entry.storageChanged = false;
        }
        storageChanged.clear();
    }

    /** Drops everything that was read. */
    void forget() {
        entries.clear();
        storageChanged.clear();
    }

    /** How many accounts were read. */
    int size() {
        return entries.size();
    }

    /** Writes from now on belong together, until {@link #take}. */
    void begin() {
        writes = new Transaction(draft());
    }

    /** Writes the marks that a transaction changed; between {@link #begin} and {@link #take}. */
    void writeMarks(Enforcement.Conclusion conclusion) {
        conclusion.write(writes());
    }

    /** Gives the writes since {@link #begin}, which the draft does not have yet. */
    WriteSet take() {
        WriteSet set = writes().writes();
        writes = null;
        return set;
    }

    /** Writes the storage roots that the block changed; between {@link #begin} and {@link #take}. */
    void writeStorageRoots() {
        for (Entry entry : storageChanged) {
            entry.storageChanged = false;
            Account account = entry.account;
            if (account != null) {
                byte[] root = draft().digest(EthereumMaps.STORAGE, entry.key);
                byte[] slim = Arrays.equals(root, Account.NO_STORAGE) ? null : root;
                if (!Arrays.equals(slim, account.storageRoot())) {
                    put(entry, new Account(account.nonce(), account.balance(), slim, account.codeHash()));
                }
            }
        }
        storageChanged.clear();
    }

    /** Of how many accounts the block has changed the storage so far. */
    int changedStorages() {
        return storageChanged.size();
    }

    /** Writes the chain's new head; between {@link #begin} and {@link #take}. */
    void writeHead(Head head) {
        writes().put(EthereumMaps.CHAIN, EthereumMaps.headKey(), head.encode());
        writes().put(EthereumMaps.CHAIN, EthereumMaps.blockHashKey(head.number()), head.hash());
    }

    @Override
    public @Nullable WorldAccount account(Address address) {
        Account account = entry(address).account;
        if (account == null) {
            return null;
        }
        byte[] codeHash = account.codeHash();
        return new WorldAccount(account.nonce(), account.balance(), codeHash == null ? Account.NO_CODE : codeHash);
    }

    @Override
    public Word storage(Address address, Word key) {
        byte[] value = draft().get(EthereumMaps.STORAGE, slotKey(entry(address), key));
        return value == null ? Word.ZERO : Word.ofBytes(value);
    }

    @Override
    public boolean hasStorage(Address address) {
        return draft().scanPrefix(EthereumMaps.STORAGE, entry(address).key).next();
    }

    @Override
    public byte[] code(byte[] codeHash32) {
        return StateReader.code(draft(), codeHash32);
    }

    @Override
    public byte @Nullable [] blockHash(long number) {
        return draft().get(EthereumMaps.CHAIN, EthereumMaps.blockHashKey(number));
    }

    @Override
    public void accountDestroyed(Address address) {
        Entry entry = entry(address);
        entry.account = null;
        writes().remove(EthereumMaps.ACCOUNTS, entry.key);
        Cursor slots = draft().scanPrefix(EthereumMaps.STORAGE, entry.key);
        while (slots.next()) {
            writes().remove(EthereumMaps.STORAGE, slots.key());
        }
        noteStorage(entry);
    }

    @Override
    public void accountChanged(Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {
        Entry entry = entry(address);
        Account before = entry.account;
        byte[] slimCodeHash = Arrays.equals(codeHash, Account.NO_CODE) ? null : codeHash;
        put(entry, new Account(nonce, balance, before == null ? null : before.storageRoot(), slimCodeHash));
        if (newCode != null && slimCodeHash != null) {
            writes().put(EthereumMaps.CODE, slimCodeHash, newCode);
        }
    }

    @Override
    public void slotChanged(Address address, Word key, Word value) {
        Entry entry = entry(address);
        if (value.isZero()) {
            writes().remove(EthereumMaps.STORAGE, slotKey(entry, key));
        } else {
            writes().put(EthereumMaps.STORAGE, slotKey(entry, key), value.toMinimalBytes());
        }
        noteStorage(entry);
    }

    private void noteStorage(Entry entry) {
        if (!entry.storageChanged) {
            entry.storageChanged = true;
            storageChanged.add(entry);
        }
    }

    private void put(Entry entry, Account account) {
        entry.account = account;
        writes().put(EthereumMaps.ACCOUNTS, entry.key, account.encode());
    }

    private byte[] slotKey(Entry entry, Word slot) {
        byte[] key = Arrays.copyOf(entry.key, 64);
        slotHashes.hash(slot, key, 32);
        return key;
    }

    private Entry entry(Address address) {
        Entry known = entries.get(address);
        if (known == null) {
            byte[] key = EthereumMaps.accountKey(address);
            known = new Entry(key, StateReader.find(draft(), key));
            entries.put(address, known);
        }
        return known;
    }

    private Draft draft() {
        if (draft == null) {
            throw new LedgerException("no block is being built");
        }
        return draft;
    }

    private Transaction writes() {
        if (writes == null) {
            throw new LedgerException("a write outside a transaction");
        }
        return writes;
    }
}
