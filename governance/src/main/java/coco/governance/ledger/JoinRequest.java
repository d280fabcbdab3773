package coco.governance.ledger;

import coco.governance.NodeEntry;
import coco.kv.Reader;
import java.util.List;

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
    /** Pending requests, in order of node ids. */
    public static List<JoinRequest> all(Reader state) {
        throw new UnsupportedOperationException();
    }
}
