package coco.journal;

/**
 * What a block is sealed under: both are in force from the block after the one that brought them.
 *
 * @param epoch the epoch's secrets
 * @param generation of the service identity
 * @param evidence the generation's evidence key
 */
public record SealingKeys(EpochSecrets epoch, int generation, EvidenceKey evidence) {}
