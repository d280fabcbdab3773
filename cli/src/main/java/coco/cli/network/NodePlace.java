package coco.cli.network;

import coco.cli.console.CliException;
import coco.client.ClientException;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.client.ServiceTrust;
import coco.governance.Preset;
import coco.node.Founding;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a node that joins a network lies on this machine: beside the nodes of a network that was made here, or alone in
 * a folder of its own, with copies of the network's genesis document and certificate.
 */
public final class NodePlace {
    private static final ClientLimits LIMITS = new ClientLimits(Duration.ofSeconds(1), Duration.ofSeconds(2), 1 << 20);

    private final NetworkFolder folder;
    /** With this node as the last one. */
    private final NetworkDescription description;

    private final String id;
    private final String host;
    private final boolean local;

    private NodePlace(NetworkFolder folder, NetworkDescription description, String id, String host, boolean local) {
        this.folder = folder;
        this.description = description;
        this.id = id;
        this.host = host;
        this.local = local;
    }

    /**
     * One more node of a network on this machine: the one of that name, if it was prepared before, else the next.
     *
     * @param id its name; null for the next free one of the form {@code node-N}
     */
    public static NodePlace beside(LocalNetwork network, @Nullable String id, String host) {
        NetworkDescription description = network.description();
        int next = description.nodes() + 1;
        if (next > PortPlan.NODES_MAX) {
            throw new CliException(
                    "there is no room for another node on this machine",
                    "A network here has at most " + PortPlan.NODES_MAX + " nodes.");
        }
        NetworkDescription grown = new NetworkDescription(
                NetworkDescription.FORMAT, description.preset(), next, description.basePort(), description.chainId());
        return new NodePlace(network.folder(), grown, id == null ? "node-" + next : id, host, true);
    }

    /**
     * A node by itself.
     *
     * @param genesis the network's genesis document, copied
     * @param certificate the service's, PEM
     */
    public static NodePlace alone(
            NetworkFolder folder, @Nullable String id, String host, int port, Path genesis, byte[] certificate) {
        try {
            Files.createDirectories(folder.root());
            if (!Files.exists(folder.genesis())) {
                Files.copy(genesis, folder.genesis());
            }
            if (!Files.exists(folder.serviceCertificate())) {
                Files.write(folder.serviceCertificate(), certificate);
            }
        } catch (IOException e) {
            throw new CliException(
                    "cannot write to " + folder.root() + ": " + e.getMessage(), "Choose another folder with --dir.", e);
        }
        NetworkDescription only = new NetworkDescription(NetworkDescription.FORMAT, Preset.CONSORTIUM, 1, port, 0);
        return new NodePlace(folder, only, id == null ? "node-1" : id, host, false);
    }

    private int number() {
        return description.nodes();
    }

    /** Whether the network is one of this machine, so that its folder is a copy of what it agreed on. */
    public boolean isLocal() {
        return local;
    }

    /** Its seat, as it is to stand in the constitution. */
    public Founding.Seat seat() {
        PortPlan ports = description.ports();
        return new Founding.Seat(
                id,
                host,
                ports.raft(number()),
                ports.administrative(number()),
                ports.https(number()),
                host.equals("127.0.0.1") ? NetworkFounder.LOOPBACK_NAMES : List.of(host, "localhost", "127.0.0.1"),
                folder.node(number()),
                folder.keys(number()),
                folder.sealingKey(number()));
    }

    /**
     * Writes its configuration anew.
     *
     * @param nodes administrative addresses at which it asks to join
     * @param approved digest of the constitution that its operator agrees to
     */
    public void configure(List<URI> nodes, String approved) {
        Map<String, List<String>> lists =
                Map.of("join.network", nodes.stream().map(URI::toString).toList());
        try {
            Files.writeString(
                    configurationFile(),
                    NodeConfiguration.of(
                            folder,
                            description.preset(),
                            description.ports(),
                            number(),
                            new NodeConfiguration.Own(id, Map.of("join.constitution", approved), lists)));
        } catch (IOException e) {
            throw new CliException(
                    "cannot write " + configurationFile() + ": " + e.getMessage(), "See that the disk has room.", e);
        }
    }

    /** Starts it; from then on it counts among the nodes of a network on this machine. */
    public NodeProcess start(NodeJvm jvm) {
        if (local) {
            try {
                description.write(folder);
            } catch (IOException e) {
                throw new CliException(
                        "cannot write " + folder.description() + ": " + e.getMessage(),
                        "See that the disk has room.",
                        e);
            }
        }
        return NodeProcess.start(folder, number(), jvm);
    }

    /** Whether it says that it takes part. */
    public boolean isReady() {
        PortPlan ports = description.ports();
        boolean plain = description.preset() == Preset.DEVELOPMENT;
        URI url = URI.create(
                plain ? "http://127.0.0.1:" + ports.http(number()) : "https://localhost:" + ports.https(number()));
        try (NodeClient client = new NodeClient(url, plain ? null : tls(url), LIMITS)) {
            return client.get("/node/health").status() == 200;
        } catch (ClientException silent) {
            return false;
        }
    }

    private SSLContext tls(URI node) {
        return ServiceTrust.contextFor(new KnownService(folder.serviceCertificate()).newest(List.of(node)));
    }

    /** Its configuration. */
    public Path configurationFile() {
        return folder.configuration(number());
    }

    /** Its entry, signed by its owner. */
    public Path entryFile() {
        return folder.keys(number()).resolve("entry.json");
    }

    /** Its log. */
    public Path log() {
        return folder.log(number());
    }
}
