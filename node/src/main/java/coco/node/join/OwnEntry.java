package coco.node.join;

import coco.governance.Action;
import coco.governance.NodeEntry;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import java.nio.charset.StandardCharsets;

/**
 * A node's entry as a document of its own: the very action that admits it, so that a member can put it into a proposal
 * as it is.
 */
public final class OwnEntry {
    private OwnEntry() {}

    /** Canonical JSON of the action {@code admit_node} with this entry. */
    public static byte[] write(NodeEntry entry) {
        return CanonicalJson.write(new Action.AdmitNode(entry).toJson(), "").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #write} wrote, in whatever layout.
     *
     * @throws DocumentException if it is something else
     */
    public static NodeEntry read(byte[] json) {
        Fields fields = new Fields(Documents.json(json, ""), "");
        Action action = Action.read(fields);
        fields.finish();
        if (action instanceof Action.AdmitNode(NodeEntry entry)) {
            return entry;
        }
        throw new DocumentException("name", "must be admit_node");
    }
}
