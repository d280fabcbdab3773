package coco.ledgers.ethereum.chain;

import coco.evm.types.Address;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the keys of recently used accounts, over all threads: a call asks for its sender, its contract and the
 * beneficiary, and again for the contract with each slot. Direct-mapped and bounded.
 */
final class AddressHashes {
    private static final int SIZE = 1 << 12;

    /** Written and read without a lock: an entry never changes, and a stale one is as true as a new one. */
    private static final @Nullable Entry[] ENTRIES = new Entry[SIZE];

    private record Entry(Address address, byte[] hash) {}

    private AddressHashes() {}

    /** keccak256 of the address, not to be written to. */
    static byte[] of(Address address) {
        int place = address.hashCode() & (SIZE - 1);
        Entry known = ENTRIES[place];
        if (known == null || !known.address.equals(address)) {
            known = new Entry(address, EthereumMaps.accountKey(address));
            ENTRIES[place] = known;
        }
        return known.hash;
    }
}
