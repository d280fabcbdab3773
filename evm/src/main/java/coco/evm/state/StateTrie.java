package coco.evm.state;

import coco.crypto.Keccak256;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.trie.MerklePatricia;
import coco.evm.trie.PartialTrie;
import coco.kv.Cursor;
import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Visibility;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tries behind a state root: one of the accounts, one of the slots of each account. Keys are hashed, 32 bytes. */
interface StateTrie {
    /** Sets a slot to a value's RLP; null removes it. */
    void slot(byte[] accountKey, byte[] slotKey, byte @Nullable [] rlp);

    /** Removes all slots of an account. */
    void clearSlots(byte[] accountKey);

    /** The root of an account's slots, 32 bytes. */
    byte[] slotsRoot(byte[] accountKey);

    /** Sets an account to its RLP; null removes it. */
    void account(byte[] accountKey, byte @Nullable [] rlp);

    /** The state root, 32 bytes. */
    byte[] root();

    /** The tries of a whole state, in two maps of a store. */
    final class Whole implements StateTrie {
        private static final MapSpec ACCOUNTS = new MapSpec("accounts", Visibility.PRIVATE, new MerklePatricia());
        private static final MapSpec SLOTS = new MapSpec("slots", Visibility.PRIVATE, new MerklePatricia());

        private final Draft draft;

        Whole() {
            Store store = new Store(List.of(ACCOUNTS, SLOTS), StoreLimits.DEFAULT);
            this.draft = store.draft(store.head());
        }

        @Override
        public void slot(byte[] accountKey, byte[] slotKey, byte @Nullable [] rlp) {
            byte[] key = Arrays.copyOf(accountKey, accountKey.length + slotKey.length);
            System.arraycopy(slotKey, 0, key, accountKey.length, slotKey.length);
            set(SLOTS, key, rlp);
        }

        @Override
        public void clearSlots(byte[] accountKey) {
            List<byte[]> keys = new ArrayList<>();
            Cursor slots = draft.scanPrefix(SLOTS, accountKey);
            while (slots.next()) {
                keys.add(slots.key());
            }
            keys.forEach(key -> draft.remove(SLOTS, key));
        }

        @Override
        public byte[] slotsRoot(byte[] accountKey) {
            return draft.digest(SLOTS, accountKey);
        }

        @Override
        public void account(byte[] accountKey, byte @Nullable [] rlp) {
            set(ACCOUNTS, accountKey, rlp);
        }

        private void set(MapSpec map, byte[] key, byte @Nullable [] value) {
            if (value == null) {
                draft.remove(map, key);
            } else {
                draft.put(map, key, value);
            }
        }

        @Override
        public byte[] root() {
            return draft.digest(ACCOUNTS);
        }
    }

    /** Only those nodes of the tries that are on the way to what changes: from a witness, or from a state as kept. */
    final class Partial implements StateTrie {
        private final StateNodes nodes;
        private final PartialTrie accounts;
        private final Map<String, PartialTrie> slots = new HashMap<>();

        Partial(byte[] root, StateNodes nodes) {
            this.nodes = nodes;
            this.accounts = new PartialTrie(root, nodes.ofAccounts());
        }

        @Override
        public void slot(byte[] accountKey, byte[] slotKey, byte @Nullable [] rlp) {
            if (rlp == null) {
                slots(accountKey).remove(slotKey);
            } else {
                slots(accountKey).put(slotKey, rlp);
            }
        }

        @Override
        public void clearSlots(byte[] accountKey) {
            slots.put(name(accountKey), new PartialTrie(MerklePatricia.emptyRoot(), nodes.ofSlots(accountKey)));
        }

        @Override
        public byte[] slotsRoot(byte[] accountKey) {
            return slots(accountKey).root();
        }

        @Override
        public void account(byte[] accountKey, byte @Nullable [] rlp) {
            if (rlp == null) {
                accounts.remove(accountKey);
            } else {
                accounts.put(accountKey, rlp);
            }
        }

        @Override
        public byte[] root() {
            return accounts.root();
        }

        private PartialTrie slots(byte[] accountKey) {
            return slots.computeIfAbsent(
                    name(accountKey),
                    _ -> new PartialTrie(storageRoot(accounts.get(accountKey)), nodes.ofSlots(accountKey)));
        }

        private static String name(byte[] key) {
            return HexFormat.of().formatHex(key);
        }

        private static byte[] storageRoot(byte @Nullable [] account) {
            if (account == null) {
                return MerklePatricia.emptyRoot();
            }
            try {
                RlpReader in = new RlpReader(account);
                in.enterList();
                in.skip();
                in.skip();
                return in.string(Keccak256.DIGEST_BYTES);
            } catch (RlpException e) {
                throw new PartialTrie.IncompleteException("an account in the trie is damaged", e);
            }
        }
    }
}
