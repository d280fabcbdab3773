package coco.node;

import coco.core.Administration;
import coco.core.Roster;
import coco.governance.BlockLimits;
import coco.governance.Constitution;
import coco.governance.EpochPolicy;
import coco.governance.ServiceStatus;
import coco.kv.Reader;
import coco.ledgers.api.LedgerFactory;
import java.util.List;

/** The constitution as the core takes it: its nodes, limits, generation and epoch policy. */
record NodeAdministration(LedgerFactory factory) implements Administration {
    @Override
    public LedgerFactory ledger() {
        return factory;
    }

    @Override
    public Roster roster(Reader state) {
        return roster(Constitution.read(state));
    }

    static Roster roster(Constitution constitution) {
        EpochPolicy epoch = constitution.epoch();
        return new Roster(
                nodes(constitution),
                constitution.generation(),
                constitution.rollovers(),
                constitution.status() == ServiceStatus.OPEN,
                limits(constitution.limits()),
                new Roster.EpochPolicy(epoch.maxBlocks(), epoch.maxAgeSeconds()));
    }

    /** The nodes alone, in the order of the constitution. */
    static List<Roster.Node> nodes(Constitution constitution) {
        return constitution.nodes().nodes().stream()
                .map(node -> new Roster.Node(node.id(), node.certificate(), node.wrappingKey()))
                .toList();
    }

    private static Roster.Limits limits(BlockLimits limits) {
        return new Roster.Limits(
                limits.batchMaxTransactions(),
                limits.batchMinIntervalMillis(),
                limits.blockMaxBytes(),
                limits.pipelineWindow());
    }
}
