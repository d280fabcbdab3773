package coco.cli.network;

import coco.cli.console.CliException;
import java.util.Map;

/**
 * What kind of network to make.
 *
 * @param nodes how many
 * @param basePort see {@link PortPlan}
 * @param chainId EIP-155
 * @param nodeSettings configuration keys of every node that differ from their defaults, by full name
 */
public record NetworkPlan(int nodes, int basePort, long chainId, Map<String, String> nodeSettings) {
    /** The chain id of local development networks. */
    public static final long DEFAULT_CHAIN_ID = 1337;

    /** Checks the numbers. */
    public NetworkPlan {
        nodeSettings = Map.copyOf(nodeSettings);
        if (nodes < 1 || nodes > PortPlan.NODES_MAX) {
            throw CliException.usage(
                    nodes + " nodes cannot be", "Choose 1 to " + PortPlan.NODES_MAX + " with --nodes; 3 outlive the loss of one.");
        }
    }

    /** Three nodes on the usual ports. */
    public static NetworkPlan usual() {
        return new NetworkPlan(3, PortPlan.DEFAULT_BASE, DEFAULT_CHAIN_ID, Map.of());
    }
}
