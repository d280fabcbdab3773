package coco.governance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Sha256;
import coco.governance.Action;
import coco.governance.Consortium;
import coco.governance.Constitution;
import coco.governance.ContractAccess;
import coco.governance.GovernanceLimits;
import coco.governance.GovernanceMaps;
import coco.governance.Member;
import coco.governance.NodeEntry;
import coco.governance.PlatformEntry;
import coco.governance.rules.Choice;
import coco.governance.rules.Rule;
import coco.kv.Cursor;
import coco.kv.MapSpec;
import coco.kv.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a member can do to the others by sheer mass. */
final class BoundsTest {
    private static final List<String> ALL = List.of("alice", "bob", "carol");

    private final Consortium consortium = new Consortium();
    private Assembly assembly = new Assembly(consortium, consortium.of("alice", "bob", "carol"));

    @AfterEach
    void everythingIsFoundAgainFromTheRecord() {
        assertThat(assembly.judgeAgain()).isNull();
    }

    /** Rules of contracts that have that many kilobytes together, of contracts that no other number gives. */
    private static Action[] large(int kilobytes, int number) {
        Action[] actions = new Action[kilobytes / 15];
        for (int i = 0; i < actions.length; i++) {
            actions[i] = new Action.SetContractAccess(
                    new ContractAccess("kv", "%04x%04x".formatted(number, i), "\"" + "x".repeat(15 * 1_024) + "\""));
        }
        return actions;
    }

    private int lastBlockBytes() {
        return assembly.network.blocks().getLast().publicWrites().length;
    }

    @Test
    @Tag("N20")
    void shouldEjectAMemberWhoseProposalsFillTheListInABlockOfSomeKilobytes() {
        int large = 0;
        while (assembly.send("carol", assembly.proposal(large(450, large))) == null) {
            large++;
        }
        assertThat(large).isEqualTo(4);
        assertThat(assembly.send("carol", assembly.proposal(large(450, large)))).isEqualTo(Refusal.TOO_MANY_OPEN);
        int small = 0;
        while (assembly.send("carol", assembly.proposal(new Action.NewEpoch())) == null) {
            small++;
        }
        assertThat(large + small).isEqualTo(GovernanceLimits.OPEN_PROPOSALS_PER_MEMBER);

        String ejection = assembly.propose("alice", new Action.RemoveMember("carol"));
        assertThat(assembly.vote("alice", ejection, Choice.ACCEPT)).isNull();
        int ballot = lastBlockBytes();
        assertThat(assembly.vote("bob", ejection, Choice.ACCEPT)).isNull();

        assertThat(assembly.constitution().member("carol")).isNull();
        assertThat(Proposals.listed(assembly.network.state()))
                .filteredOn(listed -> listed.state() == ProposalState.VOIDED)
                .hasSize(large + small);
        assertThat(ballot).as("a ballot does not write again what it is about").isLessThan(8 << 10);
        assertThat(lastBlockBytes()).isLessThan(64 << 10);
    }

    @Test
    void shouldLetEveryMemberProposeSomethingSmallWhenOthersHaveFilledTheList() {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            members.add(consortium.member("member-" + i));
        }
        assembly = new Assembly(
                consortium,
                consortium.of(
                        members,
                        List.of(consortium.node("node-1", "member-0", 9_000)),
                        Consortium.rules(new Rule.Majority())));
        for (int i = 0; i < GovernanceLimits.OPEN_PROPOSALS; i++) {
            assembly.propose("member-" + i % 8, new Action.NewEpoch());
        }
        assertThat(assembly.send("member-1", assembly.proposal(new Action.NewEpoch())))
                .isEqualTo(Refusal.TOO_MANY_OPEN);
        assertThat(assembly.send("member-8", assembly.proposal(large(150, 1)))).isEqualTo(Refusal.TOO_MANY_OPEN);
        String ejection = assembly.propose("member-8", new Action.RemoveMember("member-1"));
        assembly.propose("member-8", new Action.NewEpoch());
        assertThat(assembly.send("member-8", assembly.proposal(new Action.NewEpoch())))
                .isEqualTo(Refusal.TOO_MANY_OPEN);

        for (Member member : members) {
            if (assembly.find(ejection).state() == ProposalState.OPEN) {
                assembly.vote(member.id(), ejection, Choice.ACCEPT);
            }
        }
        assertThat(assembly.constitution().member("member-1")).isNull();
        assertThat(lastBlockBytes()).as("one decision closes all").isLessThan(256 << 10);
    }

    @Test
    void shouldForgetOldProposalsWithTheirBallotsAndOldHistory() {
        int made = 400;
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < made; i++) {
            String id = assembly.propose("alice", new Action.NewEpoch());
            ids.add(id);
            assembly.vote("bob", id, Choice.ACCEPT);
            assembly.send("alice", assembly.withdrawal(id, Message.Subject.PROPOSAL));
        }
        assertThat(ids).hasSize(made);
        String open = assembly.propose("bob", new Action.NewEpoch());

        Reader state = assembly.network.state();
        int kept = GovernanceLimits.CLOSED_PROPOSALS + 1;
        assertThat(Proposals.listed(state))
                .hasSize(kept)
                .anyMatch(listed -> listed.id().equals(open));
        assertThat(List.of(size(GovernanceMaps.PROPOSALS), size(GovernanceMaps.STANDINGS)))
                .containsOnly((long) kept);
        assertThat(size(GovernanceMaps.BALLOTS)).isEqualTo(kept - 1L);
        assertThat(size(GovernanceMaps.CLOSED)).isEqualTo(kept - 1L);
        assertThat(size(GovernanceMaps.HISTORY)).isEqualTo(GovernanceLimits.HISTORY_ENTRIES);
        assertThat(History.kept(state)).isEqualTo(assembly.height() + 1 - GovernanceLimits.HISTORY_ENTRIES);
    }

    private long size(MapSpec map) {
        long entries = 0;
        Cursor cursor = assembly.network.state().scanPrefix(map, new byte[0]);
        while (cursor.next()) {
            entries++;
        }
        return entries;
    }

    @Test
    void shouldFailWhatWouldMakeAConstitutionThatNoBlockCarries() {
        for (int i = 0; i < 4; i++) {
            assertThat(assembly.pass(ALL, large(450, i)).state()).isEqualTo(ProposalState.ACCEPTED);
        }
        Constitution full = assembly.constitution();
        assertThat(full.bytes().length).isBetween(1_800_000, GovernanceLimits.CONSTITUTION_BYTES);
        assertThat(assembly.send("alice", assembly.proposal(large(450, 5)))).isEqualTo(Refusal.INVALID_ACTIONS);

        assembly.pass(ALL, new Action.RemoveMember("carol"));
        assertThat(assembly.constitution().member("carol")).isNull();
    }

    private Assembly withNotice() {
        return new Assembly(
                consortium,
                consortium.of(
                        List.of(consortium.member("alice"), consortium.member("bob")),
                        List.of(consortium.node("node-1", "alice", 9_000)),
                        Consortium.rules(new Rule.One()),
                        3));
    }

    private void makeBlocks(int count) {
        for (int i = 0; i < count; i++) {
            assembly.propose("bob", new Action.NewEpoch());
            assembly.network.mine();
        }
    }

    @Test
    void shouldFailWhatIsDueWhenItNoLongerFitsAndGoOn() {
        assembly = withNotice();
        Action code = new Action.AddCode(PlatformEntry.SIMULATED, "cd".repeat(32), "release 2");
        Proposals.Proposal waits = assembly.pass(List.of("alice"), code);
        assertThat(waits.effectiveAt()).isEqualTo(assembly.height() + 3);
        while (assembly.height() + 1 < Objects.requireNonNull(waits.effectiveAt())) {
            assembly.propose("bob", new Action.NewEpoch());
        }
        // What the core does with a transaction that fits into no block, by itself.
        long due = assembly.height() + 1;
        assembly.network.mineAndLose();
        byte[] id = Sha256.hash(
                "coco governance due v1\0".getBytes(StandardCharsets.US_ASCII),
                ByteBuffer.allocate(Long.BYTES).putLong(due).array());
        assembly.network.ledger().forget(id);
        assembly.network.ledger().rebase(assembly.network.state());
        assembly.network.mine();

        assertThat(assembly.find(waits.id()).state()).isEqualTo(ProposalState.FAILED);
        assertThat(assembly.find(waits.id()).reason()).contains("a block cannot carry");
        assertThat(assembly.constitution().code()).hasSize(1);
        assertThat(assembly.network.ledger().hasWork()).isFalse();

        Proposals.Proposal again = assembly.pass(List.of("alice"), code);
        makeBlocks(4);
        assertThat(assembly.find(again.id()).state()).isEqualTo(ProposalState.ACCEPTED);
        assertThat(assembly.constitution().code()).hasSize(2);
    }

    @Test
    void shouldWaitForTheNoticeWhenAMemberBringsARecoveryKey() {
        assembly = withNotice();
        Member dora = consortium.member("dora");
        Member mute = new Member("emil", consortium.certificate("emil"), null, null, Set.of());
        Action renewal =
                new Action.RenewMember("alice", null, null, consortium.publicKey("alice's new recovery"), null);
        for (Action weakening : List.of(new Action.AddMember(dora), renewal)) {
            Proposals.Proposal waits = assembly.pass(List.of("alice"), weakening);
            assertThat(waits.state()).as(weakening.name()).isEqualTo(ProposalState.ACCEPTED);
            assertThat(waits.effectiveAt()).as(weakening.name()).isEqualTo(assembly.height() + 3);
            makeBlocks(4);
            assertThat(assembly.find(waits.id()).state()).isEqualTo(ProposalState.ACCEPTED);
        }
        assertThat(assembly.constitution().member("dora")).isNotNull();
        Proposals.Proposal atOnce = assembly.pass(List.of("alice"), new Action.AddMember(mute));
        assertThat(atOnce.effectiveAt()).isEqualTo(assembly.height());
    }

    private JoinRequest request(String node, String owner, String version, String measurement) {
        NodeEntry entry = consortium.node(node, owner, 20_000 + Math.floorMod(node.hashCode(), 4_000) * 10);
        return new JoinRequest(entry, PlatformEntry.SIMULATED, measurement, version, true);
    }

    private @Nullable Refusal knock(JoinRequest request) {
        return assembly.send(GovernanceOffers.join(request));
    }

    @Test
    void shouldRecordARequestToJoinOnceWhateverTheNodeSaysOfItsVersion() {
        JoinRequest first = request("node-9", "alice", "1", Consortium.MEASUREMENT);
        assertThat(knock(first)).isNull();
        for (int i = 2; i < 50; i++) {
            JoinRequest other = new JoinRequest(
                    first.node(), first.platform(), first.measurement(), "version " + i, first.evidenceVerified());
            assertThat(knock(other)).isEqualTo(Refusal.ALREADY_PENDING);
        }
        JoinRequest upgraded = new JoinRequest(first.node(), first.platform(), "cd".repeat(32), "50", true);
        assertThat(knock(upgraded)).isEqualTo(Refusal.TOO_MANY_JOINS);
        assertThat(assembly.height()).isEqualTo(1);
        assertThat(JoinRequest.find(assembly.network.state(), first.node())).isEqualTo(first);
    }

    @Test
    void shouldKeepAnHonestRequestWhenAnotherOwnersNodesKnockWithoutEnd() {
        JoinRequest honest = request("node-honest", "alice", "1", Consortium.MEASUREMENT);
        assertThat(knock(honest)).isNull();
        int taken = 0;
        for (int i = 0; i < 70; i++) {
            taken += knock(request("node-" + i, "shop", "1", Consortium.MEASUREMENT)) == null ? 1 : 0;
        }
        assertThat(taken).isEqualTo(GovernanceLimits.JOINS_PER_OWNER);
        assembly.advance(GovernanceLimits.JOIN_SECONDS);
        assertThat(knock(request("node-later", "shop", "1", Consortium.MEASUREMENT)))
                .isNull();
        assertThat(JoinRequest.all(assembly.network.state()))
                .hasSize(GovernanceLimits.JOINS_PER_OWNER + 1)
                .contains(honest);

        assembly.pass(ALL, new Action.RemoveParticipant("shop"));
        assertThat(JoinRequest.all(assembly.network.state())).containsExactly(honest);
    }
}
