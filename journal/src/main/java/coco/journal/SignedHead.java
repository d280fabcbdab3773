package coco.journal;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * A committed block's header, with all that shows who sealed it and that it committed: the block itself is not needed.
 *
 * @param header of the block
 * @param signature of the sealer over the header hash, 64 bytes
 * @param nonce commit evidence, 32 bytes
 * @param sealer certificate of the sealer
 * @param endorsement the service's word for the sealer; null if the service sealed the block itself
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SignedHead(
        BlockHeader header,
        byte[] signature,
        byte[] nonce,
        X509Certificate sealer,
        @Nullable SealerEndorsement endorsement) {
    public SignedHead(
            BlockHeader header,
            byte[] signature,
            byte[] nonce,
            X509Certificate sealer,
            @Nullable SealerEndorsement endorsement) {
        // Not a compact constructor: that loses the annotations of its parameters in class files.
        Bytes.requireLength(signature, SealedBlock.SIGNATURE_LENGTH, "signature");
        Bytes.requireLength(nonce, Digests.LENGTH, "nonce");
        this.header = header;
        this.signature = signature;
        this.nonce = nonce;
        this.sealer = sealer;
        this.endorsement = endorsement;
    }

    /** The head of a journal's entry; null if this directory does not know the sealer. */
    public static @Nullable SignedHead of(JournalEntry entry, SealerDirectory.Tracked sealers) {
        BlockHeader header = entry.block().header();
        SealerDirectory.Sealer sealer = sealers.sealer(header.sealer(), header.height());
        return sealer == null
                ? null
                : new SignedHead(
                        header,
                        entry.block().signature(),
                        entry.evidenceNonce(),
                        sealer.certificate(),
                        sealer.endorsement());
    }
}
