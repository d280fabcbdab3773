package coco.governance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.Action;
import coco.governance.BlockLimits;
import coco.governance.Consortium;
import coco.governance.NodeEntry;
import coco.governance.document.Documents;
import coco.governance.rules.Choice;
import coco.governance.rules.VotingRules;
import coco.governance.script.ScriptCall;
import coco.governance.script.ScriptEngineProcess;
import coco.governance.script.ScriptOutcome;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The state machine under a consortium's own rules, which a fake answers for. */
final class RuleModuleVoteTest {
    private static final VotingRules MODULE = new VotingRules.Module("export function resolve() {}");

    private final Consortium consortium = new Consortium();
    private final FakeEngine engine = new FakeEngine();
    private final List<NodeEntry> nodes = List.of(consortium.node("node-1", "alice", 9_000));
    private final Assembly assembly = new Assembly(
            consortium,
            consortium.of(List.of(consortium.member("alice"), consortium.member("bob")), nodes, MODULE),
            engine);

    /** Accepts at two ballots for it; does what was proposed; counts how often it was really asked. */
    private static final class FakeEngine implements ScriptEngineProcess {
        ScriptOutcome<String> applied = new ScriptOutcome.Done<>("");
        boolean valid = true;
        boolean broken;
        int calls;

        @Override
        public ScriptOutcome<String> run(ScriptCall call) {
            calls++;
            if (broken) {
                return new ScriptOutcome.Failed<>(ScriptOutcome.Failure.TIME, "it took too long");
            }
            var arguments = Documents.tree(call.arguments());
            return switch (call.function()) {
                case VALIDATE -> new ScriptOutcome.Done<>("{\"valid\":" + valid + ",\"description\":\"so it says\"}");
                case RESOLVE -> new ScriptOutcome.Done<>(arguments.get(1).size() >= 2 ? "\"accepted\"" : "\"open\"");
                case APPLY ->
                    applied instanceof ScriptOutcome.Done<String>(String text) && text.isEmpty()
                            ? new ScriptOutcome.Done<>(
                                    arguments.get(0).get("actions").toString())
                            : applied;
            };
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void everythingIsFoundAgainFromTheRecordWithoutAskingTheModule() {
        int before = engine.calls;
        assertThat(assembly.judgeAgain()).isNull();
        assertThat(engine.calls).isEqualTo(before);
    }

    /** Makes blocks, and asks the module between them, until nothing waits. */
    private void settle() {
        for (int i = 0; i < 20 && assembly.network.ledger().hasWork(); i++) {
            assembly.network.mine();
        }
    }

    private String voted(Action action) {
        String id = assembly.propose("alice", action);
        settle();
        assembly.vote("alice", id, Choice.ACCEPT);
        settle();
        return id;
    }

    @Test
    void shouldDoWhatTheModuleSaysWhenItAccepts() {
        String id = voted(new Action.NewEpoch());
        assertThat(assembly.find(id).state()).isEqualTo(ProposalState.OPEN);
        engine.applied = new ScriptOutcome.Done<>("[{\"name\":\"set_limits\",\"arguments\":"
                + new Action.SetLimits(BlockLimits.defaults()).arguments() + "}]");
        assembly.vote("bob", id, Choice.ACCEPT);
        settle();

        assertThat(assembly.find(id).state()).isEqualTo(ProposalState.ACCEPTED);
        assertThat(assembly.constitution().rollovers()).isZero();
        assertThat(assembly.find(id).actions()).singleElement().isInstanceOf(Action.SetLimits.class);
    }

    @Test
    void shouldRefuseAProposalWhenTheModuleDoesNotTakeIt() {
        engine.valid = false;
        Message.Propose proposal = assembly.proposal(new Action.NewEpoch());
        assembly.send("alice", proposal);
        settle();
        assertThat(assembly.height()).isZero();
        assertThat(assembly.network.dropped().values())
                .singleElement()
                .satisfies(reason -> assertThat(Refusal.of(reason)).isEqualTo(Refusal.INVALID_ACTIONS));
    }

    @Test
    void shouldFailTheProposalWhenTheModuleFailsOrGivesNonsense() {
        String first = voted(new Action.NewEpoch());
        engine.broken = true;
        assembly.vote("bob", first, Choice.ACCEPT);
        settle();
        assertThat(assembly.find(first).state()).isEqualTo(ProposalState.FAILED);
        assertThat(assembly.find(first).reason()).contains("TIME").contains("it took too long");

        engine.broken = false;
        engine.applied = new ScriptOutcome.Done<>("[{\"name\":\"grant_founder_privilege\",\"arguments\":{}}]");
        String second = voted(new Action.NewEpoch());
        assembly.vote("bob", second, Choice.ACCEPT);
        settle();
        assertThat(assembly.find(second).state()).isEqualTo(ProposalState.FAILED);
        assertThat(assembly.constitution().rollovers()).isZero();
    }

    @Test
    void shouldNotAskOnTheThreadThatMakesBlocks() {
        assembly.network.background(false);
        assembly.send("alice", assembly.proposal(new Action.NewEpoch()));
        assembly.network.mine();
        assertThat(engine.calls).isZero();
        assertThat(assembly.network.ledger().hasWork()).isFalse();
        assembly.network.background(true);
        assertThat(assembly.network.ledger().hasWork()).isTrue();
        settle();
        assertThat(Proposals.listed(assembly.network.state())).hasSize(1);
    }

    @Test
    void shouldFailWhenAChangeOfMembersWouldLeaveNobodyWhoCanPassAnything() {
        // Two ballots are needed, and one member would be left.
        String id = voted(new Action.RemoveMember("bob"));
        assembly.vote("bob", id, Choice.ACCEPT);
        settle();
        assertThat(assembly.find(id).state()).isEqualTo(ProposalState.FAILED);
        assertThat(assembly.constitution().members()).hasSize(2);
    }
}
