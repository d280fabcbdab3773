package coco.governance.api;

import coco.crypto.Certificates;
import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.NodeEntry;
import coco.governance.document.Documents;
import coco.governance.ledger.History;
import coco.governance.ledger.JoinRequest;
import coco.governance.ledger.Proposals.Proposal;
import java.util.Base64;
import java.util.HexFormat;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is shown of constitution and proposals. */
final class Views {
    private static final HexFormat HEX = HexFormat.of();

    private Views() {}

    static ObjectNode constitution(Constitution constitution) {
        return (ObjectNode) Documents.json(constitution.bytes(), "");
    }

    /** What a message that is signed now has to name. */
    static ObjectNode binding(byte[] serviceId, Constitution constitution, long height) {
        return Documents.object()
                .put("service", HEX.formatHex(serviceId))
                .put("generation", constitution.generation())
                .put("height", height)
                .put("constitution", HEX.formatHex(constitution.digest()))
                .put("electorate", HEX.formatHex(constitution.electorateDigest()));
    }

    static ObjectNode proposal(Proposal proposal, Constitution constitution, long height) {
        ObjectNode json = Documents.object()
                .put("id", proposal.id())
                .put("proposer", proposal.proposer())
                .put("summary", proposal.summary())
                .put("state", proposal.stateAt(height + 1).word())
                .put("reason", proposal.reason())
                .put("constitution", proposal.constitution())
                .put("openedAt", proposal.openedAt())
                .put("expiresAt", proposal.expiresAt())
                .put("decidedAt", proposal.decidedAt())
                .put("effectiveAt", proposal.effectiveAt());
        ArrayNode actions = json.putArray("actions");
        proposal.actions().forEach(action -> actions.add(action.toJson()));
        ArrayNode ballots = json.putArray("ballots");
        proposal.ballots()
                .forEach((member, ballot) -> ballots.addObject()
                        .put("member", member)
                        .put("choice", Words.of(ballot.choice()))
                        .put("height", ballot.height())
                        .put("message", ballot.message()));
        ArrayNode waiting = json.putArray("waitingFor");
        proposal.waitingFor(constitution).forEach(waiting::add);
        return json;
    }

    static ArrayNode members(Constitution constitution) {
        ArrayNode list = (ArrayNode) constitution(constitution).required("members");
        for (int i = 0; i < list.size(); i++) {
            String fingerprint = HEX.formatHex(
                    Certificates.fingerprint(constitution.members().get(i).certificate()));
            ((ObjectNode) list.get(i)).put("fingerprint", fingerprint);
        }
        return list;
    }

    static ArrayNode participants(Constitution constitution) {
        ArrayNode list = (ArrayNode) constitution(constitution).required("participants");
        for (int i = 0; i < list.size(); i++) {
            String fingerprint = HEX.formatHex(
                    Certificates.fingerprint(constitution.participants().get(i).certificate()));
            ((ObjectNode) list.get(i)).put("fingerprint", fingerprint);
        }
        return list;
    }

    static ObjectNode entry(History.Entry entry) {
        ObjectNode json = Documents.object()
                .put("height", entry.height())
                .put("ordinal", entry.ordinal())
                .put("signed", entry.isSigned())
                .put("content", Base64.getEncoder().encodeToString(entry.content()));
        json.set("outcome", entry.outcome());
        return json;
    }

    /** With the action that would admit it, ready to be proposed. */
    static ObjectNode join(JoinRequest request) {
        NodeEntry node = request.node();
        ObjectNode json = Documents.object()
                .put("id", node.id())
                .put("owner", node.owner())
                .put("host", node.host())
                .put("fingerprint", HEX.formatHex(Certificates.fingerprint(node.certificate())))
                .put("platform", request.platform())
                .put("measurement", request.measurement())
                .put("version", request.version())
                .put("evidenceVerified", request.evidenceVerified());
        json.set("admission", new Action.AdmitNode(node).toJson());
        return json;
    }

    static ArrayNode nodes(Constitution constitution) {
        return (ArrayNode) constitution(constitution).required("nodes");
    }
}
