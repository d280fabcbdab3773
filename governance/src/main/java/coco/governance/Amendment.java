package coco.governance;

import coco.crypto.Certificates;
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
import coco.governance.Constitution.Application;
import coco.governance.Constitution.Consequences;
import coco.governance.Constitution.Situation;
import coco.governance.document.DocumentException;
import coco.governance.rules.VotingRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The effect of actions on a constitution. Each changes a copy; what has to hold is looked at once, at the end, so that
 * actions may lean on each other whatever their order.
 */
final class Amendment {
    private final Constitution before;
    private final Situation situation;
    private final List<Member> members;
    private final List<Participant> participants;
    private final List<NodeEntry> nodes;
    private final List<FormerNode> formerNodes;
    private final List<PlatformEntry> platforms;
    private final List<CodeEntry> code;
    private final List<OidcIssuer> oidcIssuers;
    private final List<EnrolmentQuota> enrolment;
    private final List<AuditorGrant> auditors;
    private final List<ContractAccess> contractAccess;
    private final List<Compensate> compensations = new ArrayList<>();
    private VotingRules rules;
    private EpochPolicy epoch;
    private int recoveryThreshold;
    private long noticeBlocks;
    private BlockLimits limits;
    private ServiceStatus status;
    private boolean newGeneration;
    private boolean newEpoch;
    private boolean voids;

    private Amendment(Constitution before, Situation situation) {
        this.before = before;
        this.situation = situation;
        this.members = new ArrayList<>(before.members());
        this.participants = new ArrayList<>(before.participants());
        this.nodes = new ArrayList<>(before.nodes().nodes());
        this.formerNodes = new ArrayList<>(before.formerNodes());
        this.platforms = new ArrayList<>(before.platforms());
        this.code = new ArrayList<>(before.code());
        this.oidcIssuers = new ArrayList<>(before.oidcIssuers());
        this.enrolment = new ArrayList<>(before.enrolment());
        this.auditors = new ArrayList<>(before.auditors());
        this.contractAccess = new ArrayList<>(before.contractAccess());
        this.rules = before.rules();
        this.epoch = before.epoch();
        this.recoveryThreshold = before.recoveryThreshold();
        this.noticeBlocks = before.noticeBlocks();
        this.limits = before.limits();
        this.status = before.status();
    }

    static Application apply(Constitution constitution, List<Action> actions, Situation situation) {
        try {
            Amendment amendment = new Amendment(constitution, situation);
            actions.forEach(amendment::apply);
            return amendment.applied();
        } catch (DocumentException impossible) {
            return new Application.Failed(Objects.requireNonNullElse(impossible.getMessage(), ""));
        }
    }

    /** All nodes go, whatever has become of them, and one comes. That they leave no majority is what has happened. */
    static Application recovered(Constitution constitution, NodeEntry node, Situation situation) {
        try {
            Amendment amendment = new Amendment(constitution, situation);
            List.copyOf(amendment.nodes).forEach(amendment::dismiss);
            amendment.admitNode(node);
            return new Application.Applied(amendment.built(), new Consequences(true, true, false, List.of()));
        } catch (DocumentException impossible) {
            return new Application.Failed(Objects.requireNonNullElse(impossible.getMessage(), ""));
        }
    }

    /** Code whose time is over goes off the manifest, and what it knew is worth nothing from here on. */
    static Constitution withoutRetired(Constitution constitution, Situation situation) {
        Amendment amendment = new Amendment(constitution, situation);
        amendment.code.removeIf(entry -> isOver(entry, situation.height() + 1));
        amendment.lostTrust();
        return amendment.built();
    }

    static boolean isOver(CodeEntry entry, long height) {
        return entry.retiresAtHeight() != null && entry.retiresAtHeight() <= height;
    }

    private void apply(Action action) {
        switch (action) {
            case AddMember(Member member) -> addMember(member);
            case RemoveMember(String id) -> removeMember(id);
            case RenewMember renewal -> renewMember(renewal);
            case AddParticipant(Participant participant) -> addParticipant(participant);
            case RemoveParticipant(String id) -> removeParticipant(id);
            case RenewParticipant renewal -> renewParticipant(renewal);
            case AdmitNode(NodeEntry node) -> admitNode(node);
            case RemoveNode(String id) -> removeNode(id);
            case ReplaceNode(String id, NodeEntry node) -> replaceNode(id, node);
            case AddPlatform(PlatformEntry platform) -> platforms.add(platform);
            case RetirePlatform(String platform) -> retirePlatform(platform);
            case SetPlatform(PlatformEntry platform) -> setPlatform(platform);
            case AddCode added -> addCode(added);
            case RetireCode retired -> retireCode(retired);
            case SetRules(VotingRules changed) -> {
                rules = changed;
                voids = true;
            }
            case SetLimits(BlockLimits changed) -> limits = changed;
            case SetEpochPolicy(EpochPolicy changed) -> epoch = changed;
            case NewEpoch() -> newEpoch = true;
            case OpenService() -> openService();
            case SetRecoveryThreshold(int threshold) -> {
                recoveryThreshold = threshold;
                newEpoch = true;
            }
            case SetOidcIssuer(OidcIssuer issuer) -> put(oidcIssuers, issuer, OidcIssuer::issuer);
            case RemoveOidcIssuer(String issuer) ->
                remove(oidcIssuers, at -> at.issuer().equals(issuer), "issuer", issuer);
            case SetEnrolmentQuota(EnrolmentQuota quota) -> setQuota(quota);
            case SetContractAccess(ContractAccess access) -> put(contractAccess, access, Amendment::contractKey);
            case RemoveContractAccess(String ledger, String contract) ->
                remove(
                        contractAccess,
                        at -> contractKey(at).equals(ledger + ":" + contract),
                        "rule of the contract",
                        ledger + ":" + contract);
            case GrantAuditor(AuditorGrant grant) -> grant(grant);
            case RevokeAuditor(String id) -> remove(auditors, at -> at.id().equals(id), "auditor", id);
            case Compensate compensation -> compensations.add(compensation);
            case SetNotice(long blocks) -> noticeBlocks = blocks;
        }
    }

    private void addMember(Member member) {
        members.add(member);
        newEpoch = true;
        voids = true;
    }

    private void removeMember(String id) {
        remove(members, at -> at.id().equals(id), "member", id);
        voids = true;
        removeBelongings(id);
    }

    private void addParticipant(Participant participant) {
        participants.add(participant);
        newEpoch = true;
    }

    private void removeParticipant(String id) {
        remove(participants, at -> at.id().equals(id), "participant", id);
        removeBelongings(id);
    }

    private void removeBelongings(String actor) {
        newEpoch = true;
        oidcIssuers.removeIf(issuer -> issuer.actor().equals(actor));
        enrolment.removeIf(quota -> quota.actor().equals(actor));
        List<NodeEntry> owned =
                nodes.stream().filter(node -> actor.equals(node.owner())).toList();
        owned.forEach(this::dismiss);
    }

    private void renewMember(RenewMember renewal) {
        int at = indexOf(members, member -> member.id().equals(renewal.id()), "member", renewal.id());
        Member old = members.get(at);
        boolean reissued = renewal.certificate() != null;
        members.set(
                at,
                new Member(
                        old.id(),
                        Objects.requireNonNullElse(renewal.certificate(), old.certificate()),
                        reissued || renewal.governanceUsage() != null
                                ? renewal.governanceUsage()
                                : old.governanceUsage(),
                        renewal.recoveryKey() == null ? old.recoveryKey() : renewal.recoveryKey(),
                        Objects.requireNonNullElse(renewal.roles(), old.roles())));
        newEpoch = true;
        voids = true;
    }

    private void renewParticipant(RenewParticipant renewal) {
        int at = indexOf(participants, each -> each.id().equals(renewal.id()), "participant", renewal.id());
        participants.set(at, new Participant(renewal.id(), renewal.certificate()));
        newEpoch = true;
    }

    private void admitNode(NodeEntry node) {
        requireOwnersSignature(node);
        nodes.add(node);
        newEpoch = true;
    }

    /** The owner as it is by now: an action before may have renewed it. */
    private void requireOwnersSignature(NodeEntry node) {
        if (node.owner() == null || node.ownerSignature() == null) {
            return;
        }
        String problem =
                NodeTuple.problem(node, members, participants, Instant.ofEpochSecond(situation.timestampSeconds()));
        if (problem != null) {
            throw new DocumentException("nodes." + node.id() + ".ownerSignature", problem);
        }
    }

    private void removeNode(String id) {
        dismiss(nodes.get(indexOf(nodes, node -> node.id().equals(id), "node", id)));
    }

    private void dismiss(NodeEntry node) {
        nodes.remove(node);
        boolean isFull = formerNodes.size() >= GovernanceLimits.FORMER_NODES;
        if (isFull && situation.height() - formerNodes.getFirst().lastHeight() > GovernanceLimits.FORMER_BLOCKS) {
            formerNodes.removeFirst();
        }
        formerNodes.add(new FormerNode(
                node.id(),
                HexFormat.of().formatHex(Certificates.fingerprint(node.certificate())),
                ConstitutionRules.keyDigest(node),
                situation.height()));
        lostTrust();
    }

    private void lostTrust() {
        newEpoch = true;
        newGeneration = true;
    }

    private void replaceNode(String id, NodeEntry node) {
        NodeEntry old = nodes.get(indexOf(nodes, at -> at.id().equals(id), "node", id));
        if (!Objects.equals(old.owner(), node.owner())) {
            throw new DocumentException("nodes." + node.id() + ".owner", "a node is replaced by one of the same owner");
        }
        dismiss(old);
        admitNode(node);
    }

    private void retirePlatform(String name) {
        remove(platforms, at -> at.platform().equals(name), "platform", name);
        code.removeIf(entry -> entry.platform().equals(name));
        lostTrust();
    }

    private void setPlatform(PlatformEntry changed) {
        String name = changed.platform();
        int at = indexOf(platforms, each -> each.platform().equals(name), "platform", name);
        platforms.set(at, changed);
        lostTrust();
    }

    /**
     * Whatever the order of retiring and adding: what was once demanded of a platform is demanded for ever.
     *
     * @return what is demanded of platforms that are not trusted now
     */
    private List<PlatformEntry> keptFloors() {
        List<PlatformEntry> floors = new ArrayList<>(before.platforms());
        floors.addAll(before.formerPlatforms());
        platforms.forEach(platform -> floors.forEach(floor -> requireFloor(floor, platform)));
        Set<String> trusted = platforms.stream().map(PlatformEntry::platform).collect(Collectors.toSet());
        floors.removeIf(floor -> trusted.contains(floor.platform()));
        return floors;
    }

    private static void requireFloor(PlatformEntry old, PlatformEntry changed) {
        if (!old.platform().equals(changed.platform())) {
            return;
        }
        String path = "platforms." + old.platform();
        old.minimum().forEach((component, number) -> {
            Long demanded = changed.minimum().get(component);
            if (demanded == null || demanded < number) {
                throw new DocumentException(path + ".minimum." + component, "only grows, and is " + number + " now");
            }
        });
        if (!old.accepted().containsAll(changed.accepted())) {
            throw new DocumentException(path + ".accepted", "only shrinks, and is " + old.accepted() + " now");
        }
        boolean looser = changed.signers().isEmpty() || !old.signers().containsAll(changed.signers());
        if (!old.signers().isEmpty() && looser) {
            throw new DocumentException(path + ".signers", "only shrinks, and is not empty now");
        }
    }

    private void addCode(AddCode added) {
        // Endorsing again what was being retired keeps it.
        code.removeIf(entry -> entry.retiresAtHeight() != null
                && entry.platform().equals(added.platform())
                && entry.measurement().equals(added.measurement()));
        code.add(new CodeEntry(added.platform(), added.measurement(), added.label(), null));
    }

    private void retireCode(RetireCode retired) {
        String name = retired.platform() + " " + retired.measurement();
        int at = indexOf(
                code,
                entry -> (entry.platform() + " " + entry.measurement()).equals(name) && entry.retiresAtHeight() == null,
                "code in use",
                name);
        if (retired.graceBlocks() < 1 || retired.graceBlocks() > GovernanceLimits.NOTICE_BLOCKS) {
            throw new DocumentException("graceBlocks", "1 to " + GovernanceLimits.NOTICE_BLOCKS);
        }
        CodeEntry old = code.get(at);
        long from = situation.height() + 1 + retired.graceBlocks();
        code.set(at, new CodeEntry(old.platform(), old.measurement(), old.label(), from));
    }

    private void openService() {
        if (status == ServiceStatus.OPEN) {
            throw new DocumentException("status", "the service is open already");
        }
        status = ServiceStatus.OPEN;
    }

    private void setQuota(EnrolmentQuota quota) {
        if (quota.addresses() == 0) {
            remove(enrolment, at -> at.actor().equals(quota.actor()), "quota of", quota.actor());
        } else {
            put(enrolment, quota, EnrolmentQuota::actor);
        }
    }

    private void grant(AuditorGrant grant) {
        if (grant.expiresAtHeight() <= situation.height()) {
            throw new DocumentException("auditors." + grant.id(), "is over before it begins");
        }
        put(auditors, grant, AuditorGrant::id);
    }

    private static String contractKey(ContractAccess access) {
        return access.ledger() + ":" + access.contract();
    }

    private static <T> void put(List<T> entries, T entry, Function<T, String> key) {
        entries.removeIf(old -> key.apply(old).equals(key.apply(entry)));
        entries.add(entry);
    }

    private static <T> void remove(List<T> entries, Predicate<T> which, String what, String name) {
        entries.remove(indexOf(entries, which, what, name));
    }

    private static <T> int indexOf(List<T> entries, Predicate<T> which, String what, String name) {
        for (int i = 0; i < entries.size(); i++) {
            if (which.test(entries.get(i))) {
                return i;
            }
        }
        throw new DocumentException("", "there is no " + what + " " + name);
    }

    private Constitution built() {
        return new Constitution(
                before.service(),
                before.preset(),
                members,
                participants,
                new NodeList(nodes),
                formerNodes,
                platforms,
                keptFloors(),
                code,
                rules,
                epoch,
                recoveryThreshold,
                noticeBlocks,
                limits,
                before.access(),
                oidcIssuers,
                enrolment,
                auditors,
                contractAccess,
                status,
                before.generation() + (newGeneration ? 1 : 0),
                before.rollovers() + (newEpoch ? 1 : 0));
    }

    private Application applied() {
        Constitution after = built();
        if (!before.members().isEmpty() && members.isEmpty()) {
            throw new DocumentException("members", "without a member nothing could ever be changed again");
        }
        int bytes = after.bytes().length;
        if (bytes > GovernanceLimits.CONSTITUTION_BYTES) {
            throw new DocumentException(
                    "",
                    "the constitution would have " + bytes + " bytes, at most " + GovernanceLimits.CONSTITUTION_BYTES
                            + " fit into a block");
        }
        requireNodes(after);
        return new Application.Applied(after, new Consequences(newGeneration, newEpoch, voids, compensations));
    }

    /** Nodes that are shut out by list or by manifest must leave a majority of consensus as it is today. */
    private void requireNodes(Constitution after) {
        boolean same = nodes.equals(before.nodes().nodes())
                && platforms.equals(before.platforms())
                && code.equals(before.code());
        Set<String> raft = situation.raftNodes().ids();
        if (same || raft.isEmpty()) {
            return;
        }
        long from = code.stream()
                .filter(entry -> entry.retiresAtHeight() != null)
                .mapToLong(CodeEntry::retiresAtHeight)
                .reduce(situation.height() + 1, Math::max);
        Set<String> kept = new HashSet<>(situation.raftNodes().admitted(after, from));
        kept.retainAll(raft);
        kept.retainAll(nodes.stream().map(NodeEntry::id).collect(Collectors.toSet()));
        if (2 * kept.size() <= raft.size()) {
            throw new DocumentException(
                    "nodes",
                    "only " + kept.size() + " of the " + raft.size()
                            + " nodes in consensus would stay, which is no majority; admit and bring up others first");
        }
    }
}
