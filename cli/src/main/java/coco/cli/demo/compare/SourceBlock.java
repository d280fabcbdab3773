package coco.cli.demo.compare;

import coco.evm.BlockEnvironment;
import coco.evm.transition.ChainRules;
import coco.evm.types.Address;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A block of another network, and the state that it ran on.
 *
 * @param rules of its fork
 * @param environment what its transactions could learn about it
 * @param blockHashes the hashes that it asked for, by number
 */
record SourceBlock(
        long number,
        ChainRules rules,
        BlockEnvironment environment,
        SequencedMap<Address, AccountState> preState,
        List<SourceTransaction> transactions,
        Map<Long, byte[]> blockHashes) {}
