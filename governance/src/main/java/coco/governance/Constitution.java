package coco.governance;

import coco.crypto.Sha256;
import coco.governance.document.DocumentException;
import coco.governance.rules.VotingRules;
import coco.kv.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The constitution in force after one block. Immutable, and consistent by construction; actions make another one.
 *
 * @param service name of the network, shown to people
 * @param preset how strict defaults are
 * @param members who votes
 * @param participants who transacts without a vote
 * @param nodes which nodes validate, at least one
 * @param formerNodes nodes that were removed, in order of removal
 * @param platforms the TEE manifest: which platforms may run nodes, at least one
 * @param formerPlatforms what was demanded of platforms that were retired: it is demanded again where one returns
 * @param code the code manifest: what may run; empty accepts any, and only a simulated platform may be so lax
 * @param rules which proposals pass
 * @param epoch when the secret of blocks is replaced
 * @param recoveryThreshold how many members with recovery keys open the journal together; 0 for none, in development
 * @param noticeBlocks how many blocks an accepted action that weakens secrecy waits
 * @param limits of blocks
 * @param access who may do what where nothing more special is said
 * @param oidcIssuers whose identity tokens are accepted
 * @param enrolment how many users actors may enrol
 * @param auditors who may read what is confidential, and until when
 * @param contractAccess rules bound to contracts by vote
 * @param status whether applications transact yet
 * @param generation of the service's identity; grows when somebody loses trust
 * @param rollovers how often a new epoch was demanded
 */
public record Constitution(
        String service,
        Preset preset,
        List<Member> members,
        List<Participant> participants,
        NodeList nodes,
        List<FormerNode> formerNodes,
        List<PlatformEntry> platforms,
        List<PlatformEntry> formerPlatforms,
        List<CodeEntry> code,
        VotingRules rules,
        EpochPolicy epoch,
        int recoveryThreshold,
        long noticeBlocks,
        BlockLimits limits,
        AccessDefaults access,
        List<OidcIssuer> oidcIssuers,
        List<EnrolmentQuota> enrolment,
        List<AuditorGrant> auditors,
        List<ContractAccess> contractAccess,
        ServiceStatus status,
        int generation,
        long rollovers) {
    /** Version of the document's form; a document of another version is refused. */
    public static final int FORMAT_VERSION = 2;

    private static final byte[] DIGEST_LABEL = "coco constitution v2\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ELECTORATE_LABEL = "coco electorate v1\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * Checks the constitution as a whole.
     *
     * @throws DocumentException naming the first part that contradicts another or leaves its range
     */
    public Constitution(
            String service,
            Preset preset,
            List<Member> members,
            List<Participant> participants,
            NodeList nodes,
            List<FormerNode> formerNodes,
            List<PlatformEntry> platforms,
            List<PlatformEntry> formerPlatforms,
            List<CodeEntry> code,
            VotingRules rules,
            EpochPolicy epoch,
            int recoveryThreshold,
            long noticeBlocks,
            BlockLimits limits,
            AccessDefaults access,
            List<OidcIssuer> oidcIssuers,
            List<EnrolmentQuota> enrolment,
            List<AuditorGrant> auditors,
            List<ContractAccess> contractAccess,
            ServiceStatus status,
            int generation,
            long rollovers) {
        this.service = service;
        this.preset = preset;
        this.members = List.copyOf(members);
        this.participants = List.copyOf(participants);
        this.nodes = nodes;
        this.formerNodes = List.copyOf(formerNodes);
        this.platforms = List.copyOf(platforms);
        this.formerPlatforms = List.copyOf(formerPlatforms);
        this.code = List.copyOf(code);
        this.rules = rules;
        this.epoch = epoch;
        this.recoveryThreshold = recoveryThreshold;
        this.noticeBlocks = noticeBlocks;
        this.limits = limits;
        this.access = access;
        this.oidcIssuers = List.copyOf(oidcIssuers);
        this.enrolment = List.copyOf(enrolment);
        this.auditors = List.copyOf(auditors);
        this.contractAccess = List.copyOf(contractAccess);
        this.status = status;
        this.generation = generation;
        this.rollovers = rollovers;
        // Written out, because the rules look at the whole.
        ConstitutionRules.check(this);
    }

    /**
     * The constitution in force after the block whose state this is.
     *
     * @throws DocumentException if the state holds none that this software can read
     */
    public static Constitution read(Reader state) {
        byte[] document = state.get(GovernanceMaps.CONSTITUTION, GovernanceMaps.CURRENT);
        if (document == null) {
            throw new DocumentException("", "the state holds no constitution");
        }
        return ConstitutionMemo.parse(document);
    }

    /**
     * Reads the document of a constitution in force: what {@link #bytes} gave.
     *
     * @throws DocumentException if it is not one
     */
    public static Constitution parse(byte[] json) {
        return ConstitutionDocument.constitution(json);
    }

    /** The one byte form: canonical JSON in UTF-8. */
    public byte[] bytes() {
        return ConstitutionDocument.canonical(ConstitutionDocument.tree(this)).getBytes(StandardCharsets.UTF_8);
    }

    /** SHA-256 over a label and {@link #bytes()}: what signed messages name. 32 bytes. */
    public byte[] digest() {
        return digest(bytes());
    }

    /** The digest of the constitution with these bytes, which {@link #bytes} gave. 32 bytes. */
    public static byte[] digest(byte[] bytes) {
        return Sha256.hash(DIGEST_LABEL, bytes);
    }

    /**
     * SHA-256 over a label and the canonical JSON of members and rules: what a ballot names. A change of it voids open
     * proposals, so a ballot that names it was cast by the rules under which it is counted. 32 bytes.
     */
    public byte[] electorateDigest() {
        return Sha256.hash(ELECTORATE_LABEL, ConstitutionDocument.electorate(this));
    }

    /**
     * What would be in force if these actions took effect together. Nothing is changed.
     *
     * @param actions in order; all of them or none
     * @param situation what the constitution itself does not say
     */
    public Application apply(List<Action> actions, Situation situation) {
        return Amendment.apply(this, actions, situation);
    }

    /** Whether this network runs without any hardware protection. */
    public boolean simulated() {
        return platform(PlatformEntry.SIMULATED) != null;
    }

    /** The member of that id, or null. */
    public @Nullable Member member(String id) {
        return first(members, member -> member.id().equals(id));
    }

    /** The participant of that id, or null. */
    public @Nullable Participant participant(String id) {
        return first(participants, participant -> participant.id().equals(id));
    }

    /** The entry of that platform in the TEE manifest, or null. */
    public @Nullable PlatformEntry platform(String name) {
        return first(platforms, platform -> platform.platform().equals(name));
    }

    /** The code with that measurement, retired or not, or null. */
    public @Nullable CodeEntry code(String platform, String measurement) {
        return first(
                code,
                entry ->
                        entry.platform().equals(platform) && entry.measurement().equals(measurement));
    }

    /**
     * Whether this code may run on this platform.
     *
     * @param measurement lower-case hexadecimal
     * @param height for which it is asked: code that is being retired may run below its last height
     */
    public boolean admitsCode(String platform, String measurement, long height) {
        if (platform(platform) == null) {
            return false;
        }
        CodeEntry entry = code(platform, measurement);
        return entry == null ? code.isEmpty() : entry.retiresAtHeight() == null || height < entry.retiresAtHeight();
    }

    /** The same for a node that is not in consensus yet: code that is being retired lets nobody in. */
    public boolean admitsNewcomer(String platform, String measurement) {
        return admitsCode(platform, measurement, Long.MAX_VALUE);
    }

    /** Height of the block in which code goes off the manifest, the earliest; null if none is being retired. */
    public @Nullable Long nextRetirement() {
        return code.stream()
                .map(CodeEntry::retiresAtHeight)
                .filter(Objects::nonNull)
                .min(Long::compare)
                .map(from -> from - 1)
                .orElse(null);
    }

    /** The constitution after {@link #nextRetirement}: without that code, and with a new generation. */
    public Constitution withoutRetired(Situation situation) {
        return Amendment.withoutRetired(this, situation);
    }

    /**
     * The constitution with which a service goes on that lost its majority: with one node alone, and a new generation.
     *
     * @param situation of the last block that the nodes before may have sealed
     */
    public Application recovered(NodeEntry node, Situation situation) {
        return Amendment.recovered(this, node, situation);
    }

    private static <T> @Nullable T first(List<T> entries, Predicate<T> wanted) {
        return entries.stream().filter(wanted).findFirst().orElse(null);
    }

    /**
     * What a change is judged against and the constitution does not say itself.
     *
     * @param height of the block that holds the deciding message
     * @param timestampSeconds of that block
     * @param raftNodes what the leader knows of consensus
     */
    public record Situation(long height, long timestampSeconds, RaftNodes raftNodes) {}

    /** What became of a list of actions. */
    public sealed interface Application {
        /** They hold together. */
        record Applied(Constitution constitution, Consequences consequences) implements Application {}

        /** Nothing changes, because of this. */
        record Failed(String reason) implements Application {}
    }

    /**
     * What follows from a change beyond the constitution itself.
     *
     * @param newGeneration somebody or something lost trust: the service takes a new key
     * @param newEpoch blocks after this one are encrypted under a new secret
     * @param voids the other open proposals were made under rules, members or roles that are no more
     * @param compensations changes that ledgers are to make to their state
     */
    public record Consequences(
            boolean newGeneration, boolean newEpoch, boolean voids, List<Action.Compensate> compensations) {
        public Consequences {
            compensations = List.copyOf(compensations);
        }
    }
}
