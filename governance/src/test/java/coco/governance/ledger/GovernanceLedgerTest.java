package coco.governance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.Action;
import coco.governance.BlockLimits;
import coco.governance.Consortium;
import coco.governance.Constitution;
import coco.governance.Member;
import coco.governance.NodeEntry;
import coco.governance.OidcIssuer;
import coco.governance.PlatformEntry;
import coco.governance.Role;
import coco.governance.ServiceStatus;
import coco.governance.cose.CoseSign1;
import coco.governance.rules.AutoApproval;
import coco.governance.rules.Choice;
import coco.governance.rules.Rule;
import coco.governance.rules.VotingRules;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.kv.KvLedgerFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class GovernanceLedgerTest {
    private static final List<String> ALL = List.of("alice", "bob", "carol");
    private static final BlockLimits SMALL = new BlockLimits(10, 5, 1 << 20, 4);

    private final Consortium consortium = new Consortium();
    private Assembly assembly = new Assembly(consortium, consortium.of("alice", "bob", "carol"));

    @AfterEach
    void everythingIsFoundAgainFromTheRecord() {
        assertThat(assembly.judgeAgain()).isNull();
    }

    @Test
    @Tag("N1")
    @Tag("N27")
    void shouldStayOpenWhenOnlyTheProposerWantsIt() {
        String id = assembly.propose("alice", new Action.SetLimits(SMALL));

        assertThat(assembly.find(id).state()).isEqualTo(ProposalState.OPEN);
        assertThat(assembly.vote("alice", id, Choice.ACCEPT)).isNull();
        assertThat(assembly.find(id).state()).isEqualTo(ProposalState.OPEN);
        assertThat(assembly.find(id).waitingFor(assembly.constitution())).containsExactly("bob", "carol");
        assertThat(assembly.constitution().limits()).isEqualTo(BlockLimits.defaults());
    }

    @Test
    @Tag("N26")
    @Tag("N27")
    void shouldTakeEffectInTheBlockOfTheDecidingBallotWhenAMajorityAccepts() {
        String id = assembly.propose("alice", new Action.SetLimits(SMALL));
        assembly.vote("bob", id, Choice.ACCEPT);
        assertThat(assembly.constitution().limits()).isEqualTo(BlockLimits.defaults());
        assembly.vote("carol", id, Choice.ACCEPT);

        Proposals.Proposal proposal = assembly.find(id);
        assertThat(proposal.state()).isEqualTo(ProposalState.ACCEPTED);
        assertThat(proposal.effectiveAt()).isEqualTo(assembly.height());
        assertThat(assembly.constitution().limits()).isEqualTo(SMALL);
        assertThat(proposal.ballots().keySet()).containsExactly("bob", "carol");
        assertThat(History.from(assembly.network.state(), 0, 0, 100)).hasSize(3).allMatch(History.Entry::isSigned);
        assertThat(assembly.heard)
                .hasSize(5)
                .contains(
                        new GovernanceEvent.Proposed(id, "alice"), new GovernanceEvent.Voted(id, "bob", Choice.ACCEPT))
                .anyMatch(event -> event instanceof GovernanceEvent.ConstitutionChanged)
                .anyMatch(event -> event instanceof GovernanceEvent.Decided(String which, var state, var why)
                        && which.equals(id)
                        && state == ProposalState.ACCEPTED);
        assertThat(assembly.vote("alice", id, Choice.REJECT)).isEqualTo(Refusal.NOT_OPEN);
    }

    @Test
    void shouldBeRejectedAsSoonAsItCannotPass() {
        String id = assembly.propose("alice", new Action.SetLimits(SMALL));
        assembly.vote("bob", id, Choice.REJECT);
        assembly.vote("carol", id, Choice.REJECT);

        assertThat(assembly.find(id).state()).isEqualTo(ProposalState.REJECTED);
        assertThat(assembly.constitution().limits()).isEqualTo(BlockLimits.defaults());
    }

    @Test
    @Tag("N25")
    void shouldCountAMemberOnceWhenItVotesAgainAndKeepTheLatestBallot() {
        String id = assembly.propose("alice", new Action.SetLimits(SMALL));
        for (int i = 0; i < 3; i++) {
            assertThat(assembly.vote("bob", id, Choice.ACCEPT)).isNull();
        }
        assertThat(assembly.find(id).state()).isEqualTo(ProposalState.OPEN);
        assertThat(assembly.find(id).ballots()).hasSize(1);

        assembly.vote("bob", id, Choice.REJECT);
        assembly.vote("carol", id, Choice.ACCEPT);
        assertThat(assembly.find(id).state()).isEqualTo(ProposalState.OPEN);
        assembly.send("bob", assembly.withdrawal(id, Message.Subject.BALLOT));
        assertThat(assembly.find(id).ballots().keySet()).containsExactly("carol");
        assertThat(assembly.send("bob", assembly.withdrawal(id, Message.Subject.BALLOT)))
                .isEqualTo(Refusal.NO_BALLOT);
        assembly.vote("alice", id, Choice.ACCEPT);
        assertThat(assembly.find(id).state()).isEqualTo(ProposalState.ACCEPTED);
    }

    @Test
    void shouldBeTakenBackByItsProposerOnly() {
        String id = assembly.propose("alice", new Action.SetLimits(SMALL));

        assertThat(assembly.send("bob", assembly.withdrawal(id, Message.Subject.PROPOSAL)))
                .isEqualTo(Refusal.NOT_PROPOSER);
        assertThat(assembly.send("alice", assembly.withdrawal(id, Message.Subject.PROPOSAL)))
                .isNull();
        assertThat(assembly.find(id).state()).isEqualTo(ProposalState.WITHDRAWN);
    }

    @Test
    @Tag("N23")
    void shouldJudgeAChangeOfRulesByTheOldOnesAndTheNextProposalByTheNew() {
        Proposals.Proposal change =
                assembly.pass(List.of("alice", "bob"), new Action.SetRules(Consortium.rules(new Rule.Unanimous())));
        assertThat(change.state()).isEqualTo(ProposalState.ACCEPTED);

        String next = assembly.propose("alice", new Action.SetLimits(SMALL));
        assembly.vote("alice", next, Choice.ACCEPT);
        assembly.vote("bob", next, Choice.ACCEPT);
        assertThat(assembly.find(next).state()).isEqualTo(ProposalState.OPEN);
        assembly.vote("carol", next, Choice.ACCEPT);
        assertThat(assembly.find(next).state()).isEqualTo(ProposalState.ACCEPTED);
    }

    @Test
    void shouldVoidOtherOpenProposalsWhenMembersRulesOrRolesChange() {
        List<Action> changes = List.of(
                new Action.AddMember(consortium.member("dora")),
                new Action.RenewMember("alice", null, null, null, Set.of(Role.OPERATOR)),
                new Action.SetRules(Consortium.rules(new Rule.Threshold(2))),
                new Action.RemoveMember("dora"));
        List<ProposalState> states = new ArrayList<>();
        for (Action change : changes) {
            String other = assembly.propose("carol", new Action.SetLimits(SMALL));
            var passed = assembly.pass(List.of("alice", "bob", "carol"), change);
            assertThat(passed.state())
                    .as(change.name() + ": " + passed.reason())
                    .isEqualTo(ProposalState.ACCEPTED);
            states.add(assembly.find(other).state());
        }
        assertThat(states).containsOnly(ProposalState.VOIDED);

        String kept = assembly.propose("carol", new Action.SetLimits(SMALL));
        assembly.pass(ALL, new Action.NewEpoch());
        assertThat(assembly.find(kept).state()).isEqualTo(ProposalState.OPEN);
    }

    @Test
    void shouldExpireWhenNotDecidedInTime() {
        Message.Propose brief = assembly.proposal(new Action.SetLimits(SMALL));
        Message.Propose proposal = new Message.Propose(
                new Message.Binding(brief.binding().service(), 0, assembly.height() + 3, "00".repeat(16)),
                brief.constitution(),
                brief.actions(),
                "");
        CoseSign1 message = Assembly.sign(consortium.signer("alice"), proposal);
        assertThat(assembly.send(GovernanceOffers.signed(message, Assembly.SERVICE)))
                .isNull();
        String id = HexFormat.of().formatHex(message.contentDigest(CoseSign1.externalAad(Assembly.SERVICE)));

        assembly.vote("bob", id, Choice.ACCEPT);
        assertThat(assembly.find(id).stateAt(assembly.height() + 1)).isEqualTo(ProposalState.EXPIRED);
        assertThat(assembly.vote("carol", id, Choice.ACCEPT)).isEqualTo(Refusal.NOT_OPEN);
        assembly.propose("carol", new Action.NewEpoch());
        assertThat(assembly.find(id).state()).isEqualTo(ProposalState.EXPIRED);
    }

    @Test
    void shouldFailAndChangeNothingWhenActionsNoLongerHoldTogether() {
        String first = assembly.propose("alice", new Action.SetOidcIssuer(issuer("shop")));
        String second = assembly.propose("bob", new Action.RemoveParticipant("shop"));
        assembly.vote("alice", second, Choice.ACCEPT);
        assembly.vote("bob", second, Choice.ACCEPT);
        byte[] before = assembly.constitution().digest();
        assembly.vote("alice", first, Choice.ACCEPT);
        assembly.vote("bob", first, Choice.ACCEPT);

        assertThat(assembly.find(first).state()).isEqualTo(ProposalState.FAILED);
        assertThat(assembly.find(first).reason()).contains("no member or participant is called shop");
        assertThat(assembly.constitution().digest()).isEqualTo(before);
    }

    private static OidcIssuer issuer(String actor) {
        return new OidcIssuer("https://login.example", actor, "coco", "{\"keys\":[]}");
    }

    @Test
    @Tag("N20")
    void shouldEjectAMemberWithItsNodeFromTheNextBlockOn() {
        String id = assembly.propose("alice", new Action.RemoveMember("carol"));
        assembly.vote("alice", id, Choice.ACCEPT);
        String last = assembly.propose("carol", new Action.NewEpoch());
        assertThat(last).isNotNull();
        assembly.vote("bob", id, Choice.ACCEPT);

        Constitution after = assembly.constitution();
        assertThat(after.member("carol")).isNull();
        assertThat(after.nodes().byId("node-carol")).isNull();
        assertThat(after.formerNodes()).singleElement().satisfies(node -> {
            assertThat(node.id()).isEqualTo("node-carol");
            assertThat(node.lastHeight()).isEqualTo(assembly.height());
        });
        assertThat(after.generation()).isEqualTo(1);
        assertThat(after.rollovers()).isEqualTo(1);
        assertThat(assembly.send("carol", assembly.proposal(new Action.NewEpoch())))
                .isEqualTo(Refusal.UNKNOWN_SIGNER);
    }

    @Test
    void shouldOpenTheServiceWhenMembersAgree() {
        assertThat(assembly.constitution().status()).isEqualTo(ServiceStatus.OPENING);
        assembly.pass(ALL, new Action.OpenService());
        assertThat(assembly.constitution().status()).isEqualTo(ServiceStatus.OPEN);
        assertThat(assembly.send("alice", assembly.proposal(new Action.OpenService())))
                .isEqualTo(Refusal.INVALID_ACTIONS);
    }

    @Test
    void shouldWaitForTheNoticeWhenAnActionWeakensSecrecy() {
        assembly = new Assembly(
                consortium,
                consortium.of(
                        List.of(consortium.member("alice"), consortium.member("bob")),
                        List.of(consortium.node("node-1", "alice", 9000)),
                        Consortium.rules(new Rule.One()),
                        3));
        Proposals.Proposal proposal = assembly.pass(
                List.of("alice"), new Action.AddCode(PlatformEntry.SIMULATED, "cd".repeat(32), "release 2"));
        long decided = assembly.height();
        assertThat(proposal.state()).isEqualTo(ProposalState.ACCEPTED);
        assertThat(proposal.effectiveAt()).isEqualTo(decided + 3);
        assertThat(assembly.constitution().code()).hasSize(1);

        assembly.propose("alice", new Action.NewEpoch());
        assertThat(assembly.constitution().code()).hasSize(1);
        assembly.network.mine();
        assembly.propose("bob", new Action.NewEpoch());
        assembly.network.mine();
        assertThat(assembly.constitution().code()).hasSize(2);
        assertThat(assembly.find(proposal.id()).effectiveAt()).isEqualTo(decided + 3);
    }

    @Test
    @Tag("N23")
    void shouldVoidWhatWaitsForItsNoticeWhenMembersOrRulesChange() {
        assembly = new Assembly(
                consortium,
                consortium.of(
                        List.of(consortium.member("alice"), consortium.member("bob")),
                        List.of(consortium.node("node-1", "alice", 9000)),
                        Consortium.rules(new Rule.One()),
                        3));
        Proposals.Proposal waiting = assembly.pass(
                List.of("alice"), new Action.AddCode(PlatformEntry.SIMULATED, "cd".repeat(32), "release 2"));

        assembly.pass(List.of("bob"), new Action.SetRules(Consortium.rules(new Rule.Unanimous())));

        assertThat(assembly.find(waiting.id()).state()).isEqualTo(ProposalState.VOIDED);
        for (int block = 0; block < 4; block++) {
            assembly.propose("alice", new Action.NewEpoch());
            assembly.network.mine();
        }
        assertThat(assembly.constitution().code()).hasSize(1);
    }

    @Test
    @Tag("N22")
    void shouldTakeRetiredCodeOffTheManifestInTheBlockBeforeItsTimeIsOver() {
        String second = "cd".repeat(32);
        assembly.pass(ALL, new Action.AddCode(PlatformEntry.SIMULATED, second, "release 2"));
        assertThat(assembly.constitution().admitsNewcomer(PlatformEntry.SIMULATED, Consortium.MEASUREMENT))
                .isTrue();
        assembly.pass(ALL, new Action.RetireCode(PlatformEntry.SIMULATED, Consortium.MEASUREMENT, 2));
        long from = assembly.height() + 3;
        Constitution during = assembly.constitution();
        assertThat(during.generation()).isZero();
        assertThat(during.admitsCode(PlatformEntry.SIMULATED, Consortium.MEASUREMENT, from - 1))
                .isTrue();
        assertThat(during.admitsCode(PlatformEntry.SIMULATED, Consortium.MEASUREMENT, from))
                .isFalse();
        assertThat(during.admitsNewcomer(PlatformEntry.SIMULATED, Consortium.MEASUREMENT))
                .isFalse();

        assembly.propose("alice", new Action.NewEpoch());
        assembly.network.mine();
        assertThat(assembly.height()).isEqualTo(from - 1);
        assertThat(assembly.constitution().generation()).isEqualTo(1);
        assertThat(assembly.constitution().code()).hasSize(1);
    }

    @Test
    @Tag("N11")
    void shouldAdmitAnOperatorsOwnNodesWithoutAVoteUpToItsNumber() {
        Member alice = consortium.member("alice", Set.of(Role.OPERATOR));
        List<NodeEntry> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(consortium.node("node-bob-" + i, "bob", 9_000 + 10 * i));
        }
        assembly = new Assembly(
                consortium,
                consortium.of(
                        List.of(alice, consortium.member("bob")),
                        nodes,
                        new VotingRules.ReadyMade(new Rule.Unanimous(), new TreeMap<>(), new AutoApproval(2))));
        assertThat(admitted("alice-1", Consortium.MEASUREMENT, true)).isEqualTo(ProposalState.ACCEPTED);
        assertThat(admitted("alice-2", "ef".repeat(32), true)).isEqualTo(ProposalState.OPEN);
        assertThat(admitted("alice-3", Consortium.MEASUREMENT, false)).isEqualTo(ProposalState.OPEN);
        assertThat(admitted("alice-4", Consortium.MEASUREMENT, true)).isEqualTo(ProposalState.ACCEPTED);
        assertThat(admitted("alice-5", Consortium.MEASUREMENT, true)).isEqualTo(ProposalState.OPEN);
        assertThat(JoinRequest.all(assembly.network.state())).hasSize(3);
        assertThat(assembly.constitution().nodes().nodes()).hasSize(6);
    }

    private ProposalState admitted(String node, String measurement, boolean verified) {
        NodeEntry entry = consortium.node(node, "alice", 10_000 + node.hashCode() % 1_000 * 10);
        JoinRequest request = new JoinRequest(entry, PlatformEntry.SIMULATED, measurement, "1", verified);
        assertThat(assembly.send(GovernanceOffers.join(request))).isNull();
        assertThat(assembly.send(GovernanceOffers.join(request))).isEqualTo(Refusal.ALREADY_PENDING);
        return assembly.find(assembly.propose("alice", new Action.AdmitNode(entry)))
                .state();
    }

    @Test
    @Tag("N9")
    void shouldRefuseANodeWhoseEntryItsOwnerDidNotSign() {
        NodeEntry forged = consortium.node("node-4", "alice", "bob", 9_500);
        assertThat(assembly.send("alice", assembly.proposal(new Action.AdmitNode(forged))))
                .isEqualTo(Refusal.INVALID_ACTIONS);
        NodeEntry signed = consortium.node("node-4", "alice", 9_500);
        NodeEntry moved = new NodeEntry(
                "node-4",
                "alice",
                "elsewhere.example",
                signed.raftPort(),
                signed.administrativePort(),
                signed.applicationPort(),
                signed.certificate(),
                signed.wrappingKey(),
                signed.ownerSignature());
        assertThat(assembly.send("alice", assembly.proposal(new Action.AdmitNode(moved))))
                .isEqualTo(Refusal.INVALID_ACTIONS);
        assertThat(assembly.send("alice", assembly.proposal(new Action.AdmitNode(signed))))
                .isNull();
    }

    @Test
    @Tag("N29")
    void shouldCompensateInTheLedgerOnceAndVisiblyWhenMembersDecide() {
        assertThat(assembly.send("alice", assembly.proposal(new Action.Compensate("nowhere", "00", "typo"))))
                .isEqualTo(Refusal.INVALID_ACTIONS);
        SingleNode kv = new SingleNode(new KvLedgerFactory(), "{}");
        // Key a, value z.
        assembly.pass(ALL, new Action.Compensate("kv", "0161017a", "a put that should not have been"));
        List<String> complaints = new ArrayList<>();
        Compensations compensations = new Compensations(id -> kv.ledger(), kv::submit, complaints::add);
        compensations.carryOutAgain(assembly.network.state());
        compensations.carryOutAgain(assembly.network.state());
        assembly.propose("alice", new Action.NewEpoch());

        assertThat(kv.blocks()).hasSize(2);
        byte[] payload = kv.blocks().get(1).transactions().getFirst().payload();
        assertThat(new String(payload, StandardCharsets.ISO_8859_1)).contains("governance:");
        assertThat(complaints).isEmpty();

        assembly.pass(ALL, new Action.Compensate("kv", "ff", "no change at all"));
        compensations.carryOutAgain(assembly.network.state());
        assertThat(complaints).singleElement().asString().contains("does not take the change");
        assertThat(kv.blocks()).hasSize(2);
    }

    @Test
    void shouldExecuteAgainWhenTheBlockOfADecisionIsLost() {
        String id = assembly.propose("alice", new Action.SetLimits(SMALL));
        assembly.vote("bob", id, Choice.ACCEPT);
        assembly.network.mining(false);
        assembly.vote("carol", id, Choice.ACCEPT);
        assertThat(assembly.network.mineAndLose()).isNotNull();
        assertThat(assembly.constitution().limits()).isEqualTo(BlockLimits.defaults());
        assertThat(assembly.network.mine()).isNotNull();

        assertThat(assembly.constitution().limits()).isEqualTo(SMALL);
        assertThat(assembly.network.mine()).isNull();
    }

    @Test
    void shouldEndItsPartOfABlockWithTheDecisionThatChangesTheConstitution() {
        String id = assembly.propose("alice", new Action.RemoveMember("carol"));
        assembly.vote("bob", id, Choice.ACCEPT);
        assembly.network.mining(false);
        Message.Propose farewell = assembly.proposal(new Action.NewEpoch());
        assembly.vote("alice", id, Choice.ACCEPT);
        assembly.send("carol", farewell);
        assertThat(assembly.network.mine())
                .satisfies(block -> assertThat(block.transactions()).hasSize(1));
        assertThat(assembly.network.mine()).isNull();
        assertThat(assembly.network.dropped().values())
                .singleElement()
                .satisfies(reason -> assertThat(Refusal.of(reason)).isEqualTo(Refusal.UNKNOWN_SIGNER));
    }
}
