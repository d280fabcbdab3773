package coco.attestation;

/**
 * The limits of this module.
 *
 * @param evidenceBytesMax a TDX quote with its certificate chain is about 5 KiB and an Azure report with its TPM quote
 *     about 8; the rest is room for collateral sent along
 * @param sealedBytesMax what is sealed are keys and lists of epoch secrets, 32 bytes each; this holds 30,000 of them
 * @param labelBytesMax labels are written by us, and short; the limit keeps the associated data from growing with input
 */
public record AttestationLimits(int evidenceBytesMax, int sealedBytesMax, int labelBytesMax) {
    /** The limits every node uses. */
    public static final AttestationLimits DEFAULT = new AttestationLimits(64 * 1024, 1024 * 1024, 256);
}
