package coco.governance;

import coco.governance.Action.AddCode;
import coco.governance.Action.AddMember;
import coco.governance.Action.AddParticipant;
import coco.governance.Action.AddPlatform;
import coco.governance.Action.AdmitNode;
import coco.governance.Action.Compensate;
import coco.governance.Action.GrantAuditor;
import coco.governance.Action.NewEpoch;
import coco.governance.Action.OpenService;
import coco.governance.Action.RemoveContractAccess;
import coco.governance.Action.RemoveMember;
import coco.governance.Action.RemoveNode;
import coco.governance.Action.RemoveOidcIssuer;
import coco.governance.Action.RemoveParticipant;
import coco.governance.Action.RenewMember;
import coco.governance.Action.RenewParticipant;
import coco.governance.Action.ReplaceNode;
import coco.governance.Action.RetireCode;
import coco.governance.Action.RetirePlatform;
import coco.governance.Action.RevokeAuditor;
import coco.governance.Action.SetContractAccess;
import coco.governance.Action.SetEnrolmentQuota;
import coco.governance.Action.SetEpochPolicy;
import coco.governance.Action.SetLimits;
import coco.governance.Action.SetNotice;
import coco.governance.Action.SetOidcIssuer;
import coco.governance.Action.SetPlatform;
import coco.governance.Action.SetRecoveryThreshold;
import coco.governance.Action.SetRules;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import java.util.HexFormat;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Between actions and the JSON of their arguments. */
final class ActionDocument {
    private static final int CHANGE_BYTES_MAX = 256 * 1024;

    private ActionDocument() {}

    static Action addMember(Fields f) {
        return new AddMember(Entries.member(f));
    }

    static Action removeMember(Fields f) {
        return new RemoveMember(f.text("id"));
    }

    static Action renewMember(Fields f) {
        return new RenewMember(
                f.text("id"),
                f.ifPresent("certificate", f::certificate),
                f.ifPresent("governanceUsage", f::text),
                f.ifPresent("recoveryKey", name -> f.publicKey(name, "EC", "RSA")),
                f.ifPresent("roles", name -> Set.copyOf(Entries.roles(f, name))));
    }

    static Action addParticipant(Fields f) {
        return new AddParticipant(Entries.participant(f));
    }

    static Action removeParticipant(Fields f) {
        return new RemoveParticipant(f.text("id"));
    }

    static Action renewParticipant(Fields f) {
        return new RenewParticipant(f.text("id"), f.certificate("certificate"));
    }

    static Action admitNode(Fields f) {
        return new AdmitNode(node(f));
    }

    static Action removeNode(Fields f) {
        return new RemoveNode(f.text("id"));
    }

    static Action replaceNode(Fields f) {
        return new ReplaceNode(f.text("id"), node(f));
    }

    private static NodeEntry node(Fields f) {
        Fields fields = f.object("node");
        NodeEntry node = Entries.node(fields);
        fields.finish();
        return node;
    }

    static Action addPlatform(Fields f) {
        return new AddPlatform(Entries.platform(f));
    }

    static Action retirePlatform(Fields f) {
        return new RetirePlatform(f.text("platform"));
    }

    static Action setPlatform(Fields f) {
        return new SetPlatform(Entries.platform(f));
    }

    static Action addCode(Fields f) {
        return new AddCode(f.text("platform"), f.text("measurement"), f.text("label"));
    }

    static Action retireCode(Fields f) {
        return new RetireCode(f.text("platform"), f.text("measurement"), f.longInteger("graceBlocks"));
    }

    static Action setRules(Fields f) {
        return new SetRules(Entries.rules(f, "rules"));
    }

    static Action setLimits(Fields f) {
        return new SetLimits(Entries.limits(f));
    }

    static Action setEpochPolicy(Fields f) {
        return new SetEpochPolicy(Entries.epoch(f));
    }

    static Action newEpoch(Fields f) {
        return new NewEpoch();
    }

    static Action openService(Fields f) {
        return new OpenService();
    }

    static Action setRecoveryThreshold(Fields f) {
        return new SetRecoveryThreshold(f.integer("threshold"));
    }

    static Action setOidcIssuer(Fields f) {
        return new SetOidcIssuer(Entries.oidcIssuer(f));
    }

    static Action removeOidcIssuer(Fields f) {
        return new RemoveOidcIssuer(f.text("issuer"));
    }

    static Action setEnrolmentQuota(Fields f) {
        return new SetEnrolmentQuota(Entries.quota(f));
    }

    static Action setContractAccess(Fields f) {
        return new SetContractAccess(Entries.contractAccess(f));
    }

    static Action removeContractAccess(Fields f) {
        return new RemoveContractAccess(f.text("ledger"), f.text("contract"));
    }

    static Action grantAuditor(Fields f) {
        return new GrantAuditor(Entries.auditor(f));
    }

    static Action revokeAuditor(Fields f) {
        return new RevokeAuditor(f.text("id"));
    }

    static Action compensate(Fields f) {
        return new Compensate(
                f.text("ledger"), HexFormat.of().formatHex(f.hex("change", 1, CHANGE_BYTES_MAX)), f.text("reason"));
    }

    static Action setNotice(Fields f) {
        return new SetNotice(f.longInteger("blocks"));
    }

    static ObjectNode arguments(Action action) {
        ObjectNode out = Documents.object();
        return switch (action) {
            case AddMember(Member member) -> Entries.tree(member);
            case RemoveMember(String id) -> out.put("id", id);
            case RenewMember renewal -> renewal(out, renewal);
            case AddParticipant(Participant participant) -> Entries.tree(participant);
            case RemoveParticipant(String id) -> out.put("id", id);
            case RenewParticipant(var id, var certificate) ->
                out.put("id", id).put("certificate", Entries.pem(certificate));
            case AdmitNode(NodeEntry node) -> set(out, "node", Entries.tree(node));
            case RemoveNode(String id) -> out.put("id", id);
            case ReplaceNode(String id, NodeEntry node) -> set(out.put("id", id), "node", Entries.tree(node));
            case AddPlatform(PlatformEntry platform) -> Entries.tree(platform);
            case RetirePlatform(String platform) -> out.put("platform", platform);
            case SetPlatform(PlatformEntry platform) -> Entries.tree(platform);
            case AddCode(String platform, String measurement, String label) ->
                out.put("platform", platform).put("measurement", measurement).put("label", label);
            case RetireCode(String platform, String measurement, long grace) ->
                out.put("platform", platform).put("measurement", measurement).put("graceBlocks", grace);
            case SetRules(var rules) -> {
                out.set("rules", rules.toJson());
                yield out;
            }
            case SetLimits(BlockLimits limits) -> Entries.tree(limits);
            case SetEpochPolicy(EpochPolicy epoch) -> Entries.tree(epoch);
            case NewEpoch() -> out;
            case OpenService() -> out;
            case SetRecoveryThreshold(int threshold) -> out.put("threshold", threshold);
            case SetOidcIssuer(OidcIssuer issuer) -> Entries.tree(issuer);
            case RemoveOidcIssuer(String issuer) -> out.put("issuer", issuer);
            case SetEnrolmentQuota(EnrolmentQuota quota) -> Entries.tree(quota);
            case SetContractAccess(ContractAccess access) -> Entries.tree(access);
            case RemoveContractAccess(String ledger, String contract) ->
                out.put("ledger", ledger).put("contract", contract);
            case GrantAuditor(AuditorGrant grant) -> Entries.tree(grant);
            case RevokeAuditor(String id) -> out.put("id", id);
            case Compensate(String ledger, String change, String reason) ->
                out.put("ledger", ledger).put("change", change).put("reason", reason);
            case SetNotice(long blocks) -> out.put("blocks", blocks);
        };
    }

    private static ObjectNode renewal(ObjectNode out, RenewMember renewal) {
        out.put("id", renewal.id());
        if (renewal.certificate() != null) {
            out.put("certificate", Entries.pem(renewal.certificate()));
        }
        if (renewal.governanceUsage() != null) {
            out.put("governanceUsage", renewal.governanceUsage());
        }
        if (renewal.recoveryKey() != null) {
            out.put("recoveryKey", Entries.base64(renewal.recoveryKey()));
        }
        if (renewal.roles() != null) {
            Entries.roles(out, renewal.roles());
        }
        return out;
    }

    private static ObjectNode set(ObjectNode out, String name, ObjectNode value) {
        out.set(name, value);
        return out;
    }
}
