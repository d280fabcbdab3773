package coco.ledgers.ethereum.pool;

import coco.crypto.Sha256;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import coco.evm.types.MalformedException;
import coco.evm.types.Transaction;
import ethereum.ckzg4844.CKZG4844JNI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blobs that come with a transaction, as clients send both: {@code 03 ‖ [transaction, (version,) blobs,
 * commitments, proofs]} (EIP-4844, EIP-7594). They are checked and then dropped: nobody here keeps them, and no block
 * needs them.
 *
 * @param transaction its encoding without the blobs
 * @param version 0: a proof for each blob; 1: a proof for each of its 128 cells
 */
@SuppressWarnings("ArrayRecordComponent") // Read, never compared.
record BlobSidecar(byte[] transaction, int version, List<byte[]> blobs, List<byte[]> commitments, List<byte[]> proofs) {
    private static final int HASH_VERSION = 1;

    BlobSidecar {
        blobs = List.copyOf(blobs);
        commitments = List.copyOf(commitments);
        proofs = List.copyOf(proofs);
    }

    /** Whether these bytes are a transaction with its blobs: after the type comes a list that begins with a list. */
    static boolean isAt(byte[] raw) {
        if (raw.length < 2 || raw[0] != Transaction.Type.BLOB.code()) {
            return false;
        }
        try {
            RlpReader in = new RlpReader(raw, 1, raw.length - 1);
            in.enterList();
            return in.hasNext() && in.isList();
        } catch (RlpException e) {
            return false;
        }
    }

    /**
     * Takes both apart.
     *
     * @throws MalformedException if the bytes are not laid out like that
     */
    static BlobSidecar decode(byte[] raw) throws MalformedException {
        try {
            RlpReader in = new RlpReader(raw, 1, raw.length - 1);
            in.enterList();
            byte[] body = in.encodedItem();
            byte[] transaction =
                    new RlpWriter(body.length + 1).raw(raw[0]).raw(body).toBytes();
            int version = in.isList() ? 0 : Math.clamp(in.unsigned64(), -1, 255);
            BlobSidecar sidecar = new BlobSidecar(
                    transaction,
                    version,
                    strings(in, CKZG4844JNI.BYTES_PER_BLOB),
                    strings(in, CKZG4844JNI.BYTES_PER_COMMITMENT),
                    strings(in, CKZG4844JNI.BYTES_PER_PROOF));
            in.leaveList();
            in.finish();
            return sidecar;
        } catch (RlpException e) {
            throw new MalformedException(String.valueOf(e.getMessage()));
        }
    }

    private static List<byte[]> strings(RlpReader in, int length) throws RlpException {
        List<byte[]> strings = new ArrayList<>();
        in.enterList();
        while (in.hasNext()) {
            strings.add(in.string(length));
        }
        in.leaveList();
        return strings;
    }

    /**
     * What is wrong with the blobs of a transaction that names these hashes, their proofs apart, in geth's words; null
     * if nothing is.
     *
     * @param wanted the version that the next block's fork asks for
     */
    @Nullable
    String fault(List<byte[]> hashes, int wanted) {
        if (version != wanted) {
            return "unexpected sidecar version, want: " + wanted + ", got: " + version;
        }
        if (blobs.size() != hashes.size()) {
            return "invalid number of " + blobs.size() + " blobs compared to " + hashes.size() + " blob hashes";
        }
        if (commitments.size() != hashes.size()) {
            return "invalid number of " + commitments.size() + " blob commitments compared to " + hashes.size()
                    + " blob hashes";
        }
        int cells = version == 0 ? 1 : CKZG4844JNI.CELLS_PER_EXT_BLOB;
        if (proofs.size() != hashes.size() * cells) {
            return "invalid number of " + proofs.size() + " blob proofs, expected " + hashes.size() * cells;
        }
        for (int i = 0; i < hashes.size(); i++) {
            byte[] computed = Sha256.hash(commitments.get(i));
            computed[0] = HASH_VERSION;
            if (!Arrays.equals(computed, hashes.get(i))) {
                return "blob " + i + ": computed hash " + hex(computed) + " mismatches transaction one "
                        + hex(hashes.get(i));
            }
        }
        return null;
    }

    /**
     * What is wrong with the proofs of blobs that have no {@link #fault}; null if nothing is. Takes a processor some
     * ten milliseconds for each blob.
     */
    @Nullable
    String proofFault() {
        return BlobProofs.fault(() -> version == 0
                ? BlobProofs.verify(blobs, commitments, proofs)
                : BlobProofs.verifyCells(blobs, commitments, proofs));
    }

    private static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
