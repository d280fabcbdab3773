package coco.node.join;

import coco.crypto.Hex;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.node.admission.Check;
import coco.node.admission.Finding;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a node says to one that knocks.
 *
 * @param status how it stands
 * @param serviceId of the network, 32 bytes
 * @param generation of the service's identity
 * @param height of the newest block
 * @param hash of its header, 32 bytes: freshness for the newcomer's next evidence
 * @param constitution digest of the one in force, 32 bytes
 * @param time of the node that answers
 * @param findings every check, in order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record JoinAnswer(
        Status status,
        byte[] serviceId,
        int generation,
        long height,
        byte[] hash,
        byte[] constitution,
        Instant time,
        List<Finding> findings) {
    /** How a newcomer stands. */
    public enum Status {
        /** Something speaks against it: {@link #refusals}. */
        REFUSED,
        /** Nothing speaks against it; members have to admit it. */
        PENDING,
        /** It is on the list. */
        ADMITTED;

        /** The word in answers. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public JoinAnswer {
        findings = List.copyOf(findings);
    }

    /** The checks that failed. */
    public List<Finding> refusals() {
        return findings.stream().filter(finding -> !finding.passed()).toList();
    }

    /** The first check that failed, if one did. */
    public Optional<Finding> refusal() {
        return refusals().stream().findFirst();
    }

    /** The check of this name, if it failed. */
    public Optional<Finding> refusal(Check check) {
        return refusals().stream()
                .filter(finding -> finding.check().equals(check.label()))
                .findFirst();
    }

    /** The body of the answer. */
    public byte[] encode() {
        ObjectNode json = Documents.object()
                .put("status", status.word())
                .put("serviceId", Hex.encode(serviceId))
                .put("generation", generation)
                .put("height", height)
                .put("hash", Hex.encode(hash))
                .put("constitution", Hex.encode(constitution))
                .put("time", time.toString());
        ArrayNode list = json.putArray("findings");
        for (Finding finding : findings) {
            list.addObject()
                    .put("check", finding.check())
                    .put("passed", finding.passed())
                    .put("seen", finding.seen())
                    .put("allowed", finding.allowed());
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws DocumentException if it is something else
     */
    public static JoinAnswer decode(byte[] body) {
        Fields fields = new Fields(Documents.json(body, ""), "");
        JoinAnswer answer = new JoinAnswer(
                fields.word("status", List.of(Status.values()), Status::word),
                fields.hex("serviceId", 32, 32),
                fields.integer("generation"),
                fields.longInteger("height"),
                fields.hex("hash", 32, 32),
                fields.hex("constitution", 32, 32),
                time(fields.text("time")),
                fields.list(
                        "findings",
                        each -> new Finding(
                                each.text("check"), each.bool("passed"), each.text("seen"), each.text("allowed"))));
        fields.finish();
        return answer;
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw new DocumentException("time", "must be an instant by ISO 8601");
        }
    }
}
