package coco.cli.recovery;

import coco.cli.console.CliException;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NodePlace;
import coco.cli.network.PortPlan;
import coco.node.NodeException;
import coco.node.Recovering;
import coco.node.config.Configuration;
import coco.node.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the node lies with which the service goes on. The same for each step. */
final class PlaceOptions {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Folder of a network on this machine, beside whose nodes it comes; else a folder of its own"
                    + " (default: ${DEFAULT-VALUE} in the current folder).")
    private Path directory = Path.of(NetworkFolder.DEFAULT);

    @Option(names = "--id", paramLabel = "ID", description = "Its name, never used before (default: node-N).")
    private @Nullable String id;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Where other nodes will reach it (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "BASE",
            description = "First port, in a folder of its own (default: ${DEFAULT-VALUE}).")
    private int port = PortPlan.DEFAULT_BASE;

    @Option(names = "--genesis", paramLabel = "FILE", description = "The genesis document, in a folder of its own.")
    private @Nullable Path genesis;

    NetworkFolder folder() {
        return new NetworkFolder(directory);
    }

    /** @param service the service's first certificate, PEM */
    NodePlace place(byte[] service) {
        NetworkFolder folder = folder();
        if (Files.exists(folder.description())) {
            return NodePlace.beside(LocalNetwork.open(folder), id, host);
        }
        Path document = Files.exists(folder.genesis()) ? folder.genesis() : genesis;
        if (document == null) {
            throw CliException.usage(
                    "which network? There is none in " + folder.root(), "Name its genesis document with --genesis.");
        }
        return NodePlace.alone(folder, id, host, port, document, service);
    }

    static Recovering open(NodePlace place) {
        try {
            Configuration configuration = Configuration.parse(Files.readString(place.configurationFile()), true);
            return new Recovering(configuration, InstantSource.system(), new SecureRandom());
        } catch (IOException | NodeException | ConfigurationException failed) {
            throw new CliException(
                    "the node cannot be used: " + failed.getMessage(), "Prepare it with: coco recover propose", failed);
        }
    }
}
