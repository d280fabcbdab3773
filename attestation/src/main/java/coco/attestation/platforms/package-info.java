/**
 * All platforms together: the verifier of each ({@link coco.attestation.platforms.EvidenceVerifiers}), and evidence in
 * the forms it has in files elsewhere ({@link coco.attestation.platforms.EvidenceFile}).
 *
 * <p>This package stands above those of the platforms, which know nothing of each other; where evidence holds evidence,
 * as on Azure, the inner verifier is handed in from here.
 *
 * <p><b>Invariant.</b> Recognising a file proves nothing: it only chooses who judges it.
 */
@NullMarked
package coco.attestation.platforms;

import org.jspecify.annotations.NullMarked;
