/**
 * Azure confidential VMs: evidence of AMD SEV-SNP or Intel TDX below a virtual TPM.
 *
 * <p><b>Why.</b> On Azure a paravisor of Microsoft's runs inside the protected VM, beside the guest and above it. The
 * processor's report measures the paravisor; what the guest booted is in the registers (PCRs) of a TPM that the
 * paravisor plays. So evidence has three layers: the processor's report, whose report data is the digest of the runtime
 * data; the runtime data, which holds the TPM's attestation key and 64 bytes the guest wrote; the TPM's quote over the
 * PCRs, signed by that key. Formats: docs/specs/attestation.md.
 *
 * <p><b>Checks.</b> Format of all layers; all checks of the processor's own platform; report data against the runtime
 * data; on SEV-SNP, that the report was asked for at privilege level 0, since from level 1 on a guest could put any
 * report data into one; the quote's signature; the PCRs against the quote's digest.
 *
 * <p><b>Decisions.</b>
 * <ul>
 *   <li>A report without a quote is verified, and says so: it binds the guest's 64 bytes, but no PCRs. A manifest for
 *       Azure has to ask for PCRs, which such evidence lacks.
 *   <li>A TDREPORT without a quote of Intel's is incomplete.
 *   <li>{@link coco.attestation.Claims#reportData()} is the guest's 64 bytes where the quote's extra data is their
 *       SHA-256, or there is no quote; else the extra data, followed by zeros.
 * </ul>
 *
 * <p><b>Details among the claims</b>: hardware (the inner platform), user_data, quote_extra_data, pcr_digest, pcr_00
 * and so on, and then those of the inner platform.
 */
@NullMarked
package coco.attestation.azure;

import org.jspecify.annotations.NullMarked;
