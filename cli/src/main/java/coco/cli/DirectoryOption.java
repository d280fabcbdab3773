package coco.cli;

import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --dir}, the same for every command. */
final class DirectoryOption {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Folder of the network (default: ${DEFAULT-VALUE} in the current folder).")
    private Path directory = Path.of(NetworkFolder.DEFAULT);

    NetworkFolder folder() {
        return new NetworkFolder(directory);
    }

    LocalNetwork network() {
        return LocalNetwork.open(folder());
    }
}
