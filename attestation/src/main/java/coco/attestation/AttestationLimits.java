package coco.attestation;

/**
 * The limits of this module.
 *
 * @param evidenceBytesMax a TDX quote with its certificate chain is about 5 KiB and an Azure report with its TPM quote
 *     about 8; the rest is room for collateral sent along
 * @param evidenceFileBytesMax evidence in a file may be JSON with a number for each byte, some five characters long
 * @param sealedBytesMax what is sealed are keys and lists of epoch secrets, 32 bytes each; this holds 30,000 of them
 * @param labelBytesMax labels are written by us, and short; the limit keeps the associated data from growing with input
 * @param wordsCharactersMax what a check saw, or would have allowed; 64 bytes in hexadecimal fit
 * @param collateralFilesMax files looked at in a folder; the folders of whole sample collections stay below 200
 * @param collateralFileBytesMax the largest list of revoked certificates Intel publishes is about 100 KiB
 * @param collateralDepthMax folders within folders
 * @param collateralItemsMax certificates, lists and documents together; a machine needs about ten, a fleet of 100
 *     machines with a certificate for each some 200
 */
public record AttestationLimits(
        int evidenceBytesMax,
        int evidenceFileBytesMax,
        int sealedBytesMax,
        int labelBytesMax,
        int wordsCharactersMax,
        int collateralFilesMax,
        int collateralFileBytesMax,
        int collateralDepthMax,
        int collateralItemsMax) {
    /** The limits every node uses. */
    public static final AttestationLimits DEFAULT =
            new AttestationLimits(64 * 1024, 512 * 1024, 1024 * 1024, 256, 300, 4096, 1024 * 1024, 16, 4096);
}
