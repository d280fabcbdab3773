package coco.attestation;

/** Makes evidence about the process it runs in. May be called from any thread. */
public interface Attester {
    /** Returns the platform this process runs on. */
    Platform platform();

    /** Returns the digest of the running code, as it will stand in the evidence; a copy. */
    byte[] measurement();

    /**
     * Makes evidence. May take tens of milliseconds on hardware.
     *
     * @param reportData64 64 bytes, see {@link ReportData}
     * @throws IllegalArgumentException for another length
     * @throws AttestationException if the platform refuses
     */
    Evidence attest(byte[] reportData64);
}
