/**
 * Reports of this machine by the kernel's own interface for trusted execution environments, configfs-tsm, which AMD's
 * and Intel's guests share.
 *
 * <p><b>Invariant.</b> A report is given out only if the kernel's count of writes shows that nobody else wrote to the
 * request.
 *
 * <p><b>What it does not do.</b> It does not look into reports; the platforms' packages do.
 */
@NullMarked
package coco.attestation.tsm;

import org.jspecify.annotations.NullMarked;
