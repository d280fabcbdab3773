package coco.governance.ledger;

import coco.crypto.Sha256;
import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.GovernanceLimits;
import coco.governance.GovernanceMaps;
import coco.governance.NodeEntry;
import coco.governance.RaftNodes;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.kv.Cursor;
import coco.kv.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
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
        all.sort(Comparator.comparing(request -> request.node().id()));
        return all;
    }

    /**
     * Pending requests in order of their {@link #place}.
     *
     * @param place after which they begin, in bytes; none for the first
     * @param limit most of them
     */
    public static List<JoinRequest> after(Reader state, byte[] place, int limit) {
        List<JoinRequest> some = new ArrayList<>();
        Cursor cursor = state.scan(GovernanceMaps.JOINS, place, null);
        while (some.size() < limit && cursor.next()) {
            if (!Arrays.equals(cursor.key(), place)) {
                some.add(recorded(cursor.value()));
            }
        }
        return some;
    }

    /** Where it is in the list: lower-case hexadecimal of 32 bytes. */
    public String place() {
        return HexFormat.of().formatHex(key(node));
    }

    /** The pending request of the node with that entry's key, or null. */
    public static @Nullable JoinRequest find(Reader state, NodeEntry node) {
        byte[] record = state.get(GovernanceMaps.JOINS, key(node));
        return record == null ? null : recorded(record);
    }

    /** SHA-256 of the node's public key: names and words can be made up without end, keys have to be proven. */
    static byte[] key(NodeEntry node) {
        return Sha256.hash(node.certificate().getPublicKey().getEncoded());
    }

    /** Who has to answer for it; empty in a network without owners. */
    String owner() {
        return Objects.requireNonNullElse(node.owner(), "");
    }

    /** Whether only what the node says of its own version differs. */
    boolean asksTheSame(JoinRequest other) {
        return node.equals(other.node)
                && platform.equals(other.platform)
                && measurement.equals(other.measurement)
                && evidenceVerified == other.evidenceVerified;
    }

    /**
     * What stands before a record, to be read without reading the rest.
     *
     * @param atSeconds service time of its block
     */
    record Stamp(long atSeconds, String owner) {}

    static Stamp stamp(byte[] record) {
        ByteBuffer in = ByteBuffer.wrap(record);
        long atSeconds = in.getLong();
        byte[] owner = new byte[Byte.toUnsignedInt(in.get())];
        in.get(owner);
        return new Stamp(atSeconds, new String(owner, StandardCharsets.UTF_8));
    }

    static JoinRequest recorded(byte[] record) {
        int from = Long.BYTES + 1 + Byte.toUnsignedInt(record[Long.BYTES]);
        byte[] json = Arrays.copyOfRange(record, from, record.length);
        Fields fields = new Fields(Documents.json(json, ""), "");
        fields.longInteger("height");
        return read(fields);
    }

    /**
     * Reads what {@link #encode} gave.
     *
     * @throws DocumentException if it is not that
     */
    static JoinRequest parse(byte[] bytes) {
        if (bytes.length > GovernanceLimits.JOIN_BYTES) {
            throw new DocumentException("", "at most " + GovernanceLimits.JOIN_BYTES + " bytes");
        }
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

    /** The record of a pending request: time ‖ length of the owner's id ‖ owner ‖ request. */
    byte[] record(long height, long atSeconds) {
        byte[] owner = owner().getBytes(StandardCharsets.UTF_8);
        byte[] json = bytes(json().put("height", height));
        return ByteBuffer.allocate(Long.BYTES + 1 + owner.length + json.length)
                .putLong(atSeconds)
                .put((byte) owner.length)
                .put(owner)
                .put(json)
                .array();
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
