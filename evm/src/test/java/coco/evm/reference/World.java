package coco.evm.reference;

import coco.evm.state.InMemoryWorld;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** All accounts, and what a transaction remembers until its end. Copied as a whole to be able to go back. */
final class World {
    /** An account that is not there reads as this one. */
    private static final Account NOBODY = new Account(BigInteger.ZERO, BigInteger.ZERO, new byte[0]);

    /** What an account is, its storage apart. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by what it is written as.
    record Account(BigInteger nonce, BigInteger balance, byte[] code) {
        /** EIP-161. */
        boolean isEmpty() {
            return nonce.signum() == 0 && balance.signum() == 0 && code.length == 0;
        }
    }

    /** A place in storage. */
    record Slot(Address address, BigInteger key) {}

    private final Map<Address, Account> accounts;
    private final Map<Slot, BigInteger> storage;
    private final Map<Slot, BigInteger> transientStorage;
    /** The storage at the start of the transaction. */
    private Map<Slot, BigInteger> original;

    final Set<Address> warmAddresses;
    final Set<Slot> warmSlots;
    final Set<Address> touched;
    final Set<Address> created;
    final Set<Address> destroyed;
    final List<Log> logs;
    long refund;

    World() {
        this(Map.of(), Map.of(), Map.of(), Map.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), List.of(), 0);
    }

    private World(
            Map<Address, Account> accounts,
            Map<Slot, BigInteger> storage,
            Map<Slot, BigInteger> transientStorage,
            Map<Slot, BigInteger> original,
            Set<Address> warmAddresses,
            Set<Slot> warmSlots,
            Set<Address> touched,
            Set<Address> created,
            Set<Address> destroyed,
            List<Log> logs,
            long refund) {
        this.accounts = new LinkedHashMap<>(accounts);
        this.storage = new HashMap<>(storage);
        this.transientStorage = new HashMap<>(transientStorage);
        this.original = original;
        this.warmAddresses = new HashSet<>(warmAddresses);
        this.warmSlots = new HashSet<>(warmSlots);
        this.touched = new HashSet<>(touched);
        this.created = new HashSet<>(created);
        this.destroyed = new HashSet<>(destroyed);
        this.logs = new ArrayList<>(logs);
        this.refund = refund;
    }

    static World of(InMemoryWorld from) {
        World world = new World();
        from.accounts().forEach((address, account) -> {
            world.accounts.put(
                    address,
                    new Account(
                            new BigInteger(Long.toUnsignedString(account.nonce())),
                            account.balance().toBigInteger(),
                            from.code(account.codeHash())));
            from.storage(address)
                    .forEach((key, value) ->
                            world.storage.put(new Slot(address, key.toBigInteger()), value.toBigInteger()));
        });
        world.original = Map.copyOf(world.storage);
        return world;
    }

    InMemoryWorld toInMemoryWorld() {
        InMemoryWorld world = new InMemoryWorld();
        accounts.forEach((address, account) ->
                world.put(address, account.nonce().longValue(), Word.of(account.balance()), account.code()));
        storage.forEach((slot, value) -> world.slotChanged(slot.address(), Word.of(slot.key()), Word.of(value)));
        return world;
    }

    World copy() {
        return new World(
                accounts,
                storage,
                transientStorage,
                original,
                warmAddresses,
                warmSlots,
                touched,
                created,
                destroyed,
                logs,
                refund);
    }

    // ---- the transaction ----

    /** Removes what is to go, and forgets what holds for one transaction. */
    void endTransaction(boolean removesEmpty) {
        Set<Address> gone = new HashSet<>(destroyed);
        if (removesEmpty) {
            touched.stream().filter(address -> account(address).isEmpty()).forEach(gone::add);
        }
        accounts.keySet().removeAll(gone);
        storage.keySet().removeIf(slot -> gone.contains(slot.address()));
        original = Map.copyOf(storage);
        transientStorage.clear();
        warmAddresses.clear();
        warmSlots.clear();
        touched.clear();
        created.clear();
        destroyed.clear();
        logs.clear();
        refund = 0;
    }

    // ---- accounts ----

    boolean exists(Address address) {
        return accounts.containsKey(address);
    }

    Account account(Address address) {
        return accounts.getOrDefault(address, NOBODY);
    }

    BigInteger balance(Address address) {
        return account(address).balance();
    }

    byte[] code(Address address) {
        return account(address).code();
    }

    /** Makes the account part of the transaction (EIP-161), and an empty one where there was none. */
    void touch(Address address) {
        touched.add(address);
        accounts.putIfAbsent(address, NOBODY);
    }

    private void change(Address address, UnaryOperator<Account> change) {
        touch(address);
        accounts.put(address, change.apply(account(address)));
    }

    void setBalance(Address address, BigInteger balance) {
        change(address, before -> new Account(before.nonce(), balance, before.code()));
    }

    void setNonce(Address address, BigInteger nonce) {
        change(address, before -> new Account(nonce, before.balance(), before.code()));
    }

    void setCode(Address address, byte[] code) {
        change(address, before -> new Account(before.nonce(), before.balance(), code));
    }

    void transfer(Address from, Address to, BigInteger amount) {
        touch(to);
        if (amount.signum() != 0) {
            setBalance(from, balance(from).subtract(amount));
            setBalance(to, balance(to).add(amount));
        }
    }

    /** Whether no contract may be created here (EIP-684, EIP-7610). */
    boolean isTaken(Address address) {
        Account account = account(address);
        boolean hasStorage =
                original.keySet().stream().anyMatch(slot -> slot.address().equals(address));
        return account.nonce().signum() != 0 || account.code().length > 0 || hasStorage;
    }

    // ---- storage ----

    BigInteger load(Slot slot) {
        return storage.getOrDefault(slot, BigInteger.ZERO);
    }

    BigInteger original(Slot slot) {
        return original.getOrDefault(slot, BigInteger.ZERO);
    }

    void store(Slot slot, BigInteger value) {
        if (value.signum() == 0) {
            storage.remove(slot);
        } else {
            storage.put(slot, value);
        }
    }

    BigInteger loadTransient(Slot slot) {
        return transientStorage.getOrDefault(slot, BigInteger.ZERO);
    }

    void storeTransient(Slot slot, BigInteger value) {
        transientStorage.put(slot, value);
    }
}
