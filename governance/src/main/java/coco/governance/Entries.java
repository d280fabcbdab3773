package coco.governance;

import coco.crypto.Certificates;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.rules.RulesException;
import coco.governance.rules.VotingRules;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The entries of a constitution in JSON; constitutions and actions share them. */
final class Entries {
    private Entries() {}

    static Member member(Fields f) {
        return new Member(
                f.text("id"),
                f.certificate("certificate"),
                f.ifPresent("governanceUsage", f::text),
                f.ifPresent("recoveryKey", name -> f.publicKey(name, "EC", "RSA")),
                f.optional("roles") == null ? Set.of() : roles(f, "roles"));
    }

    static ObjectNode tree(Member member) {
        ObjectNode out = Documents.object().put("id", member.id()).put("certificate", pem(member.certificate()));
        if (member.governanceUsage() != null) {
            out.put("governanceUsage", member.governanceUsage());
        }
        if (member.recoveryKey() != null) {
            out.put("recoveryKey", base64(member.recoveryKey()));
        }
        if (!member.roles().isEmpty()) {
            roles(out, member.roles());
        }
        return out;
    }

    static Set<Role> roles(Fields f, String name) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String word : f.texts(name)) {
            Role role = List.of(Role.values()).stream()
                    .filter(each -> each.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new DocumentException(f.at(name), "no such role: '" + word + "'"));
            if (!roles.add(role)) {
                throw new DocumentException(f.at(name), "the same role appears twice");
            }
        }
        return roles;
    }

    static void roles(ObjectNode out, Set<Role> roles) {
        ArrayNode words = out.putArray("roles");
        roles.stream().sorted().map(Role::word).forEach(words::add);
    }

    static Participant participant(Fields f) {
        return new Participant(f.text("id"), f.certificate("certificate"));
    }

    static ObjectNode tree(Participant participant) {
        return Documents.object().put("id", participant.id()).put("certificate", pem(participant.certificate()));
    }

    static NodeEntry node(Fields f) {
        return new NodeEntry(
                f.text("id"),
                f.ifPresent("owner", f::text),
                f.text("host"),
                f.integer("raftPort"),
                f.integer("administrativePort"),
                f.integer("applicationPort"),
                f.certificate("certificate"),
                f.publicKey("wrappingKey", "EC"),
                f.ifPresent("ownerSignature", name -> signature(f, name)));
    }

    private static byte[] signature(Fields f, String name) {
        try {
            return Base64.getDecoder().decode(f.text(name));
        } catch (IllegalArgumentException notBase64) {
            throw new DocumentException(f.at(name), "must be base64 of a COSE_Sign1 message");
        }
    }

    static ObjectNode tree(NodeEntry node) {
        ObjectNode out = Documents.object()
                .put("id", node.id())
                .put("host", node.host())
                .put("raftPort", node.raftPort())
                .put("administrativePort", node.administrativePort())
                .put("applicationPort", node.applicationPort())
                .put("certificate", pem(node.certificate()))
                .put("wrappingKey", base64(node.wrappingKey()));
        if (node.owner() != null) {
            out.put("owner", node.owner());
        }
        if (node.ownerSignature() != null) {
            out.put("ownerSignature", Base64.getEncoder().encodeToString(node.ownerSignature()));
        }
        return out;
    }

    static FormerNode formerNode(Fields f) {
        return new FormerNode(
                f.text("id"), f.text("certificateDigest"), f.text("keyDigest"), f.longInteger("lastHeight"));
    }

    static ObjectNode tree(FormerNode node) {
        return Documents.object()
                .put("id", node.id())
                .put("certificateDigest", node.certificateDigest())
                .put("keyDigest", node.keyDigest())
                .put("lastHeight", node.lastHeight());
    }

    static PlatformEntry platform(Fields f) {
        SortedMap<String, Long> minimum = new TreeMap<>();
        JsonNode numbers = f.optional("minimum");
        if (numbers != null) {
            Fields each = f.object("minimum");
            numbers.propertyNames().forEach(name -> minimum.put(name, each.longInteger(name)));
        }
        return new PlatformEntry(f.text("platform"), minimum, f.textsOrNone("accepted"), f.textsOrNone("signers"));
    }

    static ObjectNode tree(PlatformEntry platform) {
        ObjectNode out = Documents.object().put("platform", platform.platform());
        if (!platform.minimum().isEmpty()) {
            ObjectNode minimum = out.putObject("minimum");
            platform.minimum().forEach(minimum::put);
        }
        if (!platform.accepted().isEmpty()) {
            platform.accepted().forEach(out.putArray("accepted")::add);
        }
        if (!platform.signers().isEmpty()) {
            platform.signers().forEach(out.putArray("signers")::add);
        }
        return out;
    }

    static CodeEntry code(Fields f) {
        return new CodeEntry(
                f.text("platform"),
                f.text("measurement"),
                f.text("label"),
                f.ifPresent("retiresAtHeight", f::longInteger));
    }

    static ObjectNode tree(CodeEntry code) {
        ObjectNode out = Documents.object()
                .put("platform", code.platform())
                .put("measurement", code.measurement())
                .put("label", code.label());
        if (code.retiresAtHeight() != null) {
            out.put("retiresAtHeight", code.retiresAtHeight());
        }
        return out;
    }

    static VotingRules rules(Fields f, String name) {
        try {
            return VotingRules.fromJson(f.required(name));
        } catch (RulesException refused) {
            String path = f.at(name) + (refused.path().isEmpty() ? "" : "." + refused.path());
            throw new DocumentException(path, refused.problem());
        }
    }

    static EpochPolicy epoch(Fields f) {
        return new EpochPolicy(f.longInteger("maxBlocks"), f.longInteger("maxAgeSeconds"));
    }

    static ObjectNode tree(EpochPolicy epoch) {
        return Documents.object().put("maxBlocks", epoch.maxBlocks()).put("maxAgeSeconds", epoch.maxAgeSeconds());
    }

    static BlockLimits limits(Fields f) {
        return new BlockLimits(
                f.integer("batchMaxTransactions"),
                f.integer("batchMinIntervalMillis"),
                f.integer("blockMaxBytes"),
                f.integer("pipelineWindow"));
    }

    static ObjectNode tree(BlockLimits limits) {
        return Documents.object()
                .put("batchMaxTransactions", limits.batchMaxTransactions())
                .put("batchMinIntervalMillis", limits.batchMinIntervalMillis())
                .put("blockMaxBytes", limits.blockMaxBytes())
                .put("pipelineWindow", limits.pipelineWindow());
    }

    static AccessDefaults access(Fields f) {
        return new AccessDefaults(f.text("contracts"), f.text("senders"), f.text("accounts"), f.bool("anonymousReads"));
    }

    static ObjectNode tree(AccessDefaults access) {
        return Documents.object()
                .put("contracts", access.contracts())
                .put("senders", access.senders())
                .put("accounts", access.accounts())
                .put("anonymousReads", access.anonymousReads());
    }

    static OidcIssuer oidcIssuer(Fields f) {
        if (!f.object("keys").required("keys").isArray()) {
            throw new DocumentException(f.at("keys.keys"), "must be a list");
        }
        return new OidcIssuer(
                f.text("issuer"),
                f.text("actor"),
                f.text("audience"),
                CanonicalJson.write(f.required("keys"), f.at("keys")));
    }

    static ObjectNode tree(OidcIssuer issuer) {
        ObjectNode out = Documents.object()
                .put("issuer", issuer.issuer())
                .put("actor", issuer.actor())
                .put("audience", issuer.audience());
        out.set("keys", Documents.tree(issuer.keys()));
        return out;
    }

    static EnrolmentQuota quota(Fields f) {
        Integer transactions = f.ifPresent("transactionsPerSecond", f::integer);
        Long gas = f.ifPresent("gasPerSecond", f::longInteger);
        Integer slots = f.ifPresent("poolSlots", f::integer);
        return new EnrolmentQuota(
                f.text("actor"),
                f.integer("addresses"),
                transactions == null ? 0 : transactions,
                gas == null ? 0 : gas,
                slots == null ? 0 : slots);
    }

    /** Bounds that there are not are left out. */
    static ObjectNode tree(EnrolmentQuota quota) {
        ObjectNode out = Documents.object().put("actor", quota.actor()).put("addresses", quota.addresses());
        if (quota.transactionsPerSecond() != 0) {
            out.put("transactionsPerSecond", quota.transactionsPerSecond());
        }
        if (quota.gasPerSecond() != 0) {
            out.put("gasPerSecond", quota.gasPerSecond());
        }
        if (quota.poolSlots() != 0) {
            out.put("poolSlots", quota.poolSlots());
        }
        return out;
    }

    static ContractAccess contractAccess(Fields f) {
        return new ContractAccess(
                f.text("ledger"), f.text("contract"), CanonicalJson.write(f.required("rule"), f.at("rule")));
    }

    static ObjectNode tree(ContractAccess access) {
        ObjectNode out = Documents.object().put("ledger", access.ledger()).put("contract", access.contract());
        out.set("rule", Documents.tree(access.rule()));
        return out;
    }

    static AuditorGrant auditor(Fields f) {
        return new AuditorGrant(
                f.text("id"), f.certificate("certificate"), f.texts("contracts"), f.longInteger("expiresAtHeight"));
    }

    static ObjectNode tree(AuditorGrant grant) {
        ObjectNode out = Documents.object().put("id", grant.id()).put("certificate", pem(grant.certificate()));
        grant.contracts().forEach(out.putArray("contracts")::add);
        return out.put("expiresAtHeight", grant.expiresAtHeight());
    }

    static String pem(X509Certificate certificate) {
        return Certificates.toPem(certificate);
    }

    static String base64(PublicKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }
}
