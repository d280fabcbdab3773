package coco.node;

import coco.attestation.Attester;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.Sealing;

/**
 * What this node runs on: how it proves that to others, keeps its secrets, and judges what others prove.
 *
 * @param sealing on hardware under a key of this process: what it seals is lost with it, as the node's keys are
 * @param refresh reads the collateral again, and tells whether it did; does nothing where there is none
 */
record NodePlatform(Platform kind, Attester attester, Sealing sealing, EvidenceVerifier verifier, Runnable refresh) {}
