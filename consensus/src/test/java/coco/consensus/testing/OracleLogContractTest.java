package coco.consensus.testing;

import coco.consensus.LogGroup;
import coco.consensus.ReplicatedLogContract;

/** The contract, by the simulated log without faults of its own. */
final class OracleLogContractTest extends ReplicatedLogContract {
    @Override
    protected LogGroup newGroup() {
        return new OracleGroup(new Simulation(1), Faults.none());
    }
}
