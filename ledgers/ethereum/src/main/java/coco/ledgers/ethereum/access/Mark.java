package coco.ledgers.ethereum.access;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import coco.evm.types.Address;
import coco.ledgers.api.LedgerException;
import org.jspecify.annotations.Nullable;

/**
 * What is known for ever about an address: that it is or was confidential.
 *
 * @param state what it is
 * @param creator whose rule holds here: of {@link State#INHERITED} only
 * @param block number of the block that brought this state; of {@link State#CLEARED} the last whose content stays
 *     hidden
 * @param listed whether its sender named readers, who are all that may see it, whatever else it is: always in {@link
 *     State#LISTED}
 */
record Mark(State state, @Nullable Address creator, long block, boolean listed) {
    Mark(State state, @Nullable Address creator, long block) {
        this(state, creator, block, false);
    }

    /** What an address can be. */
    enum State {
        /** It said that it has the interface. */
        OWN(1),
        /** A confidential contract made it, and it has said nothing for itself yet. */
        INHERITED(2),
        /** It was new, and could not be asked within the transaction's gas: closed until it is asked again. */
        PENDING(3),
        /** It said, in so many words, that it has the interface no longer. */
        CLEARED(4),
        /** Its sender named readers, and it has said nothing for itself; also the contract that keeps their lists. */
        LISTED(5);

        private final long number;

        /** @param number in the map */
        State(long number) {
            this.number = number;
        }

        static State of(long number) {
            for (State state : values()) {
                if (state.number == number) {
                    return state;
                }
            }
            throw new LedgerException("a mark of a state that there is not");
        }
    }

    /** The value in the map. */
    byte[] encode() {
        RlpWriter out = new RlpWriter(40).beginList().unsigned(state.number);
        out.string(creator == null ? new byte[0] : creator.bytes()).unsigned(block);
        if (listed) {
            out.unsigned(1);
        }
        return out.endList().toBytes();
    }

    /**
     * Reads a value of the map.
     *
     * @throws LedgerException if it is damaged
     */
    static Mark decode(byte[] value) {
        try {
            RlpReader in = new RlpReader(value);
            in.enterList();
            long number = in.unsigned64();
            byte[] creator = in.stringOrEmpty(Address.SIZE);
            long block = in.unsigned64();
            boolean listed = in.hasNext() && in.unsigned64() == 1;
            in.leaveList();
            in.finish();
            State state = State.of(number);
            if ((state == State.INHERITED) != (creator.length > 0)) {
                throw new LedgerException("a mark with a creator in the wrong place");
            }
            if (state == State.LISTED && !listed) {
                throw new LedgerException("a mark of a list without one");
            }
            return new Mark(state, creator.length == 0 ? null : Address.of(creator), block, listed);
        } catch (RlpException e) {
            throw new LedgerException("a mark is damaged", e);
        }
    }

    /** Whether the contract is confidential now. */
    boolean isConfidential() {
        return state != State.CLEARED || listed;
    }
}
