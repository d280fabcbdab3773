package coco.cli.network;

import java.nio.file.Path;

/** Where everything of a network lies. */
public record NetworkFolder(Path root) {
    /** The folder used where none is named, below the current one. */
    public static final String DEFAULT = ".coco";

    /** The member that a development network is made with. */
    public static final String DEVELOPER = "developer";

    /** Always absolute, so that a node's command line says which folder it belongs to. */
    public NetworkFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** How the network was made. */
    public Path description() {
        return root.resolve("network.json");
    }

    /** The service's certificate: what clients verify nodes with. */
    public Path serviceCertificate() {
        return root.resolve("service.pem");
    }

    /** The genesis document, the same for every node. */
    public Path genesis() {
        return root.resolve("genesis.json");
    }

    /** Keys and certificates of the members that were made with the network, for trying things out. */
    public Path members() {
        return root.resolve("members");
    }

    /** Stands while a network is being made: what lies beside it may be thrown away. */
    Path unfinished() {
        return root.resolve("network.unfinished");
    }

    Path sealingFolder() {
        return root.resolve("sealing");
    }

    /** Sealing keys of the simulated TEE: outside every node's data, as a CPU's sealing key is outside its disks. */
    public Path sealingKey(int node) {
        return sealingFolder().resolve("node-" + node + ".key");
    }

    /** Everything of one node. */
    public Path node(int node) {
        return root.resolve("node-" + node);
    }

    /** Certificate and sealed keys of one node. */
    public Path keys(int node) {
        return node(node).resolve("keys");
    }

    /** The node's configuration file. */
    public Path configuration(int node) {
        return node(node).resolve("node.yaml");
    }

    /** The node's log, which the node bounds, and what its JVM writes to standard output and error. */
    public Path log(int node) {
        return node(node).resolve("node.log");
    }

    /** Number and start time of the node's process. */
    public Path processFile(int node) {
        return node(node).resolve("node.pid");
    }
}
