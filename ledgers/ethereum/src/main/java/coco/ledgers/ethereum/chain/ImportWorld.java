package coco.ledgers.ethereum.chain;

import coco.evm.state.BlockWorld;
import coco.evm.state.WorldAccount;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.kv.Draft;
import coco.kv.Transaction;
import coco.kv.WriteSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The draft that an imported block is executed on: keeps the writes of each transaction apart, and those of the block
 * itself. One thread.
 */
final class ImportWorld implements BlockWorld {
    /** Accounts kept from block to block, of about 300 bytes each. */
    private static final int KEPT_ACCOUNTS = 100_000;

    private final BlockState state = new BlockState();
    private final List<byte[]> transactionWrites = new ArrayList<>();
    /** Of the part of the block that runs now. */
    private final List<WriteSet> current = new ArrayList<>();
    /** Of the block's own parts, which come before its transactions and after them. */
    private final List<WriteSet> own = new ArrayList<>();

    private @Nullable Draft draft;

    /** Begins a block on this draft. */
    void open(Draft next) {
        if (state.size() > KEPT_ACCOUNTS) {
            state.forget();
        }
        draft = next;
        transactionWrites.clear();
        current.clear();
        own.clear();
        state.open(next);
        state.begin();
    }

    /** What each transaction wrote, serialised, in order. */
    List<byte[]> transactionWrites() {
        return List.copyOf(transactionWrites);
    }

    /**
     * Writes the chain's new head and gives what the block itself wrote. Followers apply that after the transactions,
     * so what the start of the block wrote and a transaction changed again is there as the transaction left it.
     */
    byte[] finish(Draft after, Head head) {
        settle();
        own.addAll(current);
        Transaction last = new Transaction(after);
        WriteSet.merge(own).forEach((map, key, value) -> {
            byte[] now = after.get(map, key);
            if (now == null) {
                last.remove(map, key);
            } else {
                last.put(map, key, now);
            }
        });
        state.begin();
        state.writeHead(head);
        WriteSet headWrites = state.take();
        after.apply(headWrites);
        return WriteSet.merge(List.of(last.writes(), headWrites)).serialise();
    }

    /** Brings what was written so far into the draft, the storage roots of accounts included. */
    private void settle() {
        take();
        state.writeStorageRoots();
        take();
    }

    private void take() {
        WriteSet set = state.take();
        if (draft != null) {
            draft.apply(set);
        }
        current.add(set);
        state.begin();
    }

    @Override
    public void beginTransaction() {
        take();
        own.addAll(current);
        current.clear();
    }

    @Override
    public void endTransaction() {
        take();
        transactionWrites.add(WriteSet.merge(current).serialise());
        current.clear();
    }

    @Override
    public byte @Nullable [] stateRoot() {
        settle();
        return draft == null ? null : draft.digest(EthereumMaps.ACCOUNTS);
    }

    @Override
    public void keep() {}

    @Override
    public void rollBack() {
        // The draft is thrown away by its owner.
        state.forget();
    }

    @Override
    public @Nullable WorldAccount account(Address address) {
        return state.account(address);
    }

    @Override
    public Word storage(Address address, Word key) {
        return state.storage(address, key);
    }

    @Override
    public boolean hasStorage(Address address) {
        return state.hasStorage(address);
    }

    @Override
    public byte[] code(byte[] codeHash32) {
        return state.code(codeHash32);
    }

    @Override
    public byte @Nullable [] blockHash(long number) {
        return state.blockHash(number);
    }

    @Override
    public void accountDestroyed(Address address) {
        state.accountDestroyed(address);
    }

    @Override
    public void accountChanged(Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {
        state.accountChanged(address, nonce, balance, codeHash, newCode);
    }

    @Override
    public void slotChanged(Address address, Word key, Word value) {
        state.slotChanged(address, key, value);
    }
}
