package coco.governance.ledger;

import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.GovernanceMaps;
import coco.governance.NodeEntry;
import coco.governance.RaftNodes;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.kv.Cursor;
import coco.kv.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A node that asked to join and is not admitted yet, as the node that it knocked at found it.
 *
 * @param node its entry, signed by its owner
 * @param platform of its evidence
 * @param measurement of its evidence, lower-case hexadecimal
 * @param version of its software, as it says
 * @param evidenceVerified whether its evidence holds, apart from what the manifests say
 */
public record JoinRequest(
        NodeEntry node, String platform, String measurement, String version, boolean evidenceVerified) {
    private static final int WORD_CHARACTERS = 256;

    /** Pending requests, in order of node ids. */
    public static List<JoinRequest> all(Reader state) {
        List<JoinRequest> all = new ArrayList<>();
        Cursor cursor = state.scanPrefix(GovernanceMaps.JOINS, new byte[0]);
        while (cursor.next()) {
            all.add(recorded(cursor.value()));
        }
        return all;
    }

    /** The pending request of the node of that id, or null. */
    public static @Nullable JoinRequest find(Reader state, String node) {
        byte[] record = state.get(GovernanceMaps.JOINS, key(node));
        return record == null ? null : recorded(record);
    }

    static byte[] key(String node) {
        return node.getBytes(StandardCharsets.UTF_8);
    }

    /** Height at which a record was made. */
    static long heightOf(byte[] record) {
        return new Fields(Documents.json(record, ""), "").longInteger("height");
    }

    private static JoinRequest recorded(byte[] record) {
        Fields fields = new Fields(Documents.json(record, ""), "");
        fields.longInteger("height");
        return read(fields);
    }

    /**
     * Reads what {@link #encode} gave.
     *
     * @throws DocumentException if it is not that
     */
    static JoinRequest parse(byte[] bytes) {
        JoinRequest request = read(new Fields(Documents.json(bytes, ""), ""));
        if (!Arrays.equals(request.encode(), bytes)) {
            throw new DocumentException("", "not in canonical form");
        }
        return request;
    }

    private static JoinRequest read(Fields fields) {
        Fields node = fields.object("node");
        JoinRequest request = new JoinRequest(
                NodeEntry.read(node),
                word(fields, "platform"),
                word(fields, "measurement"),
                word(fields, "version"),
                fields.bool("evidenceVerified"));
        node.finish();
        fields.finish();
        return request;
    }

    private static String word(Fields fields, String name) {
        String text = fields.text(name);
        if (text.length() > WORD_CHARACTERS) {
            throw new DocumentException(fields.at(name), "at most " + WORD_CHARACTERS + " characters");
        }
        return text;
    }

    /** Canonical JSON. */
    byte[] encode() {
        return bytes(json());
    }

    /** The record of a pending request. */
    byte[] record(long height) {
        return bytes(json().put("height", height));
    }

    private ObjectNode json() {
        ObjectNode json = Documents.object()
                .put("platform", platform)
                .put("measurement", measurement)
                .put("version", version)
                .put("evidenceVerified", evidenceVerified);
        json.set("node", node.toJson());
        return json;
    }

    private static byte[] bytes(ObjectNode json) {
        return CanonicalJson.write(json, "").getBytes(StandardCharsets.UTF_8);
    }

    /** Why no vote could grant it as it stands; null if one could. */
    @Nullable
    String problem(Constitution constitution, long height, long timestampSeconds) {
        // Who is in consensus does not matter to who asks to be.
        Constitution.Situation situation =
                new Constitution.Situation(height, timestampSeconds, RaftNodes.listed(List.of()));
        return constitution.apply(List.of(new Action.AdmitNode(node)), situation)
                        instanceof Constitution.Application.Failed(String reason)
                ? reason
                : null;
    }
}
