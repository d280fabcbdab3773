package coco.core;

import coco.journal.EvidenceKey;
import java.security.PrivateKey;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of one generation of the service identity.
 *
 * @param number of the generation, 0 for the first
 * @param evidence its evidence key
 * @param serviceKey the service's P-256 key; null once a newer generation is in force, as it is of no more use
 */
public record Generation(
        int number, EvidenceKey evidence, @Nullable PrivateKey serviceKey) {}
