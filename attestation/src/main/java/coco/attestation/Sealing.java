package coco.attestation;

import org.jspecify.annotations.Nullable;

/**
 * Encrypts secrets so that only this platform, on this machine, reads them again. May be called from any thread.
 *
 * <p>Gives secrecy and integrity, not freshness: an older blob under the same label opens as well as the newest.
 */
public interface Sealing {
    /**
     * Encrypts a secret.
     *
     * @param label what it is; a blob opens only under its own label. Not secret
     * @return a blob for any disk
     * @throws IllegalArgumentException if label or plaintext is longer than {@link AttestationLimits} allows
     */
    byte[] seal(String label, byte[] plaintext);

    /** Returns the secret, or null if these bytes were not sealed here under this label. */
    byte @Nullable [] unseal(String label, byte[] sealed);
}
