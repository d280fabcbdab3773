/**
 * What Intel's quotes of SGX and TDX have in common: the format (Data Center Attestation Primitives, DCAP), the way
 * from a quote to Intel's root, and Intel's statements about patch levels. The packages tdx and sgx add what a trust
 * domain or an enclave must look like.
 *
 * <p><b>The chain of trust.</b> An enclave or trust domain asks the CPU for a report; Intel's <em>quoting enclave</em>
 * (QE) on the same machine checks it and signs it with an <em>attestation key</em> of its own: the quote. The QE's own
 * report holds the digest of that key and is signed by the machine's <em>PCK</em>, whose certificate Intel's Platform
 * or Processor CA issued, below Intel's root. So the steps of a judgement are: quote ← attestation key ← QE ← PCK ← CA
 * ← root, and no signature along it may be left out. Then: is that QE the genuine one (<em>enclave identity</em>), is
 * the machine patched (<em>TCB info</em> for its FMSPC, a kind of processor), are certificates revoked (lists of root
 * and CA)? All statements are signed under the same root and hold for about a month.
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>Every byte is bounded before it is used and any bytes give a verdict, never an exception
 *       ({@link coco.attestation.intel.MalformedException} stays within the three packages).
 *   <li>The root is a constructor's argument. Material is found in the bag by what it is and who signed it: what does
 *       not lead to that root, or is about another machine, is as good as not there.
 *   <li>A statement that lacks makes the verdict incomplete and says what to fetch; one that is over, forged or against
 *       the machine makes it refused.
 *   <li>Signatures over JSON are over the bytes as they stand in the file, never over JSON written again.
 *   <li>A state such as OutOfDate is a claim, for a policy to judge; Revoked, and no stated level at all, are refused.
 * </ul>
 *
 * <p>Claims' details, all from here: {@code quote_version}, {@code qe_isv_svn}, {@code fmspc}, {@code pce_id}, {@code
 * pce_svn}, {@code cpu_svn}, {@code tcb_date}, {@code tcb_evaluation_data_number}, {@code
 * qe_tcb_evaluation_data_number}, {@code root_ca_crl_number}, {@code pck_crl_number}. The PPID, which names one machine
 * for ever, is not among them.
 */
@NullMarked
package coco.attestation.intel;

import org.jspecify.annotations.NullMarked;
