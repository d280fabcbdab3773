package coco.governance.api;

import coco.kv.Reader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the service writes of its own keys, which is not the ledger's: read where it is known how. */
public interface ServiceRecords {
    /** Generations of the service's identity, oldest first. */
    List<Identity> identities(Reader state);

    /** Height at which the secret was born that blocks are encrypted under now. */
    long epoch(Reader state);

    /**
     * One generation of the service's identity.
     *
     * @param certificate PEM
     * @param endorsement signature by the identity before it, lower-case hexadecimal; null for the first
     * @param height of the block that starts it
     */
    record Identity(
            int generation, String certificate, @Nullable String endorsement, long height) {}
}
