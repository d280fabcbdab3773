package coco.node;

import coco.governance.NodeEntry;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the nodes of the newest constitution listen that this node has applied, in a file of the data folder: at a
 * start that lacks parts of the journal there is no state to ask. A hint and no more: whoever answers has to show a
 * certificate of the service, and what he sends is verified.
 */
final class KnownNodes {
    private static final Logger LOG = LoggerFactory.getLogger(KnownNodes.class);

    /** As many nodes as a constitution may have, with long names. */
    private static final int BYTES_MAX = 1 << 20;

    private final Path file;
    private List<URI> last = List.of();

    KnownNodes(Path file) {
        this.file = file;
    }

    /** The administrative listener of a node. */
    static URI door(NodeEntry node) {
        String host = node.host().indexOf(':') >= 0 ? "[" + node.host() + "]" : node.host();
        return URI.create("https://" + host + ":" + node.administrativePort());
    }

    /** Keeps them in place of those before. A disk that fails is found out by others; this is a hint. */
    synchronized void remember(Collection<NodeEntry> nodes) {
        List<URI> doors = nodes.stream().map(KnownNodes::door).toList();
        if (doors.equals(last)) {
            return;
        }
        last = doors;
        StringBuilder text = new StringBuilder();
        doors.forEach(door -> text.append(door).append('\n'));
        try {
            NodeFiles.replace(file, text.toString().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException failed) {
            LOG.warn("{} is not written: a start that lacks parts of the journal may not find the other nodes", file);
        }
    }

    /** Those that were kept; lines that are no address are passed over. */
    synchronized List<URI> doors() {
        List<URI> doors = new ArrayList<>();
        try {
            if (Files.exists(file)) {
                byte[] bytes = NodeFiles.read(file, BYTES_MAX, "node.dataDirectory");
                for (String line :
                        new String(bytes, StandardCharsets.US_ASCII).lines().toList()) {
                    if (line.matches("https://[\\[\\]0-9A-Za-z.:-]{1,300}")) {
                        doors.add(URI.create(line));
                    }
                }
            }
        } catch (NodeException | IllegalArgumentException unreadable) {
            LOG.warn("{} cannot be read, and is passed over", file);
        }
        return doors;
    }
}
