package coco.ledgers.ethereum.simulation;

import coco.evm.transition.Outcome;
import java.util.List;

/** What came of the simulation of a chain of blocks. */
public sealed interface SimulationOutcome {
    /** All blocks, those included that fill gaps between numbers. */
    record Simulated(List<SimulatedBlock> blocks) implements SimulationOutcome {
        public Simulated {
            blocks = List.copyOf(blocks);
        }
    }

    /**
     * There is no such chain.
     *
     * @param fault for programs
     * @param message for people, in geth's words
     */
    record Refused(Fault fault, String message) implements SimulationOutcome {}

    /**
     * A call may not be in its block.
     *
     * @param reason for programs
     * @param message for people, in geth's words
     */
    record Rejected(Outcome.Reason reason, String message) implements SimulationOutcome {}

    /** Why there is no such chain. */
    enum Fault {
        /** Numbers do not rise. */
        BLOCK_NUMBER,
        /** Times do not rise. */
        BLOCK_TIME,
        /** More blocks or calls than are simulated at once. */
        LIMIT,
        /** A call names more gas than is left in its block. */
        BLOCK_GAS,
        /** Overrides contradict themselves, or the fork. */
        OVERRIDE,
        /** Requests to the consensus layer could not be collected. */
        REQUESTS,
        /** It took too long. */
        CANCELLED,
        /** The results are too large to be told. */
        TOO_LARGE
    }
}
