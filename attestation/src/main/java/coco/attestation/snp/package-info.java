/**
 * AMD SEV-SNP: reports of a guest, signed by the processor.
 *
 * <p><b>Why.</b> A report names the guest's launch measurement and 64 bytes of the guest's choice. It is signed by a
 * key of the chip at its patch level (VCEK), or of the cloud provider (VLEK), which AMD certifies. Formats:
 * docs/specs/attestation.md.
 *
 * <p><b>Checks, in order.</b> Format (version, algorithm, privilege level, reserved bits that nothing signs);
 * certificate chain up to the product's root; that root; validity periods; revocation; the product named by root,
 * certificate and, from version 3 on, the report; the report's signature; the chip's identifier; the patch level
 * reported against the certified one; no debug and no migration agent in the guest's policy.
 *
 * <p><b>Decisions.</b>
 * <ul>
 *   <li>Roots and intermediates are built in; the key's certificate comes from collateral or along with the report.
 *   <li>AMD publishes no judgement of patch levels, so the status is {@link coco.attestation.TcbStatus#NOT_APPLICABLE}
 *       and the numbers are among the details; a manifest sets the least it accepts.
 *   <li>Without AMD's list of revoked certificates the check is recorded as not made, and does not change the verdict;
 *       with one that has expired the verdict is incomplete.
 * </ul>
 *
 * <p><b>Details among the claims</b>: version, guest_svn, policy, vmpl, family_id, image_id, host_data, id_key_digest,
 * author_key_digest, report_id, report_id_ma, chip_id, platform_info, signing_key, current_firmware, current_tcb,
 * reported_tcb, committed_tcb, launch_tcb; from version 3 cpuid_family, cpuid_model, cpuid_stepping; from version 5
 * launch_mit_vector, current_mit_vector; with a certificate product and reported_tcb_fmc, _bootloader, _tee, _snp,
 * _microcode.
 */
@NullMarked
package coco.attestation.snp;

import org.jspecify.annotations.NullMarked;
