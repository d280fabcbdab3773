package coco.governance.script;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.rules.Choice;
import coco.governance.rules.Decision;
import coco.governance.rules.ProposalInput;
import coco.governance.rules.ProposalInput.RequestedAction;
import coco.governance.rules.Voter;
import coco.governance.rules.VotingRules;
import coco.governance.script.RuleModule.Validity;
import coco.governance.script.ScriptOutcome.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class RuleModuleTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<Voter> MEMBERS =
            List.of(new Voter("alice", new TreeSet<>(Set.of("operator"))), new Voter("bob", new TreeSet<>()));
    private static final ProposalInput PROPOSAL = new ProposalInput(
            "00ff", "alice", List.of(new RequestedAction("add_code", JSON.readTree("{\"n\":1}"))), null);

    /** Answers what it was told to, and remembers what it was asked. */
    private static final class FakeEngine implements ScriptEngineProcess {
        private final Queue<ScriptOutcome<String>> answers = new ArrayDeque<>();
        private final List<ScriptCall> calls = new ArrayList<>();

        FakeEngine(String... results) {
            for (String result : results) {
                answers.add(new ScriptOutcome.Done<>(result));
            }
        }

        @Override
        public ScriptOutcome<String> run(ScriptCall call) {
            calls.add(call);
            return answers.isEmpty() ? ScriptOutcome.failed(Failure.CRASHED, "no answer") : answers.remove();
        }

        @Override
        public void close() {}
    }

    @Test
    void shouldAskWithProposalBallotsOfMembersAndMembers() {
        FakeEngine engine = new FakeEngine("\"open\"");
        Map<String, Choice> ballots = Map.of("bob", Choice.REJECT, "removed", Choice.ACCEPT);

        assertThat(module(engine).resolve(PROPOSAL, MEMBERS, ballots))
                .isEqualTo(new ScriptOutcome.Done<>(Decision.OPEN));

        assertThat(engine.calls).containsExactly(new ScriptCall("source", ScriptCall.Function.RESOLVE, """
                [{"id":"00ff","proposer":"alice","actions":[{"name":"add_code","arguments":{"n":1}}]},\
                {"bob":"reject"},[{"id":"alice","roles":["operator"]},{"id":"bob","roles":[]}]]"""));
    }

    @Test
    void shouldReadWhatModulesGive() {
        assertThat(module(new FakeEngine("\"accepted\"")).resolve(PROPOSAL, MEMBERS, Map.of()))
                .isEqualTo(new ScriptOutcome.Done<>(Decision.ACCEPTED));
        assertThat(module(new FakeEngine("{\"valid\":true}")).validate(PROPOSAL))
                .isEqualTo(new ScriptOutcome.Done<>(new Validity(true, "")));
        assertThat(module(new FakeEngine("{\"valid\":false,\"description\":\"too\\nlong\"}"))
                        .validate(PROPOSAL))
                .isEqualTo(new ScriptOutcome.Done<>(new Validity(false, "too long")));
        assertThat(module(new FakeEngine("[{\"name\":\"new_epoch\",\"arguments\":{}}]"))
                        .apply(PROPOSAL))
                .isEqualTo(
                        new ScriptOutcome.Done<>(List.of(new RequestedAction("new_epoch", JSON.createObjectNode()))));
    }

    @Test
    void shouldFailWhenAnAnswerHasAnotherShape() {
        for (String result :
                List.of("1", "\"Open\"", "{}", "null", "[".repeat(50) + "]".repeat(50), "{\"a\":1,\"a\":2}")) {
            assertFailed(module(new FakeEngine(result)).resolve(PROPOSAL, MEMBERS, Map.of()), Failure.RESULT);
        }
        for (String result : List.of("{}", "{\"valid\":1}", "{\"valid\":true,\"description\":2}", "[]", "null")) {
            assertFailed(module(new FakeEngine(result)).validate(PROPOSAL), Failure.RESULT);
        }
        for (String result : List.of(
                "{}",
                "[1]",
                "[{\"name\":\"a\"}]",
                "[{\"name\":1,\"arguments\":{}}]",
                "[{\"name\":\"a\",\"arguments\":[]}]",
                "[{\"name\":\"a\",\"arguments\":{},\"more\":1}]")) {
            assertFailed(module(new FakeEngine(result)).apply(PROPOSAL), Failure.RESULT);
        }
        assertFailed(module(new FakeEngine()).apply(PROPOSAL), Failure.CRASHED);
    }

    @Test
    void shouldSayWhetherRulesCouldStillBeChanged() {
        String valid = "{\"valid\":true}";
        String change = "{\"name\":\"set_rules\",\"arguments\":{\"rules\":{\"default\":\"unanimous\"}}}";
        assertThat(module(new FakeEngine(valid, "\"accepted\"", "[" + change + "]"))
                        .canStillPass(MEMBERS))
                .isEqualTo(new ScriptOutcome.Done<>(true));
        // It lets the change pass, and then does not do it.
        assertThat(module(new FakeEngine(valid, "\"accepted\"", "[]")).canStillPass(MEMBERS))
                .isEqualTo(new ScriptOutcome.Done<>(false));
        assertFailed(module(new FakeEngine(valid, "\"accepted\"", "{}")).canStillPass(MEMBERS), Failure.RESULT);
        assertThat(module(new FakeEngine(valid, "\"open\"")).canStillPass(MEMBERS))
                .isEqualTo(new ScriptOutcome.Done<>(false));
        assertThat(module(new FakeEngine("{\"valid\":false}")).canStillPass(MEMBERS))
                .isEqualTo(new ScriptOutcome.Done<>(false));
        assertThat(module(new FakeEngine()).canStillPass(List.of())).isEqualTo(new ScriptOutcome.Done<>(false));
        assertFailed(module(new FakeEngine(valid)).canStillPass(MEMBERS), Failure.CRASHED);
    }

    private static RuleModule module(ScriptEngineProcess engine) {
        return new RuleModule(new VotingRules.Module("source"), engine);
    }

    private static void assertFailed(ScriptOutcome<?> outcome, Failure reason) {
        assertThat(outcome).isInstanceOf(ScriptOutcome.Failed.class);
        assertThat(((ScriptOutcome.Failed<?>) outcome).reason()).isEqualTo(reason);
    }
}
