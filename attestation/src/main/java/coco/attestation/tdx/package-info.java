/**
 * Evidence of Intel TDX: a quote about a trust domain (TD), the virtual machine a node runs in.
 *
 * <p>Claims: measurement = MRTD (48 bytes: the first contents, that is the firmware); no signer, because nobody signs a
 * domain; security version = major version of the TDX module × 256 + its security version. What runs
 * above the firmware is in the registers, so a manifest that names MRTD alone names no code of ours. Details: {@code
 * mr_seam}, {@code mr_signer_seam}, {@code seam_attributes}, {@code td_attributes}, {@code xfam}, {@code
 * mr_config_id}, {@code mr_owner}, {@code mr_owner_config}, {@code rtmr0} to {@code rtmr3}, {@code tee_tcb_svn}, and
 * from TDX 1.5 on {@code tee_tcb_svn2} and {@code mr_service_td}; besides those of {@link coco.attestation.intel}.
 *
 * <p>{@link coco.attestation.tdx.EventLog} tells what the registers are made of, and proves it by computing them again.
 *
 * <p><b>Invariant.</b> A domain under debug, or above a module that is not Intel's, is refused whatever a policy says.
 * Whether it may be migrated ({@code td_attributes} bit 29) is for the policy.
 */
@NullMarked
package coco.attestation.tdx;

import org.jspecify.annotations.NullMarked;
