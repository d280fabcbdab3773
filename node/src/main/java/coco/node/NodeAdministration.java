package coco.node;

import coco.core.Administration;
import coco.core.Roster;
import coco.governance.AccessDefaults;
import coco.governance.BlockLimits;
import coco.governance.Constitution;
import coco.governance.EpochPolicy;
import coco.governance.Member;
import coco.governance.Participant;
import coco.governance.ServiceStatus;
import coco.governance.ledger.RecoveryElectorate;
import coco.kv.Reader;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.LedgerFactory;
import coco.node.identity.UseBook;
import coco.node.recovery.RecoveryMembers;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The constitution as the core takes it: its nodes, limits, generation, epoch policy and recovery.
 *
 * @param quarantine which of its nodes are trusted no longer, at a height
 * @param voting ids of the nodes that vote in the log
 * @param uses of grants
 */
record NodeAdministration(LedgerFactory factory, Quarantine quarantine, Supplier<Set<String>> voting, UseBook uses)
        implements Administration {
    /** Judges nodes by what they proved last. */
    @FunctionalInterface
    interface Quarantine {
        Set<String> of(Constitution constitution, long height);
    }

    @Override
    public void recordUse(Caller.Auditor auditor, String ledger, String kind, List<String> names) {
        uses.record(auditor.grant(), ledger, kind, names);
    }

    @Override
    public Set<String> voters() {
        return voting.get();
    }

    @Override
    public Set<String> quarantined(Reader state, long height) {
        return quarantine.of(Constitution.read(state), height);
    }

    @Override
    public LedgerFactory ledger() {
        return factory;
    }

    @Override
    public Roster roster(Reader state) {
        return roster(Constitution.read(state));
    }

    @Override
    public byte @Nullable [] electorate(Reader state) {
        RecoveryElectorate electorate = RecoveryElectorate.of(Constitution.read(state));
        return electorate == null ? null : electorate.bytes();
    }

    static Roster roster(Constitution constitution) {
        EpochPolicy epoch = constitution.epoch();
        return new Roster(
                nodes(constitution),
                constitution.generation(),
                constitution.rollovers(),
                constitution.status() == ServiceStatus.OPEN,
                limits(constitution.limits()),
                new Roster.EpochPolicy(epoch.maxBlocks(), epoch.maxAgeSeconds()),
                RecoveryMembers.of(constitution),
                access(constitution));
    }

    /** The nodes alone, in the order of the constitution. */
    static List<Roster.Node> nodes(Constitution constitution) {
        return constitution.nodes().nodes().stream()
                .map(node -> new Roster.Node(node.id(), node.certificate(), node.wrappingKey()))
                .toList();
    }

    private static AccessSettings access(Constitution constitution) {
        AccessDefaults defaults = constitution.access();
        return new AccessSettings(
                defaults.contracts().equals("open")
                        ? AccessSettings.Contracts.OPEN
                        : AccessSettings.Contracts.PARTICIPANTS,
                defaults.senders().equals("any") ? AccessSettings.Senders.ANY : AccessSettings.Senders.BOUND,
                defaults.accounts().equals("open") ? AccessSettings.Accounts.OPEN : AccessSettings.Accounts.OWN,
                defaults.anonymousReads(),
                constitution.contractAccess().stream()
                        .map(each -> new AccessSettings.ContractRule(each.ledger(), each.contract(), each.rule()))
                        .toList(),
                constitution.auditors().stream()
                        .map(each -> new AccessSettings.Grant(each.id(), each.contracts(), each.expiresAtHeight()))
                        .toList(),
                Stream.concat(
                                constitution.members().stream().map(Member::id),
                                constitution.participants().stream().map(Participant::id))
                        .collect(Collectors.toUnmodifiableSet()),
                constitution.enrolment().stream()
                        .map(each -> new AccessSettings.ActorQuota(
                                each.actor(), each.transactionsPerSecond(), each.gasPerSecond(), each.poolSlots()))
                        .toList());
    }

    private static Roster.Limits limits(BlockLimits limits) {
        return new Roster.Limits(
                limits.batchMaxTransactions(),
                limits.batchMinIntervalMillis(),
                limits.blockMaxBytes(),
                limits.pipelineWindow());
    }
}
