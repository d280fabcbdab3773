package coco.cli.network;

import coco.cli.console.CliException;
import coco.governance.AccessDefaults;
import coco.governance.Member;
import coco.governance.Preset;
import coco.governance.cose.Signer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What kind of network to make.
 *
 * @param preset how strict it is; the consortium preset needs a member
 * @param members who votes; if nobody, a development network gets a member of its own, whose keys lie in its folder
 * @param recoveryThreshold how many members with recovery keys recover together; 0 for none, in development
 * @param owners members who run nodes, in turn, with the keys that sign for them; none in development
 * @param nodes how many
 * @param basePort see {@link PortPlan}
 * @param chainId EIP-155
 * @param history with which the Ethereum ledger begins; null for none
 * @param ethereumGenesis the Ethereum ledger's genesis document where it has no history; null for the usual one
 * @param nodeSettings configuration keys of every node that differ from their defaults, by full name
 * @param access who may do what where nothing more special is said
 */
public record NetworkPlan(
        Preset preset,
        List<Member> members,
        int recoveryThreshold,
        List<Owner> owners,
        int nodes,
        int basePort,
        long chainId,
        @Nullable ImportedHistory history,
        @Nullable String ethereumGenesis,
        Map<String, String> nodeSettings,
        AccessDefaults access) {
    /** The chain id of local development networks. */
    public static final long DEFAULT_CHAIN_ID = 1337;
    /** The fewest nodes that outlive the loss of one. */
    public static final int DEFAULT_NODES = 3;

    /** Checks the numbers. */
    public NetworkPlan {
        members = List.copyOf(members);
        owners = List.copyOf(owners);
        nodeSettings = Map.copyOf(nodeSettings);
        if (nodes < 1 || nodes > PortPlan.NODES_MAX) {
            throw CliException.usage(
                    nodes + " nodes cannot be",
                    "Choose 1 to " + PortPlan.NODES_MAX + " with --nodes; 3 outlive the loss of one.");
        }
        if (preset == Preset.CONSORTIUM && members.isEmpty()) {
            throw CliException.usage(
                    "a consortium needs at least one member", "Name each with --member ID=CERTIFICATE.pem.");
        }
        if (preset == Preset.CONSORTIUM && owners.isEmpty()) {
            throw CliException.usage(
                    "the nodes of a consortium belong to members, who sign for them",
                    "Name one with --owner ID=file:KEY; others join later.");
        }
    }

    /** A network as open as its preset has it, with the usual genesis document of its Ethereum ledger, or a history. */
    public NetworkPlan(
            Preset preset,
            List<Member> members,
            int recoveryThreshold,
            List<Owner> owners,
            int nodes,
            int basePort,
            long chainId,
            @Nullable ImportedHistory history,
            Map<String, String> nodeSettings) {
        this(
                preset,
                members,
                recoveryThreshold,
                owners,
                nodes,
                basePort,
                chainId,
                history,
                null,
                nodeSettings,
                AccessDefaults.of(preset));
    }

    /**
     * A member that runs nodes.
     *
     * @param id of the member
     * @param signer its key
     */
    public record Owner(String id, Signer signer) {}

    /** A development network. */
    public static NetworkPlan development(int nodes, int basePort, Map<String, String> nodeSettings) {
        return new NetworkPlan(
                Preset.DEVELOPMENT, List.of(), 0, List.of(), nodes, basePort, DEFAULT_CHAIN_ID, null, nodeSettings);
    }

    /** The same network with another beginning of its Ethereum ledger. */
    public NetworkPlan withEthereumGenesis(long otherChainId, String document) {
        return new NetworkPlan(
                preset,
                members,
                recoveryThreshold,
                owners,
                nodes,
                basePort,
                otherChainId,
                null,
                document,
                nodeSettings,
                access);
    }

    /** The same network, more or less open than its preset has it. */
    public NetworkPlan withAccess(AccessDefaults other) {
        return new NetworkPlan(
                preset,
                members,
                recoveryThreshold,
                owners,
                nodes,
                basePort,
                chainId,
                history,
                ethereumGenesis,
                nodeSettings,
                other);
    }
}
