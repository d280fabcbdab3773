package coco.ledgers.ethereum.access;

import coco.evm.state.WorldAccount;
import coco.evm.state.WorldState;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a check has read, with what it found: where it is as it was, the answer is as it was. One thread. */
final class ReadSet {
    private record AccountRead(Address address, @Nullable WorldAccount found) {}

    private record SlotRead(Address address, Word key, Word found) {}

    private record RuleRead(Address address, Rule found) {}

    @SuppressWarnings("ArrayRecordComponent") // Compared by hand.
    private record HashRead(long number, byte @Nullable [] found) {}

    private final List<AccountRead> accounts = new ArrayList<>(4);
    private final List<SlotRead> slots = new ArrayList<>(4);
    private final List<RuleRead> rules = new ArrayList<>(0);
    private final List<HashRead> hashes = new ArrayList<>(0);

    void account(Address address, @Nullable WorldAccount found) {
        accounts.add(new AccountRead(address, found));
    }

    void slot(Address address, Word key, Word found) {
        slots.add(new SlotRead(address, key, found));
    }

    void rule(Address address, Rule found) {
        rules.add(new RuleRead(address, found));
    }

    void blockHash(long number, byte @Nullable [] found) {
        hashes.add(new HashRead(number, found));
    }

    /** Also what a check inside this one has read. */
    void addAll(ReadSet inner) {
        accounts.addAll(inner.accounts);
        slots.addAll(inner.slots);
        rules.addAll(inner.rules);
        hashes.addAll(inner.hashes);
    }

    /** Whether everything is as it was. */
    boolean holds(WorldState world, Rule.Source source) {
        for (AccountRead read : accounts) {
            if (!same(read.found, world.account(read.address))) {
                return false;
            }
        }
        for (SlotRead read : slots) {
            if (!read.found.equals(world.storage(read.address, read.key))) {
                return false;
            }
        }
        for (RuleRead read : rules) {
            if (!read.found.equals(source.of(read.address))) {
                return false;
            }
        }
        for (HashRead read : hashes) {
            if (!Arrays.equals(read.found, world.blockHash(read.number))) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(@Nullable WorldAccount one, @Nullable WorldAccount other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.nonce() == other.nonce()
                && one.balance().equals(other.balance())
                && Arrays.equals(one.codeHash(), other.codeHash());
    }
}
