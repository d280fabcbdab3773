package coco.node;

import coco.attestation.simulated.SimulatedPlatform;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import coco.node.config.StartMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node is from the start of its process to its end. */
record NodeLife(NodePlatform platform, NodeKeys keys, NodeStart.Constitution constitution) {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);

    /** What is left to do once nobody else uses the data folder. */
    @FunctionalInterface
    interface Beginning {
        NodeLife begin();
    }

    /**
     * Looks at what lies outside the data folder, and at its format. A simulated node goes on with the keys that it has
     * sealed; one on hardware begins anew ({@link HardwareStart}).
     */
    static Beginning prepare(Configuration configuration, Machine machine, NodeFolder folder) {
        StartMode mode = configuration.get(Keys.NODE_START);
        if (Machine.platformOf(configuration).isHardware()) {
            if (mode == StartMode.RESUME) {
                throw new NodeException(
                        "node.start: resume is for networks whose platforms are all simulated; on hardware"
                                + " sealing gives no freshness, and a start is always a rejoin");
            }
            HardwareStart start = new HardwareStart(configuration, machine, machine.open(configuration), folder);
            start.prepare();
            return start::begin;
        }
        NodeStart.Constitution constitution = NodeStart.constitution(configuration);
        SimulatedPlatform.BANNER.lines().forEach(LOG::warn);
        folder.checkFormat();
        if (mode == StartMode.REJOIN) {
            NodeStart.requireNewIdentity(configuration, constitution, folder);
        }
        return () -> {
            NodePlatform platform = machine.open(configuration);
            return new NodeLife(
                    platform, NodeStart.keys(configuration, constitution, platform, machine.clock()), constitution);
        };
    }
}
