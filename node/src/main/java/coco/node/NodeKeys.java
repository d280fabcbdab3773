package coco.node;

import coco.attestation.Sealing;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/**
 * What the keys folder holds: this node's certificate in clear, its private keys sealed to the platform.
 *
 * @param certificate of {@code signing}
 * @param signing TLS and block-signing key
 * @param wrapping key to which epoch secrets are encrypted for this node
 */
record NodeKeys(X509Certificate certificate, PrivateKey signing, PrivateKey wrapping) {
    private static final String CERTIFICATE_FILE = "node.pem";
    private static final String SETTING = "node.keysDirectory";
    private static final String ENTRY_FILE = "entry.json";
    private static final String HANDOVER_FILE = "handover.encrypted";
    private static final String APPROVED_FILE = "constitution.approved";
    private static final String RECOVERY_FILE = "recovery.json";
    private static final String SERVICE_KEY_FILE = "service.key.sealed";
    private static final String NEWEST_SERVICE_FILE = "service.newest.pem";
    private static final String VOTERS_FILE = "voters.sealed";

    /** One sealed key: its file and the label it is sealed under. */
    private enum Kind {
        SIGNING("node.key.sealed"),
        WRAPPING("wrapping.key.sealed");

        private final String file;

        Kind(String file) {
            this.file = file;
        }

        /** The node's id is in the label: keys of two nodes of one machine are not interchangeable. */
        String label(String nodeId) {
            return "coco " + file + " of " + nodeId;
        }
    }

    /** Where this node keeps which peers it knows to vote. */
    static Path voters(Path folder) {
        return folder.resolve(VOTERS_FILE);
    }

    /** A newcomer's own entry, as its owner signed it. */
    static Path entry(Path folder) {
        return folder.resolve(ENTRY_FILE);
    }

    /** What a node on hardware asks its owner to sign. */
    static Path unsignedEntry(Path folder) {
        return folder.resolve("entry.unsigned.json");
    }

    /** The secrets that a newcomer was given, encrypted to its wrapping key. */
    static Path handover(Path folder) {
        return folder.resolve(HANDOVER_FILE);
    }

    /** Stands once the network's constitution was found to be the approved one. */
    static Path approved(Path folder) {
        return folder.resolve(APPROVED_FILE);
    }

    /** What a recovery with this node is proposed to be. */
    static Path recovery(Path folder) {
        return folder.resolve(RECOVERY_FILE);
    }

    /** The key of the generation that begins with it, sealed, until the recovery is done. */
    static Path serviceKey(Path folder) {
        return folder.resolve(SERVICE_KEY_FILE);
    }

    /** The newest of the service's identities that a newcomer has seen. */
    static Path newestService(Path folder) {
        return folder.resolve(NEWEST_SERVICE_FILE);
    }

    static NodeKeys load(Path folder, String nodeId, Sealing sealing) {
        try {
            String pem = new String(
                    NodeFiles.read(folder.resolve(CERTIFICATE_FILE), NodeLimits.SMALL_FILE_BYTES_MAX, SETTING),
                    StandardCharsets.US_ASCII);
            return new NodeKeys(
                    Certificates.fromPem(pem),
                    unseal(folder, Kind.SIGNING, nodeId, sealing),
                    unseal(folder, Kind.WRAPPING, nodeId, sealing));
        } catch (CryptoException malformed) {
            throw new NodeException(
                    SETTING + ": " + folder + " holds a certificate or key that is malformed", malformed);
        }
    }

    private static PrivateKey unseal(Path folder, Kind kind, String nodeId, Sealing sealing) {
        Path file = folder.resolve(kind.file);
        byte[] pem = sealing.unseal(kind.label(nodeId), NodeFiles.read(file, NodeLimits.SMALL_FILE_BYTES_MAX, SETTING));
        if (pem == null) {
            throw new NodeException(SETTING + ": " + file
                    + " does not open on this platform; was node.sealingKeyFile replaced, or the file copied from"
                    + " another node?");
        }
        try {
            return Certificates.privateKeyFromPem(new String(pem, StandardCharsets.US_ASCII));
        } finally {
            Arrays.fill(pem, (byte) 0);
        }
    }

    /** Writes a new keys folder. */
    void store(Path folder, String nodeId, Sealing sealing) throws IOException {
        Files.createDirectories(folder);
        NodeFiles.write(
                folder.resolve(CERTIFICATE_FILE),
                Certificates.toPem(certificate).getBytes(StandardCharsets.US_ASCII));
        seal(folder, Kind.SIGNING, nodeId, sealing, signing);
        seal(folder, Kind.WRAPPING, nodeId, sealing, wrapping);
    }

    private static void seal(Path folder, Kind kind, String nodeId, Sealing sealing, PrivateKey key)
            throws IOException {
        byte[] pem = Certificates.toPem(key).getBytes(StandardCharsets.US_ASCII);
        NodeFiles.writePrivate(folder.resolve(kind.file), sealing.seal(kind.label(nodeId), pem));
        Arrays.fill(pem, (byte) 0);
    }
}
