package coco.cli.governance;

import coco.cli.console.CliException;
import coco.cli.console.Pause;
import coco.cli.member.MemberSigners;
import coco.cli.network.KnownService;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.client.ServiceTrust;
import coco.governance.Action;
import coco.governance.BlockLimits;
import coco.governance.cose.Signer;
import coco.governance.rules.Choice;
import java.net.URI;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Changes a development network by a proposal and the ballot of its only member, the developer, whose key lies in the
 * network's folder: the same messages that {@code coco gov propose} and {@code coco gov vote} send.
 */
public final class DeveloperVote implements AutoCloseable {
    /** A signed message counts for so many blocks: some minutes of a network that is driven as fast as it goes. */
    private static final long BLOCKS = 100_000;
    /** What is voted holds from the next block on; asking again is cheap. */
    private static final int LOOKS = 100;

    private static final long LOOK_MILLIS = 50;

    private final Signer signer;
    private final ServiceConnection connection;

    /**
     * Connects to the first node.
     *
     * @throws CliException the network is none with a developer
     */
    public DeveloperVote(LocalNetwork network) {
        NetworkFolder folder = network.folder();
        this.signer = MemberSigners.open(
                "file:" + folder.members().resolve(NetworkFolder.DEVELOPER + ".key"), null, true, null);
        URI node = network.administrativeUrl(1);
        X509Certificate service = new KnownService(folder.serviceCertificate()).newest(List.of(node));
        this.connection = new ServiceConnection(
                node, new NodeClient(node, ServiceTrust.contextFor(service, signer), ClientLimits.DEFAULT));
    }

    /**
     * Sets the largest number of transactions of a block, leaves the other limits as they are, and waits until that is
     * in force.
     *
     * @throws CliException the service refuses, or it was not in force in time
     */
    public void batchMaxTransactions(int most) {
        JsonNode inForce = connection.get("/gov/constitution");
        JsonNode limits = limits(inForce);
        if (limits.required("batchMaxTransactions").asInt() == most) {
            return;
        }
        BlockLimits wanted = new BlockLimits(
                most,
                limits.required("batchMinIntervalMillis").asInt(),
                limits.required("blockMaxBytes").asInt(),
                limits.required("pipelineWindow").asInt());
        SignedMessages messages = new SignedMessages(inForce, BLOCKS, signer, new SecureRandom());
        String id = connection
                .post(
                        "/gov/proposals",
                        messages.proposal(List.of(new Action.SetLimits(wanted)), "batch maximum " + most))
                .required("id")
                .asString();
        SignedMessages ballot =
                new SignedMessages(connection.get("/gov/constitution"), BLOCKS, signer, new SecureRandom());
        connection.post("/gov/ballots", ballot.ballot(id, Choice.ACCEPT));
        for (int look = 0; look < LOOKS; look++) {
            if (limits(connection.get("/gov/constitution"))
                            .required("batchMaxTransactions")
                            .asInt()
                    == most) {
                return;
            }
            Pause.millis(LOOK_MILLIS);
        }
        throw new CliException("the vote on the batch maximum is not in force", "See: coco gov show");
    }

    private static JsonNode limits(JsonNode inForce) {
        return inForce.required("document").required("limits");
    }

    @Override
    public void close() {
        connection.close();
    }
}
