package coco.cli.demo.compare;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.Pause;
import coco.cli.governance.DeveloperVote;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkPlan;
import coco.cli.network.PortPlan;
import coco.cli.network.TemporaryNetwork;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Three nodes of Coco, each a process of its own, with a genesis document. */
final class CocoNetwork implements AutoCloseable {
    static final int NODES = 3;

    private static final int HEAP_MEBIBYTES = 1_024;
    private static final int LOOKS = 100;
    private static final long LOOK_MILLIS = 100;

    private final TemporaryNetwork temporary;
    private final LocalNetwork network;
    private final DeveloperVote vote;

    private CocoNetwork(TemporaryNetwork temporary) {
        this.temporary = temporary;
        this.network = temporary.network();
        this.vote = new DeveloperVote(network);
    }

    /** Founds and starts it, and waits until it is ready. */
    static CocoNetwork start(String genesis, long chainId, Console console) throws IOException {
        Map<String, String> settings = Map.of(
                // Answers as soon as a transaction is taken; what is done is seen by its block, on every node.
                "rpc.sendReply",
                "accepted",
                // Their number shall close a block, and not the time that other processes of this machine take from it.
                "batch.maxExecution",
                "200ms",
                // The service's limit, which a vote changes while nodes run, shall be the one that holds.
                "batch.maxTransactions",
                Integer.toString(CompareSettings.BATCH_MAX));
        NetworkPlan plan = NetworkPlan.development(NODES, PortPlan.freeBase(NODES), settings)
                .withEthereumGenesis(chainId, genesis);
        TemporaryNetwork temporary = TemporaryNetwork.start(plan, HEAP_MEBIBYTES, console);
        try {
            return new CocoNetwork(temporary);
        } catch (RuntimeException e) {
            temporary.close();
            throw e;
        }
    }

    /** JSON-RPC of a node, from 1. */
    URI node(int node) {
        return network.httpUrl(node);
    }

    /** The node that orders transactions: what is sent to it is ordered as it arrives. */
    URI leader() {
        for (int look = 0; look < LOOKS; look++) {
            for (int node = 1; node <= NODES; node++) {
                if (network.status(node).field("role").equalsIgnoreCase("leader")) {
                    return node(node);
                }
            }
            Pause.millis(LOOK_MILLIS);
        }
        throw new CliException(
                "no node leads",
                "See what they say with: coco logs --dir " + network.folder().root());
    }

    /** Has the developer member propose and vote for the largest number of transactions of a block. */
    synchronized void batchMaximum(int most) {
        vote.batchMaxTransactions(most);
    }

    @Override
    public void close() {
        vote.close();
        temporary.close();
    }
}
