package coco.attestation.intel;

import coco.crypto.Hex;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Intel's statement of what the genuine quoting enclave looks like (PCS API v4, "Enclave Identity V2").
 *
 * @param id QE for SGX, TD_QE for TDX
 * @param miscSelect 4 bytes, in the order of the report; with its mask
 * @param attributes 16 bytes, in the order of the report; with its mask
 * @param mrSigner 32 bytes
 * @param levels newest first
 */
record EnclaveIdentity(
        String id,
        Instant issueDate,
        Instant nextUpdate,
        int evaluationNumber,
        byte[] miscSelect,
        byte[] miscSelectMask,
        byte[] attributes,
        byte[] attributesMask,
        byte[] mrSigner,
        int isvProdId,
        List<IsvLevel> levels)
        implements Statement {
    private static final int VERSION = 2;

    static EnclaveIdentity parse(byte[] json) throws MalformedException {
        JsonNode root = Statements.parse(json);
        if (Statements.number(root, "version") != VERSION) {
            throw new MalformedException("an enclave identity of a version other than 2");
        }
        return new EnclaveIdentity(
                Statements.text(root, "id"),
                Statements.time(root, "issueDate"),
                Statements.time(root, "nextUpdate"),
                Statements.number(root, "tcbEvaluationDataNumber"),
                Statements.hex(root, "miscselect", 4),
                Statements.hex(root, "miscselectMask", 4),
                Statements.hex(root, "attributes", 16),
                Statements.hex(root, "attributesMask", 16),
                Statements.hex(root, "mrsigner", 32),
                Statements.number(root, "isvprodid"),
                IsvLevel.list(root));
    }

    /** Returns the first value of the report that is not the genuine enclave's, or null. */
    @Nullable
    Mismatch mismatch(EnclaveReport report) {
        if (!Arrays.equals(report.mrSigner(), mrSigner)) {
            return new Mismatch("MRSIGNER " + Hex.encode(report.mrSigner()), Hex.encode(mrSigner));
        }
        if (report.isvProdId() != isvProdId) {
            return new Mismatch("ISVPRODID " + report.isvProdId(), Integer.toString(isvProdId));
        }
        if (!matches(report.miscSelect(), miscSelectMask, miscSelect)) {
            return new Mismatch("MISCSELECT " + Hex.encode(report.miscSelect()), Hex.encode(miscSelect));
        }
        if (!matches(report.attributes(), attributesMask, attributes)) {
            return new Mismatch("ATTRIBUTES " + Hex.encode(report.attributes()), Hex.encode(attributes));
        }
        return null;
    }

    static boolean matches(byte[] value, byte[] mask, byte[] expected) {
        for (int i = 0; i < value.length; i++) {
            if ((value[i] & mask[i]) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** A value that is not the stated one. */
    record Mismatch(String seen, String allowed) {}
}
