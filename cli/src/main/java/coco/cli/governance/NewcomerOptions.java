package coco.cli.governance;

import coco.cli.network.NetworkFolder;
import coco.cli.network.NodeJvm;
import coco.cli.network.PortPlan;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a node needs to come into a network. */
final class NewcomerOptions {
    @Mixin
    SubmitOptions submit = new SubmitOptions();

    @Option(names = "--id", paramLabel = "ID", description = "Its name, never used before (default: node-N).")
    @Nullable
    String id;

    @Option(
            names = "--owner",
            paramLabel = "ID",
            description = "The member or participant that runs it, whose key signs (default: ${DEFAULT-VALUE}).")
    String owner = NetworkFolder.DEVELOPER;

    @Option(
            names = "--genesis",
            paramLabel = "FILE",
            description = "The genesis document of the network (default: that of the network in --dir).")
    @Nullable
    Path genesis;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Where the other nodes reach it (default: ${DEFAULT-VALUE}).")
    String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "BASE",
            description = "First port (default: that of the network in --dir, or" + " 8545).")
    int port = PortPlan.DEFAULT_BASE;

    @Option(
            names = "--constitution",
            paramLabel = "FILE",
            description =
                    "A copy of the constitution, gotten by another way: nothing is fetched from a network that has"
                            + " another.")
    @Nullable
    Path constitution;

    @Option(names = "--approve", paramLabel = "DIGEST", description = "The digest of that constitution instead.")
    @Nullable
    String approve;

    @Option(
            names = "--dry-run",
            description =
                    "Makes the keys and asks what the network would say, check by check. Nothing is recorded there.")
    boolean dryRun;

    @Option(names = "--propose", description = "Also proposes to admit it, with the owner's key, and votes for that.")
    boolean propose;

    @Option(names = "--detach", description = "Does not wait until it takes part.")
    boolean detach;

    @Option(names = "--heap", paramLabel = "MIB", description = "The node's heap (default: ${DEFAULT-VALUE}).")
    int heapMebibytes = NodeJvm.DEFAULT_HEAP_MEBIBYTES;

    NetworkFolder folder() {
        return submit.service().folder();
    }
}
