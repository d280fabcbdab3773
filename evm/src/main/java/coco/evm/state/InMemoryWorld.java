package coco.evm.state;

import coco.evm.code.CodeInfo;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A world in plain maps, for tests, tools and examples: takes changes in and can be read back. */
public final class InMemoryWorld implements WorldState, StateChanges {
    private final Map<Address, WorldAccount> accounts = new LinkedHashMap<>();
    private final Map<Address, Map<Word, Word>> storage = new HashMap<>();
    private final Map<Word, byte[]> codes = new HashMap<>();
    private final Map<Long, byte[]> blockHashes = new HashMap<>();

    /** Puts an account there, with its code; its slots stay as they are. */
    public void put(Address address, long nonce, Word balance, byte[] code) {
        CodeInfo analysed = CodeInfo.of(code);
        accountChanged(address, nonce, balance, analysed.hash(), code);
    }

    /** Sets the hash that {@link #blockHash} answers. */
    public void putBlockHash(long number, byte[] hash32) {
        blockHashes.put(number, hash32);
    }

    /** All accounts, in the order in which they came. */
    public Map<Address, WorldAccount> accounts() {
        return Map.copyOf(accounts);
    }

    /** All slots of an account that are not zero. */
    public Map<Word, Word> storage(Address address) {
        return Map.copyOf(storage.getOrDefault(address, Map.of()));
    }

    @Override
    public @Nullable WorldAccount account(Address address) {
        return accounts.get(address);
    }

    @Override
    public Word storage(Address address, Word key) {
        return storage.getOrDefault(address, Map.of()).getOrDefault(key, Word.ZERO);
    }

    @Override
    public boolean hasStorage(Address address) {
        return !storage.getOrDefault(address, Map.of()).isEmpty();
    }

    @Override
    public byte[] code(byte[] codeHash32) {
        byte[] code = codes.get(Word.ofBytes32(codeHash32, 0));
        if (code == null) {
            throw new IllegalStateException(
                    "no code with the hash " + Word.ofBytes32(codeHash32, 0).toQuantity());
        }
        return code;
    }

    @Override
    public byte @Nullable [] blockHash(long number) {
        return blockHashes.get(number);
    }

    @Override
    public void accountDestroyed(Address address) {
        accounts.remove(address);
        storage.remove(address);
    }

    @Override
    public void accountChanged(Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {
        accounts.put(address, new WorldAccount(nonce, balance, codeHash));
        if (newCode != null) {
            codes.put(Word.ofBytes32(codeHash, 0), newCode);
        }
    }

    @Override
    public void slotChanged(Address address, Word key, Word value) {
        Map<Word, Word> slots = storage.computeIfAbsent(address, _ -> new HashMap<>());
        if (value.isZero()) {
            slots.remove(key);
        } else {
            slots.put(key, value);
        }
    }
}
