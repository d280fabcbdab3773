package coco.ledgers.ethereum.access;

import coco.evm.state.WorldAccount;
import coco.evm.state.WorldState;
import coco.evm.types.Address;
import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/** The world that a check sees: some other, and notes what is read. One thread. */
final class RecordingWorld implements WorldState {
    private @Nullable WorldState world;
    private ReadSet reads = new ReadSet();

    /** Reads this world from now on. */
    void open(WorldState other, ReadSet into) {
        world = other;
        reads = into;
    }

    private WorldState world() {
        if (world == null) {
            throw new IllegalStateException("a check without a state");
        }
        return world;
    }

    @Override
    public @Nullable WorldAccount account(Address address) {
        WorldAccount found = world().account(address);
        reads.account(address, found);
        return found;
    }

    @Override
    public Word storage(Address address, Word key) {
        Word found = world().storage(address, key);
        reads.slot(address, key, found);
        return found;
    }

    /** Asked only where a contract is created, which no check can. */
    @Override
    public boolean hasStorage(Address address) {
        return world().hasStorage(address);
    }

    @Override
    public byte[] code(byte[] codeHash32) {
        return world().code(codeHash32);
    }

    @Override
    public byte @Nullable [] blockHash(long number) {
        byte[] found = world().blockHash(number);
        reads.blockHash(number, found);
        return found;
    }
}
