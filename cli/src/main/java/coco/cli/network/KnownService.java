package coco.cli.network;

import coco.cli.console.CliException;
import coco.client.ClientException;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.client.NodeClient.Page;
import coco.client.ServiceTrust;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.governance.document.DocumentException;
import coco.node.join.ServiceIdentities;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest certificate of a service that is known by one of its certificates in a file. Each endorses the next, so
 * any node may tell which follow; who tells less is behind, and if two contradict each other neither is believed. The
 * newest that was ever seen is kept beside the file, so that a node which was removed since cannot pass for the service
 * with an older one. What nobody can know who asks only such nodes is that others would tell more: {@code coco service
 * identity --expect} compares with what a member says.
 */
public final class KnownService {
    private static final ClientLimits LIMITS = new ClientLimits(Duration.ofSeconds(2), Duration.ofSeconds(5), 4 << 20);

    private final Path file;

    /** A service known by the certificate in this file. */
    public KnownService(Path file) {
        this.file = file;
    }

    /**
     * The certificate in the file.
     *
     * @throws CliException it cannot be read
     */
    public X509Certificate certificate() {
        return read(file);
    }

    private static X509Certificate read(Path file) {
        try {
            return Certificates.fromPem(Files.readString(file));
        } catch (IOException | CryptoException e) {
            throw new CliException(
                    "the service certificate cannot be read from " + file + ": " + e.getMessage(),
                    "Name the service.pem of the network with --service-cert, or its folder with --dir.",
                    e);
        }
    }

    /**
     * The newest certificate that any of these nodes can prove, or that was seen before.
     *
     * @throws CliException the file cannot be read, or the nodes contradict each other
     */
    public X509Certificate newest(List<URI> nodes) {
        Path kept = file.resolveSibling(file.getFileName() + ".newest");
        X509Certificate known = read(Files.exists(kept) ? kept : file);
        List<List<X509Certificate>> told = new ArrayList<>(List.of(List.of(known)));
        for (URI node : nodes) {
            told.add(told(node, known));
        }
        List<X509Certificate> chain = switch (ServiceIdentities.agree(told)) {
            case ServiceIdentities.Agreement.Agreed agreed -> agreed.chain();
            case ServiceIdentities.Agreement.Diverging diverging ->
                throw new CliException(
                        diverging.words(),
                        "Ask a member which fingerprint is the service's, and leave out the nodes that tell"
                                + " another.");
        };
        X509Certificate newest = chain.getLast();
        if (chain.size() > 1) {
            keep(kept, newest);
        }
        return newest;
    }

    private static List<X509Certificate> told(URI node, X509Certificate known) {
        try (NodeClient client = new NodeClient(node, ServiceTrust.anybody(leaf -> {}), LIMITS)) {
            Page page = client.get("/node/service");
            ServiceIdentities.Told told =
                    ServiceIdentities.parse(page.body().toString().getBytes(StandardCharsets.UTF_8));
            return ServiceIdentities.endorsed(told.serviceId(), known, told);
        } catch (ClientException | DocumentException silent) {
            return List.of();
        }
    }

    private static void keep(Path kept, X509Certificate newest) {
        Path next = kept.resolveSibling(kept.getFileName() + ".next");
        try {
            Files.writeString(next, Certificates.toPem(newest), StandardCharsets.US_ASCII);
            Files.move(next, kept, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CliException(
                    "the service's newest certificate cannot be kept in " + kept + ": " + e.getMessage(),
                    "See that the folder may be written to.",
                    e);
        }
    }
}
