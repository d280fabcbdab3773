package coco.ledgers.ethereum.pool;

import coco.ledgers.api.Faults;
import ethereum.ckzg4844.CKZG4844JNI;
import ethereum.ckzg4844.CKZGException;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * KZG proofs of blobs, by c-kzg-4844. Library and trusted setup are loaded by the first proof: a network without blobs
 * never loads them. Safe for any number of threads.
 *
 * <p>The setup is that of Ethereum's KZG ceremony of 2023, as consensus-specs and the npm package {@code c-kzg} 4.1.0
 * have it ({@code deps/c-kzg/trusted_setup.txt}, SHA-256 {@value #SETUP_SHA256}).
 */
final class BlobProofs {
    /** Of the resource. */
    static final String SETUP_SHA256 = "d39b9f2d047cc9dca2de58f264b6a09448ccd34db967881a6713eacacf0f26b7";

    static final String SETUP = "kzg-trusted-setup.txt";

    private static final Logger LOG = LoggerFactory.getLogger(BlobProofs.class);

    private BlobProofs() {}

    /** Loaded with the class. */
    private static final class Library {
        static {
            CKZG4844JNI.loadNativeLibrary();
            CKZG4844JNI.loadTrustedSetupFromResource(SETUP, BlobProofs.class, 0);
        }

        static void load() {}
    }

    /**
     * Why blobs are refused for their proofs, in geth's words; null if they are right. A library that this machine
     * cannot load is no reason to stop the node: it refuses blobs, and takes all else.
     */
    static @Nullable String fault(BooleanSupplier proofs) {
        try {
            return proofs.getAsBoolean() ? null : "invalid blob: invalid proofs";
        } catch (LinkageError e) {
            LOG.error("blob proofs cannot be checked: {}", Faults.withoutText(e));
            return "blob proofs cannot be checked on this node";
        }
    }

    /** Whether each blob's proof is right (EIP-4844). */
    static boolean verify(List<byte[]> blobs, List<byte[]> commitments, List<byte[]> proofs) {
        Library.load();
        try {
            return CKZG4844JNI.verifyBlobKzgProofBatch(
                    joined(blobs), joined(commitments), joined(proofs), blobs.size());
        } catch (CKZGException malformed) {
            return false;
        }
    }

    /** Whether the proofs of all cells of each blob are right (EIP-7594). */
    static boolean verifyCells(List<byte[]> blobs, List<byte[]> commitments, List<byte[]> proofs) {
        Library.load();
        int cells = CKZG4844JNI.CELLS_PER_EXT_BLOB;
        ByteArrayOutputStream repeated = new ByteArrayOutputStream();
        ByteArrayOutputStream extended = new ByteArrayOutputStream();
        long[] indices = new long[blobs.size() * cells];
        try {
            for (int blob = 0; blob < blobs.size(); blob++) {
                extended.writeBytes(CKZG4844JNI.computeCells(blobs.get(blob)));
                for (int cell = 0; cell < cells; cell++) {
                    indices[blob * cells + cell] = cell;
                    repeated.writeBytes(commitments.get(blob));
                }
            }
            return CKZG4844JNI.verifyCellKzgProofBatch(
                    repeated.toByteArray(), indices, extended.toByteArray(), joined(proofs));
        } catch (CKZGException malformed) {
            return false;
        }
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
