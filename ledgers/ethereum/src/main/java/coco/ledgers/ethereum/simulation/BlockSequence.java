package coco.ledgers.ethereum.simulation;

import coco.evm.types.Header;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.List;

/** The numbers and times of blocks that are to be simulated. */
sealed interface BlockSequence {
    /** What a block is later than the one before, unless it says so itself: an Ethereum slot, as geth has it. */
    long SECONDS = 12;

    /** Every block has a number and a time, and no number is left out. */
    record Complete(List<BlockRequest> blocks) implements BlockSequence {}

    /** There is no such sequence. */
    record Wrong(SimulationOutcome.Refused why) implements BlockSequence {}

    /** Gives each block its place, and fills the gaps with empty blocks. */
    static BlockSequence of(Header base, List<BlockRequest> requests, SimulationLimits limits) {
        if (requests.size() > limits.blocks()) {
            return wrong(SimulationOutcome.Fault.LIMIT, "too many blocks");
        }
        List<BlockRequest> blocks = new ArrayList<>();
        long number = base.number();
        long timestamp = base.timestamp();
        for (BlockRequest request : requests) {
            if (request.calls().size() > limits.callsPerBlock()) {
                return wrong(
                        SimulationOutcome.Fault.LIMIT,
                        "too many calls in block: " + request.calls().size() + " > " + limits.callsPerBlock());
            }
            Word named = request.block().number();
            Word next = named == null ? Word.of(number + 1) : named;
            if (next.compareTo(Word.of(number)) <= 0) {
                return wrong(
                        SimulationOutcome.Fault.BLOCK_NUMBER,
                        "block numbers must be in order: " + next + " <= " + Long.toUnsignedString(number));
            }
            if (next.compareTo(Word.of(base.number()).plus(Word.of(limits.blocks()))) > 0) {
                return wrong(SimulationOutcome.Fault.LIMIT, "too many blocks");
            }
            while (++number != next.l0()) {
                timestamp += SECONDS;
                blocks.add(new BlockRequest(BlockOverrides.NONE.at(number, timestamp), StateOverrides.NONE, List.of()));
            }
            Long at = request.block().timestampSeconds();
            if (at != null && Long.compareUnsigned(at, timestamp) <= 0) {
                return wrong(
                        SimulationOutcome.Fault.BLOCK_TIME,
                        "block timestamps must be in order: " + Long.toUnsignedString(at) + " <= "
                                + Long.toUnsignedString(timestamp));
            }
            timestamp = at == null ? timestamp + SECONDS : at;
            blocks.add(new BlockRequest(request.block().at(number, timestamp), request.state(), request.calls()));
        }
        return new Complete(blocks);
    }

    private static Wrong wrong(SimulationOutcome.Fault fault, String message) {
        return new Wrong(new SimulationOutcome.Refused(fault, message));
    }
}
