package coco.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the journal needs to know out of a block's clear public write set. The bytes are a kv write set, which
 * this module does not know: the composition root passes the reader in.
 */
@FunctionalInterface
public interface PublicWritesReader {
    /**
     * What one block says in public.
     *
     * @param height of the block
     * @param publicWrites the clear public write set, as sealed
     * @throws MalformedException if the bytes are no write set, or a certificate in them does not parse
     */
    PublicFacts read(long height, byte[] publicWrites) throws MalformedException;

    /**
     * The facts of one public write set.
     *
     * @param genesisDocument the genesis document, if this block (height 0) carries it; the service id is then
     *     recomputed
     * @param sealers node certificates admitted and removed, in order
     * @param bringsEpoch whether the block brings the secrets of a new epoch, whose id is its height
     * @param identity the generation of the service identity that the block brings, if any
     */
    record PublicFacts(
            byte @Nullable [] genesisDocument,
            List<SealerChange> sealers,
            boolean bringsEpoch,
            @Nullable ServiceIdentity identity) {
        /** Nothing of interest. */
        public static final PublicFacts NONE = new PublicFacts(null, List.of());

        /** What brings neither an epoch nor a generation. */
        public PublicFacts(byte @Nullable [] genesisDocument, List<SealerChange> sealers) {
            this(genesisDocument, sealers, false, null);
        }

        /** Copies the list. */
        public PublicFacts(
                byte @Nullable [] genesisDocument,
                List<SealerChange> sealers,
                boolean bringsEpoch,
                @Nullable ServiceIdentity identity) {
            // Not a compact constructor: that loses the annotations of its parameters in class files.
            this.genesisDocument = genesisDocument;
            this.sealers = List.copyOf(sealers);
            this.bringsEpoch = bringsEpoch;
            this.identity = identity;
        }

        /** Whether the block begins a generation that the one before does not endorse: it is a recovery's. */
        public boolean recovers() {
            return identity != null && identity.isByMembers();
        }
    }
}
