package coco.core;

import coco.journal.Recovery;
import coco.journal.SealerChange;
import coco.ledgers.api.AccessSettings;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What administration says to the core: who the nodes are, and under what they work. Holds from the block after the one
 * whose state it was read from.
 *
 * @param nodes who may seal and is given secrets
 * @param generation of the service identity; one that grew makes a new service key and a new evidence key
 * @param rollovers one that grew makes a new epoch
 * @param open whether application ledgers take transactions
 * @param limits ceilings on what a leader builds
 * @param policy when an epoch ends by itself
 * @param recovery which members are dealt shares of each epoch; another one makes a new epoch
 * @param access who may see and send what: for the ledgers, the core hands it on
 */
public record Roster(
        List<Node> nodes,
        int generation,
        long rollovers,
        boolean open,
        Limits limits,
        EpochPolicy policy,
        Recovery recovery,
        AccessSettings access) {
    /** Without administration: nothing is known of nodes, and nothing ever changes. */
    public static final Roster NONE = new Roster(List.of(), 0, 0, true, Limits.NONE, EpochPolicy.NEVER, Recovery.NONE);

    public Roster {
        nodes = List.copyOf(nodes);
    }

    /** A roster under which nothing is restricted. */
    public Roster(
            List<Node> nodes,
            int generation,
            long rollovers,
            boolean open,
            Limits limits,
            EpochPolicy policy,
            Recovery recovery) {
        this(nodes, generation, rollovers, open, limits, policy, recovery, AccessSettings.OPEN);
    }

    /**
     * A node of the network.
     *
     * @param id its name
     * @param certificate of its identity key; who sealed a block is named by its digest
     * @param wrappingKey P-256 key to which secrets are encrypted
     */
    public record Node(String id, X509Certificate certificate, PublicKey wrappingKey) {}

    /**
     * Ceilings within which each node chooses for itself.
     *
     * @param batchMaxTransactions most transactions a block
     * @param batchMinIntervalMillis least time between two blocks while one is in flight
     * @param blockMaxBytes size at which a block closes
     * @param pipelineWindow most blocks in flight
     */
    public record Limits(int batchMaxTransactions, long batchMinIntervalMillis, int blockMaxBytes, int pipelineWindow) {
        /** None. */
        public static final Limits NONE = new Limits(Integer.MAX_VALUE, 0, Integer.MAX_VALUE, Integer.MAX_VALUE);

        /** What a node that would choose {@code own} keeps to. */
        CoreLimits within(CoreLimits own) {
            return new CoreLimits(
                    Math.max(own.batchMinIntervalMillis(), batchMinIntervalMillis),
                    Math.min(own.batchMaxTransactions(), batchMaxTransactions),
                    own.batchMaxExecutionMillis(),
                    Math.min(own.blockMaxBytes(), blockMaxBytes),
                    Math.min(own.window(), pipelineWindow),
                    own.heartbeatMillis(),
                    own.stateBlocks(),
                    own.stateBytes());
        }
    }

    /**
     * When an epoch ends by itself.
     *
     * @param maxBlocks most blocks sealed under one epoch; 0 for no bound
     * @param maxAgeSeconds how old an epoch may be when a block is sealed, in service time, before the next has
     *     another; 0 for no bound. A network without blocks makes none for it
     */
    public record EpochPolicy(long maxBlocks, long maxAgeSeconds) {
        /** No end. */
        public static final EpochPolicy NEVER = new EpochPolicy(0, 0);

        public EpochPolicy {
            if (maxBlocks < 0 || maxAgeSeconds < 0) {
                throw new IllegalArgumentException("an epoch's bounds cannot be negative");
            }
        }
    }

    /** The node with this certificate (SHA-256 of its DER); null if there is none. */
    public @Nullable Node byCertificate(byte[] certificateDigest) {
        for (Node node : nodes) {
            if (Arrays.equals(SealerChange.digest(node.certificate()), certificateDigest)) {
                return node;
            }
        }
        return null;
    }
}
