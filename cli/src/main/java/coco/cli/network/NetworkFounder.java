package coco.cli.network;

import coco.attestation.Sealing;
import coco.attestation.simulated.SimulatedPlatform;
import coco.cli.console.CliException;
import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.governance.Genesis;
import coco.governance.GenesisLimits;
import coco.governance.Manifest;
import coco.governance.NodeEntry;
import coco.governance.NodeList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes a network in a folder of this machine. All keys are made here and then sealed for the nodes, which on hardware would
 * make them themselves: a simulated platform has no secrets from its host anyway. The service's private key is kept by
 * the nodes only, sealed.
 */
final class NetworkFounder {
    /** Certificates are judged by clocks that may differ. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);

    private static final Duration LIFETIME = Duration.ofDays(365);
    private static final List<String> LOOPBACK_NAMES = List.of("localhost", "127.0.0.1", "::1");
    private static final String HOST = "127.0.0.1";

    private final NetworkFolder folder;
    private final NetworkPlan plan;
    private final PortPlan ports;
    private final Instant now;
    private final SecureRandom random;
    private final KeyPair serviceKeys;
    private final X509Certificate serviceCertificate;

    NetworkFounder(NetworkFolder folder, NetworkPlan plan, InstantSource clock, SecureRandom random) {
        this.folder = folder;
        this.plan = plan;
        this.ports = new PortPlan(plan.basePort());
        this.now = clock.instant();
        this.random = random;
        this.serviceKeys = P256.generate(random);
        this.serviceCertificate =
                Certificates.selfSigned("Coco service", serviceKeys, now.minus(BACKDATED), now.plus(LIFETIME), random);
    }

    void found() {
        try {
            prepareFolder();
            Files.writeString(folder.serviceCertificate(), Certificates.toPem(serviceCertificate));
            List<NodeKeys> nodes = new ArrayList<>();
            for (int node = 1; node <= plan.nodes(); node++) {
                nodes.add(makeKeys(node));
            }
            Genesis genesis = genesis(nodes);
            Files.writeString(folder.genesis(), genesis.prettyJson());
            for (NodeKeys node : nodes) {
                writeNode(node);
            }
            new NetworkDescription(
                            NetworkDescription.FORMAT, plan.preset(), plan.nodes(), plan.basePort(), plan.chainId())
                    .write(folder);
            Files.delete(folder.unfinished());
        } catch (IOException e) {
            throw new CliException(
                    "the network could not be written: " + e.getMessage(),
                    "See that there is room and that you may write in " + folder.root()
                            + ", or choose another folder with --dir.",
                    e);
        }
    }

    private void prepareFolder() throws IOException {
        Files.createDirectories(folder.root());
        if (Files.exists(folder.unfinished())) {
            FolderCleaner.clean(folder);
        }
        try (Stream<Path> content = Files.list(folder.root())) {
            if (content.findAny().isPresent()) {
                throw new CliException(
                        folder.root() + " is not empty and holds no network",
                        "Choose another folder with --dir; a network gets a folder of its own.");
            }
        }
        Files.createFile(folder.unfinished());
    }

    private NodeKeys makeKeys(int node) {
        KeyPair identity = P256.generate(random);
        X509Certificate certificate = Certificates.issue(
                serviceCertificate,
                serviceKeys.getPrivate(),
                id(node),
                identity.getPublic(),
                LOOPBACK_NAMES,
                now.minus(BACKDATED),
                now.plus(LIFETIME),
                random);
        return new NodeKeys(node, identity, certificate, P256.generate(random));
    }

    private Genesis genesis(List<NodeKeys> nodes) {
        List<NodeEntry> entries = new ArrayList<>();
        for (NodeKeys keys : nodes) {
            int node = keys.node();
            entries.add(new NodeEntry(
                    id(node),
                    HOST,
                    ports.raft(node),
                    ports.administrative(node),
                    ports.https(node),
                    keys.certificate(),
                    keys.wrapping().getPublic()));
        }
        Map<String, String> ledgers = new TreeMap<>();
        ledgers.put("ethereum", EthereumGenesis.of(plan.preset(), plan.chainId(), now.getEpochSecond()));
        ledgers.put("kv", "{}");
        return new Genesis(
                "coco " + plan.preset().word(),
                plan.preset(),
                plan.members(),
                List.of(),
                new NodeList(entries),
                new Manifest(List.of(Manifest.SIMULATED), List.of()),
                GenesisLimits.defaults(),
                new TreeMap<>(ledgers));
    }

    private void writeNode(NodeKeys keys) throws IOException {
        int node = keys.node();
        Files.createDirectories(folder.keys(node));
        Files.writeString(folder.keys(node).resolve("node.pem"), Certificates.toPem(keys.certificate()));
        Sealing sealing = SimulatedPlatform.open(folder.sealingKey(node), folder.node(node), new byte[32], random)
                .sealing();
        writeSealed(sealing, node, "node", keys.identity());
        writeSealed(sealing, node, "wrapping", keys.wrapping());
        writeSealed(sealing, node, "service", serviceKeys);
        Files.writeString(folder.configuration(node), NodeConfiguration.of(folder, plan, node));
    }

    private void writeSealed(Sealing sealing, int node, String name, KeyPair keys) throws IOException {
        byte[] sealed = sealing.seal(name + " key", keys.getPrivate().getEncoded());
        Files.write(folder.keys(node).resolve(name + ".key.sealed"), sealed);
    }

    private static String id(int node) {
        return "node-" + node;
    }

    /** What a node is. */
    private record NodeKeys(int node, KeyPair identity, X509Certificate certificate, KeyPair wrapping) {}
}
