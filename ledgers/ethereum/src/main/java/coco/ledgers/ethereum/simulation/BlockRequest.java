package coco.ledgers.ethereum.simulation;

import java.util.List;

/**
 * One block that is to be simulated.
 *
 * @param block what its header has otherwise
 * @param state what accounts have otherwise, from here on
 * @param calls its transactions, in order
 */
public record BlockRequest(BlockOverrides block, StateOverrides state, List<CallRequest> calls) {
    public BlockRequest {
        calls = List.copyOf(calls);
    }
}
