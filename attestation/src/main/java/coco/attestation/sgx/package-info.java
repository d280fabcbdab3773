/**
 * Evidence of Intel SGX: a quote about an enclave, in which Gramine runs a node.
 *
 * <p>Claims: measurement = MRENCLAVE (32 bytes, over every page the enclave began with: Gramine, its manifest and by
 * that all trusted files), signer = MRSIGNER, security version = ISVSVN. Details: {@code isv_prod_id}, {@code
 * isv_ext_prod_id}, {@code isv_family_id}, {@code config_id}, {@code config_svn}, {@code attributes}, {@code
 * misc_select}; besides those of {@link coco.attestation.intel}, where {@code cpu_svn} is that of the certificate.
 *
 * <p><b>Invariant.</b> An enclave under debug is refused whatever a policy says.
 */
@NullMarked
package coco.attestation.sgx;

import org.jspecify.annotations.NullMarked;
