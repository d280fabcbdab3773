package coco.attestation.platforms;

import coco.attestation.AttestationLimits;
import coco.attestation.Evidence;
import coco.attestation.Verdict;
import coco.attestation.Verdict.Check;

/** Evidence in files that others wrote. */
public sealed interface EvidenceFile {
    /** The file holds evidence in a known form. Nothing is verified. */
    record Recognised(Evidence evidence) implements EvidenceFile {}

    /** The file holds nothing known, or is too large. */
    record Unknown(Verdict.Refused refusal) implements EvidenceFile {}

    /**
     * Recognises a file by content: our own encoding; a bare report of AMD; a quote of Intel, also followed by zeros;
     * an Azure report; the JSON of the Confidential Containers' attesters; and hexadecimal or Base64 text of any of
     * these.
     */
    static EvidenceFile recognise(byte[] file) {
        int max = AttestationLimits.DEFAULT.evidenceFileBytesMax();
        if (file.length > max) {
            return unknown(file.length + " bytes", "at most " + max + " bytes");
        }
        Evidence evidence = Recognition.read(file);
        return evidence == null
                ? unknown(file.length + " bytes of no known form", "evidence of a known platform")
                : new Recognised(evidence);
    }

    private static Unknown unknown(String seen, String allowed) {
        return new Unknown(new Verdict.Refused(Check.FORMAT, seen, allowed));
    }
}
