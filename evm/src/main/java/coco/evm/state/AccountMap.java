package coco.evm.state;

import org.jspecify.annotations.Nullable;

/** Accounts by address: open addressing, at most half full, addresses compared as 32 + 64 + 64 bits. */
final class AccountMap {
    private static final int INITIAL_BITS = 4;

    private final Seeds seeds;
    private @Nullable JournaledAccount[] table = new JournaledAccount[1 << INITIAL_BITS];
    private int shift = 64 - INITIAL_BITS;
    private int size;

    AccountMap(Seeds seeds) {
        this.seeds = seeds;
    }

    int size() {
        return size;
    }

    @Nullable
    JournaledAccount find(int high, long middle, long low) {
        int mask = table.length - 1;
        int i = (int) (seeds.hash(0, high, middle, low) >>> shift);
        while (true) {
            JournaledAccount account = table[i];
            if (account == null || account.address.is(high, middle, low)) {
                return account;
            }
            i = (i + 1) & mask;
        }
    }

    /** Adds an account whose address is not there yet. */
    void add(JournaledAccount account) {
        if (++size * 2 > table.length) {
            grow();
        }
        insert(account);
    }

    private void insert(JournaledAccount account) {
        int mask = table.length - 1;
        int i = (int)
                (seeds.hash(0, account.address.high(), account.address.middle(), account.address.low()) >>> shift);
        while (table[i] != null) {
            i = (i + 1) & mask;
        }
        table[i] = account;
    }

    private void grow() {
        @Nullable JournaledAccount[] previous = table;
        table = new JournaledAccount[previous.length * 2];
        shift--;
        for (JournaledAccount account : previous) {
            if (account != null) {
                insert(account);
            }
        }
    }
}
