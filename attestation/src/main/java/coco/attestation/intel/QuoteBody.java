package coco.attestation.intel;

/** What a quote is about: an enclave or a trust domain. */
public sealed interface QuoteBody permits EnclaveReport, TdReport {
    /** Returns the 64 bytes the attester was given; a copy. */
    byte[] reportData();
}
