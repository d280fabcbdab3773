/**
 * A platform without hardware: a secret in a file plays the machine's key. It lets a whole network run, be tested and
 * be tried out anywhere, through the same interfaces and the same code as a real one.
 *
 * <p><b>It protects nothing.</b> Whoever reads the file can unseal every secret and make any evidence, and so can any
 * process of the same user. Hence the platform says what it is wherever it can be seen: {@link
 * coco.attestation.Platform#SIMULATED} in every claim, the label in evidence and certificates, and {@link
 * coco.attestation.simulated.SimulatedPlatform#BANNER} at start. A network is simulated wholly or not at all; that rule
 * is governance's.
 *
 * <p><b>What is kept all the same</b>, so that carelessness does not cost more than it must: the file lies outside the
 * node's data folder (a copied folder or disk image of the node opens nothing), only its owner may read it, and it is
 * refused when others can.
 *
 * <p><b>Derived keys.</b> From the file's 32 bytes come the sealing key and the key that signs evidence, by HKDF under
 * different labels. Sealing is not tied to the measurement, because an upgrade would then lose every secret; hardware
 * platforms seal to the signer for the same reason.
 */
@NullMarked
package coco.attestation.simulated;

import org.jspecify.annotations.NullMarked;
