package coco.cli.demo.compare;

import coco.evm.BlockEnvironment;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.state.WorldAccount;
import coco.evm.state.WorldState;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction takes and touches. Two of which neither writes what the other reads or writes have the same
 * results whichever comes first.
 *
 * @param gasLimit that it asks for
 * @param gasUsed that it takes
 * @param reads accounts and slots, by numbers that they have in one list of footprints
 * @param writes likewise
 */
@SuppressWarnings("ArrayRecordComponent") // Read number by number, never compared.
record Footprint(long gasLimit, long gasUsed, int[] reads, int[] writes) {
    /** Gets the priority fees of every transaction, which must not make all of them one another's neighbours. */
    private static final Address BENEFICIARY = Address.fromHex("0xc0c0000000000000000000000000000000feed00");

    private static final long HASH_SEED = 17;
    private static final long START_SECONDS = 1_795_000_000L;
    private static final int ANCESTORS = 256;

    /** What several touch together. */
    static final class Union {
        private final BitSet reads = new BitSet();
        private final BitSet writes = new BitSet();

        void add(Footprint footprint) {
            for (int place : footprint.reads) {
                reads.set(place);
            }
            for (int place : footprint.writes) {
                writes.set(place);
            }
        }

        /** Whether this one and any of these must keep their order. */
        boolean conflictsWith(Footprint footprint) {
            return holdsAny(writes, footprint.reads)
                    || holdsAny(writes, footprint.writes)
                    || holdsAny(reads, footprint.writes);
        }

        private static boolean holdsAny(BitSet set, int[] places) {
            for (int place : places) {
                if (set.get(place)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Executes transactions one after the other on a state, all in one block, and watches what they touch. */
    static List<Footprint> of(
            List<SourceTransaction> transactions, MergedState state, Map<String, String> codes, ChainRules rules) {
        InMemoryWorld accounts = new InMemoryWorld();
        state.accounts().forEach((address, account) -> Stability.put(accounts, codes, address, account));
        for (long number = 0; number < ANCESTORS; number++) {
            accounts.putBlockHash(number, Word.of(number + 1).toBytes32());
        }
        Watched world = new Watched(accounts);
        BlockEnvironment block = new BlockEnvironment(
                ANCESTORS, START_SECONDS, Long.MAX_VALUE, Word.ZERO, Word.ONE, BENEFICIARY, Word.ONE);
        JournaledState above = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), HASH_SEED);
        TransactionExecutor executor = new TransactionExecutor(rules, null);
        List<Footprint> footprints = new ArrayList<>();
        for (SourceTransaction source : transactions) {
            TransactionMessage message = TransactionMessage.of(source.transaction(), source.sender());
            long used = source.transaction().gasLimit();
            if (executor.execute(above, block, message, Long.MAX_VALUE) instanceof Outcome.Executed executed) {
                executor.commit(above, world);
                used = executed.gasUsed();
            }
            above.forget(); // So that the next one asks the world for all that it reads.
            footprints.add(world.take(source.transaction().gasLimit(), used));
        }
        return List.copyOf(footprints);
    }

    /** A place in the state: an account where there is no slot. */
    private record Place(Address address, @Nullable Word slot) {}

    /** Numbers places, and notes which of them are read and written. */
    private static final class Watched implements WorldState, StateChanges {
        private final InMemoryWorld world;
        private final Map<Place, Integer> numbers = new HashMap<>();
        private final Set<Integer> reads = new LinkedHashSet<>();
        private final Set<Integer> writes = new LinkedHashSet<>();

        Watched(InMemoryWorld world) {
            this.world = world;
        }

        Footprint take(long gasLimit, long gasUsed) {
            Footprint taken = new Footprint(gasLimit, gasUsed, numbers(reads), numbers(writes));
            reads.clear();
            writes.clear();
            return taken;
        }

        private static int[] numbers(Set<Integer> places) {
            return places.stream().mapToInt(Integer::intValue).toArray();
        }

        private void note(Set<Integer> into, Address address, @Nullable Word slot) {
            if (!address.equals(BENEFICIARY)) {
                into.add(numbers.computeIfAbsent(new Place(address, slot), _ -> numbers.size()));
            }
        }

        @Override
        public @Nullable WorldAccount account(Address address) {
            note(reads, address, null);
            return world.account(address);
        }

        @Override
        public Word storage(Address address, Word key) {
            note(reads, address, key);
            return world.storage(address, key);
        }

        @Override
        public boolean hasStorage(Address address) {
            note(reads, address, null);
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

        @Override
        public void accountDestroyed(Address address) {
            note(writes, address, null);
            world.accountDestroyed(address);
        }

        @Override
        public void accountChanged(
                Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {
            note(writes, address, null);
            world.accountChanged(address, nonce, balance, codeHash, newCode);
        }

        @Override
        public void slotChanged(Address address, Word key, Word value) {
            note(writes, address, key);
            world.slotChanged(address, key, value);
        }
    }
}
