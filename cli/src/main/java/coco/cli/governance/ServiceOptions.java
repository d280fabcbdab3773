package coco.cli.governance;

import coco.cli.console.CliException;
import coco.cli.network.KnownService;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.client.ClientException;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.client.ServiceTrust;
import coco.governance.cose.Signer;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which service, and as whom: the same for every command that governs. */
final class ServiceOptions {
    /** A vote waits for a majority's disks; longer than that something is wrong. */
    private static final ClientLimits LIMITS =
            new ClientLimits(Duration.ofSeconds(5), Duration.ofSeconds(30), 64 << 20);

    @Option(
            names = "--network",
            paramLabel = "URL",
            description = "Administrative address of a node, https://HOST:PORT. May be given several times: the first"
                    + " that answers is used. Without it, the network in --dir.")
    private List<URI> nodes = List.of();

    @Option(
            names = "--service-cert",
            paramLabel = "FILE",
            description = "The service's certificate, the only authority that is believed.")
    private @Nullable Path serviceCertificate;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Folder of a network on this machine (default: ${DEFAULT-VALUE} in the current folder).")
    private Path directory = Path.of(NetworkFolder.DEFAULT);

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Mixin
    private SignerOptions signer = new SignerOptions();

    boolean json() {
        return json;
    }

    Signer signer() {
        return signer.open(new NetworkFolder(directory));
    }

    /** A connection to the first node that answers, which is one of this service, or there is none. */
    ServiceConnection connect() {
        X509Certificate service = serviceCertificate();
        Signer shown = signer.openIfAny(new NetworkFolder(directory));
        SSLContext tls = shown == null ? ServiceTrust.contextFor(service) : ServiceTrust.contextFor(service, shown);
        List<String> tried = new ArrayList<>();
        for (URI node : addresses()) {
            NodeClient client = new NodeClient(node, tls, LIMITS);
            try {
                client.get("/node/health");
                return new ServiceConnection(node, client);
            } catch (ClientException unreachable) {
                tried.add(String.valueOf(unreachable.getMessage()));
                client.close();
            }
        }
        throw new CliException(
                "no node of the service answers: " + String.join("; ", tried),
                "See whether it runs, and that --service-cert is of this service.");
    }

    NetworkFolder folder() {
        return new NetworkFolder(directory);
    }

    List<URI> addresses() {
        if (!nodes.isEmpty()) {
            return nodes;
        }
        LocalNetwork network = LocalNetwork.open(new NetworkFolder(directory));
        List<URI> addresses = new ArrayList<>();
        for (int node = 1; node <= network.description().nodes(); node++) {
            addresses.add(network.administrativeUrl(node));
        }
        return addresses;
    }

    X509Certificate serviceCertificate() {
        Path file = serviceCertificate;
        if (file == null) {
            if (!nodes.isEmpty()) {
                throw CliException.usage(
                        "--network needs --service-cert",
                        "Without it nobody could tell the service from whoever answers at that address.");
            }
            file = new NetworkFolder(directory).serviceCertificate();
        }
        return new KnownService(file).newest(addresses());
    }
}
