package coco.governance.ledger;

import coco.crypto.Certificates;
import coco.crypto.Sha256;
import coco.governance.Constitution;
import coco.governance.GovernanceLimits;
import coco.governance.NodeEntry;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What members decide when a majority of nodes is lost: on which journal the service goes on, with which node, and
 * under which key. It is the whole of what a ballot means (docs/specs/recovery.md).
 *
 * @param service service id, lower-case hexadecimal
 * @param generation that begins: the one after that of the journal's last block
 * @param height of the journal's last block
 * @param head header hash of that block, lower-case hexadecimal
 * @param firstWithoutEvidence the first of the last blocks that were found in a Raft log alone and are taken as
 *     committed; -1 if the journal holds all
 * @param node the only node with which the service goes on
 * @param serviceCertificate of the generation's key, self-signed
 * @param evidence of that node, encoded, over its keys and {@code head}
 * @param rollback heads that somebody presented and that this journal does not hold: blocks that are given up
 */
public record RecoveryProposal(
        String service,
        int generation,
        long height,
        String head,
        long firstWithoutEvidence,
        NodeEntry node,
        X509Certificate serviceCertificate,
        byte[] evidence,
        List<KeptHead> rollback) {
    /** By how much the validity of a new generation's certificate begins before the recovery is proposed. */
    public static final Duration CERTIFICATE_EARLIER = Duration.ofHours(1);

    private static final byte[] LABEL = "coco recovery v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_BYTES = 32;

    /** Copies. */
    public RecoveryProposal {
        evidence = evidence.clone();
        rollback = List.copyOf(rollback);
    }

    /**
     * A block that somebody saw committed.
     *
     * @param height of the block
     * @param hash of its header, lower-case hexadecimal
     */
    public record KeptHead(long height, String hash) {
        /** Reads {@link #toJson}'s object. */
        public static KeptHead read(Fields fields) {
            long height = fields.longInteger("height");
            if (height < 0) {
                throw new DocumentException(fields.at("height"), "no height");
            }
            return new KeptHead(height, hex(fields, "hash"));
        }

        /** The object that stands in documents. */
        public ObjectNode toJson() {
            return Documents.object().put("height", height).put("hash", hash);
        }
    }

    /**
     * How many ballots decide a recovery: as many as there are shares needed, and never less than a majority of the
     * members. 0 if this constitution allows none.
     */
    public static int ballotsNeeded(Constitution constitution) {
        return constitution.recoveryThreshold() == 0
                ? 0
                : Math.max(
                        constitution.recoveryThreshold(), constitution.members().size() / 2 + 1);
    }

    /**
     * Reads {@link #bytes}.
     *
     * @throws DocumentException if it is something else, or not in canonical form
     */
    public static RecoveryProposal parse(byte[] json) {
        Fields fields = new Fields(Documents.json(json, ""), "");
        if (fields.integer("format") != 1) {
            throw new DocumentException("format", "this software reads format 1");
        }
        Fields node = fields.object("node");
        RecoveryProposal proposal = new RecoveryProposal(
                hex(fields, "service"),
                fields.integer("generation"),
                fields.longInteger("height"),
                hex(fields, "head"),
                fields.longInteger("firstWithoutEvidence"),
                NodeEntry.read(node),
                fields.certificate("serviceCertificate"),
                fields.hex("evidence", 1, GovernanceLimits.EVIDENCE_BYTES),
                fields.list("rollback", KeptHead::read));
        node.finish();
        fields.finish();
        if (!Arrays.equals(proposal.bytes(), json)) {
            throw new DocumentException("", "not in canonical form");
        }
        return proposal;
    }

    private static String hex(Fields fields, String name) {
        return HexFormat.of().formatHex(fields.hex(name, HASH_BYTES, HASH_BYTES));
    }

    /** Canonical JSON. */
    public byte[] bytes() {
        ObjectNode json = Documents.object()
                .put("format", 1)
                .put("service", service)
                .put("generation", generation)
                .put("height", height)
                .put("head", head)
                .put("firstWithoutEvidence", firstWithoutEvidence)
                .put("serviceCertificate", Certificates.toPem(serviceCertificate))
                .put("evidence", HexFormat.of().formatHex(evidence));
        json.set("node", node.toJson());
        ArrayNode given = json.putArray("rollback");
        rollback.forEach(each -> given.add(each.toJson()));
        return CanonicalJson.write(json, "").getBytes(StandardCharsets.UTF_8);
    }

    /** What ballots name: SHA-256 over a label and {@link #bytes}, lower-case hexadecimal. */
    public String digest() {
        return HexFormat.of().formatHex(Sha256.hash(LABEL, bytes()));
    }
}
