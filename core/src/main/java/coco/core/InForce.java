package coco.core;

import coco.crypto.Hmac;
import coco.journal.EpochSecrets;
import coco.journal.SealingKeys;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What holds for the next block: who belongs to the network, by which rules, and under what the block is sealed. An
 * immutable value that goes with a state, as a chain head does: the pipeline keeps one for each block in flight, and
 * what a dropped block brought is dropped with it.
 *
 * @param roster who and by which rules
 * @param listed whether this node is on the roster, and so may seal
 * @param limits what this node keeps to when it builds
 * @param epoch the epoch's secrets
 * @param epochSinceSeconds service time of the block that brought them
 * @param generation of the service identity
 * @param serviceCertificate of that generation
 * @param unapplied the epochs that blocks in flight brought, which are in no keyring yet
 */
record InForce(
        Roster roster,
        boolean listed,
        CoreLimits limits,
        EpochSecrets epoch,
        long epochSinceSeconds,
        Generation generation,
        X509Certificate serviceCertificate,
        List<EpochSecrets> unapplied) {
    InForce {
        unapplied = List.copyOf(unapplied);
    }

    SealingKeys sealingKeys() {
        return new SealingKeys(
                epoch,
                generation.number(),
                Invariant.present(generation.evidence(), "who seals has the evidence key of the generation in force"));
    }

    /**
     * Randomness of the block that follows this parent: a function of a secret and the chain, so that a host cannot
     * draw again by making a leader lose a block.
     */
    byte[] randomness(byte[] parentHash, long height) {
        return Hmac.sha256(
                epoch.prevRandaoKey(),
                parentHash,
                ByteBuffer.allocate(Long.BYTES).putLong(height).array());
    }
}
