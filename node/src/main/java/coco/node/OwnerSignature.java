package coco.node;

import coco.governance.NodeEntry;
import coco.governance.document.DocumentException;
import coco.node.join.OwnEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the entry that a node on hardware made at its start signed by its owner. */
@FunctionalInterface
interface OwnerSignature {
    /**
     * Waits for the signature.
     *
     * @param keysFolder which the owner reaches too
     * @return the same entry, with a signature; whether it holds is judged by the network
     */
    NodeEntry sign(NodeEntry unsigned, Path keysFolder) throws InterruptedException;

    /** By two files: the node writes what is to be signed and waits for what {@code coco node sign} puts beside it. */
    record ByFile() implements OwnerSignature {
        private static final Logger LOG = LoggerFactory.getLogger(OwnerSignature.class);
        private static final Duration LOOK = Duration.ofMillis(500);

        @Override
        public NodeEntry sign(NodeEntry unsigned, Path keysFolder) throws InterruptedException {
            Path asked = NodeKeys.unsignedEntry(keysFolder);
            Path answer = NodeKeys.entry(keysFolder);
            try {
                Files.deleteIfExists(asked);
                NodeFiles.write(asked, OwnEntry.write(unsigned));
            } catch (IOException failed) {
                throw new NodeException("cannot write " + asked, failed);
            }
            LOG.info("waiting for {} to sign this node's entry: coco node sign {}", unsigned.owner(), asked);
            while (true) {
                NodeEntry signed = Files.exists(answer) ? read(answer) : null;
                if (signed != null
                        && signed.ownerSignature() != null
                        && signed.withSignature(null).equals(unsigned)) {
                    return signed;
                }
                Thread.sleep(LOOK);
            }
        }

        /** The entry, or null while it is being written. */
        private static @Nullable NodeEntry read(Path file) {
            try {
                return OwnEntry.read(NodeFiles.read(file, NodeLimits.SMALL_FILE_BYTES_MAX, "node.keysDirectory"));
            } catch (DocumentException unfinished) {
                LOG.debug("{} cannot be read yet", file);
                return null;
            }
        }
    }
}
