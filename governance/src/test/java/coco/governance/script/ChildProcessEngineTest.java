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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Modules, most of which mean harm, in real children: two, since the next leader has to see what this one saw. */
final class ChildProcessEngineTest {
    /** As {@code JvmFlags} of the module node has them, which cannot be seen from here. */
    private static final List<String> FLAGS = List.of(
            "-XX:+DisableAttachMechanism",
            "-XX:-UsePerfData",
            "-XX:ErrorFile=/dev/null",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final ScriptLimits LIMITS = new ScriptLimits(160, 200_000, 1_500, 120_000, 300_000, 10_000, 1 << 20);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String GOOD = "export function validate(proposal) { return {valid: proposal.n === 7}; }";

    private static ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor();
    private static List<ChildProcessEngine> leaders = new ArrayList<>();

    @BeforeAll
    static void start() {
        watchdog.close();
        watchdog = Executors.newSingleThreadScheduledExecutor();
        leaders = List.of(
                ChildProcessEngine.ofThisClassPath(FLAGS, LIMITS, watchdog),
                ChildProcessEngine.ofThisClassPath(FLAGS, LIMITS, watchdog));
    }

    @AfterAll
    static void stop() {
        leaders.forEach(ChildProcessEngine::close);
        watchdog.close();
    }

    static List<Arguments> bombs() {
        return List.of(
                bomb("loop", "while (true);", Failure.STATEMENTS),
                bomb("loop of calls", "for (;;) [1, 2].map(x => x + 1);", Failure.STATEMENTS),
                bomb("recursion", "const f = () => 1 + f(); return f();", Failure.THREW),
                bomb("huge string", "let s = 'x'; while (true) s += s;", Failure.THREW),
                bomb(
                        "huge strings kept",
                        "const a = []; while (true) a.push('x'.repeat(1e6 + a.length) + a.length);",
                        Failure.MEMORY,
                        Failure.STATEMENTS,
                        Failure.TIME),
                bomb(
                        "catastrophic regular expression",
                        "return /^(?:(a+)\\1?)+$/.test('a'.repeat(60) + 'b');",
                        Failure.TIME),
                bomb("big integer", "let n = 3n; while (true) n = n * n;", Failure.TIME, Failure.MEMORY, Failure.THREW),
                bomb("array fill", "return new Array(4e9).fill(1).length;", Failure.TIME, Failure.THREW),
                // On a slow machine the time for the first part of it runs out before the memory.
                bomb("array fill within bounds", "return new Array(2e8).fill(1).length;", Failure.MEMORY, Failure.TIME),
                bomb("typed array", "return new Uint8Array(2e9).length;", Failure.MEMORY, Failure.THREW),
                bomb("large answer", "return 'x'.repeat(1e5);", Failure.RESULT),
                bomb(
                        "sort",
                        "return new Array(3e6).fill(0).map((x, i) => -i).sort().length;",
                        Failure.STATEMENTS,
                        Failure.TIME,
                        Failure.MEMORY),
                bomb("Java by name", "return Java.type('java.lang.System').exit(1);", Failure.THREW),
                bomb("Java by package", "return java.lang.System.exit(1);", Failure.THREW),
                bomb("Java by reflection", "return proposal.constructor.constructor('return Java')();", Failure.THREW),
                bomb("another language", "return Polyglot.eval('js', '1');", Failure.THREW),
                bomb("a file", "return load('/etc/passwd');", Failure.THREW),
                bomb("time", "return Date.now();", Failure.THREW),
                bomb("time by another name", "return new Function('return Date.now()')();", Failure.THREW),
                bomb("time by a newer name", "return Temporal.Now.instant();", Failure.THREW),
                bomb("time by locale", "return Intl.DateTimeFormat().format();", Failure.THREW),
                bomb("randomness", "return Math.random();", Failure.THREW),
                bomb("a promise", "return new Promise(() => {});", Failure.RESULT),
                bomb("nothing", "", Failure.RESULT));
    }

    private static Arguments bomb(String name, String body, Failure... allowed) {
        return Arguments.of(name, body, Set.of(allowed));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void shouldStopItAndFailAlikeOnTheNextLeader(String name, String body, Set<Failure> allowed) {
        String source = "export function validate(proposal) { " + body + " }";
        List<ScriptOutcome<String>> outcomes = new ArrayList<>();
        for (ChildProcessEngine leader : leaders) {
            outcomes.add(leader.run(new ScriptCall(source, ScriptCall.Function.VALIDATE, "[{}]")));
        }

        if (name.equals("a promise")) {
            // An object without properties: JSON, but no answer of the right shape; see RuleModuleTest.
            assertThat(outcomes).allMatch(new ScriptOutcome.Done<>("{}")::equals);
            return;
        }
        assertThat(outcomes.getFirst()).isInstanceOf(ScriptOutcome.Failed.class);
        ScriptOutcome.Failed<String> failed = (ScriptOutcome.Failed<String>) outcomes.getFirst();
        assertThat(failed.reason()).as(failed.words()).isIn(allowed);
        assertThat(failed.words()).isNotBlank().hasSizeLessThanOrEqualTo(ScriptOutcome.WORDS_MAX);
        if (allowed.size() == 1) {
            assertThat(outcomes.getLast()).isEqualTo(failed);
        } else {
            assertThat(outcomes.getLast()).isInstanceOf(ScriptOutcome.Failed.class);
        }
        assertUnharmed();
    }

    private static void assertUnharmed() {
        for (ChildProcessEngine leader : leaders) {
            assertThat(leader.run(new ScriptCall(GOOD, ScriptCall.Function.VALIDATE, "[{\"n\":7}]")))
                    .isEqualTo(new ScriptOutcome.Done<>("{\"valid\":true}"));
        }
    }

    @Test
    void shouldRefuseAModuleThatIsNone() {
        ChildProcessEngine leader = leaders.getFirst();
        for (String source : List.of(
                "no javascript",
                "export const validate = 1;",
                "export function resolve() {}",
                "import 'other'; export function validate() {}",
                "export { readFile } from 'fs'; export function validate() {}",
                "export default function validate() {}")) {
            ScriptOutcome<String> outcome = leader.run(new ScriptCall(source, ScriptCall.Function.VALIDATE, "[{}]"));
            assertThat(outcome).as(source).isInstanceOf(ScriptOutcome.Failed.class);
            assertThat(((ScriptOutcome.Failed<String>) outcome).reason())
                    .as(source)
                    .isEqualTo(Failure.MODULE);
        }
        assertUnharmed();
    }

    /** Two thirds, a chair that can object, and a renaming on the way: what ready-made rules cannot say. */
    @Test
    void shouldAnswerTheThreeQuestionsWhenTheModuleIsARealOne() {
        VotingRules.Module source = new VotingRules.Module("""
                const chairs = members => members.filter(m => m.roles.includes('chair')).map(m => m.id);
                export function validate({actions}) {
                  const unknown = actions.find(a => a.name.startsWith('x_'));
                  return {valid: !unknown, description: unknown ? `unknown: ${unknown.name}` : ''};
                }
                export function resolve(proposal, ballots, members) {
                  if (chairs(members).some(id => ballots[id] === 'reject')) return 'rejected';
                  const accepting = Object.values(ballots).filter(b => b === 'accept').length;
                  return accepting * 3 >= members.length * 2 ? 'accepted' : 'open';
                }
                export function apply({actions}) {
                  return actions.flatMap(a => [a, {name: 'new_epoch', arguments: {}}]);
                }""");
        RuleModule rules = new RuleModule(source, leaders.getFirst());
        RequestedAction action = new RequestedAction("add_code", JSON.readTree("{\"name\":\"v2\",\"n\":7}"));
        ProposalInput proposal = new ProposalInput("00", "a", List.of(action), null);
        List<Voter> members = List.of(
                new Voter("a", new TreeSet<>()),
                new Voter("b", new TreeSet<>(Set.of("chair"))),
                new Voter("c", new TreeSet<>()));
        Map<String, Choice> two = Map.of("a", Choice.ACCEPT, "c", Choice.ACCEPT);

        assertThat(rules.validate(proposal)).isEqualTo(new ScriptOutcome.Done<>(new Validity(true, "")));
        RequestedAction other = new RequestedAction("x_rays", JSON.createObjectNode());
        assertThat(rules.validate(new ProposalInput("01", "a", List.of(action, other), null)))
                .isEqualTo(new ScriptOutcome.Done<>(new Validity(false, "unknown: x_rays")));
        assertThat(rules.resolve(proposal, members, Map.of())).isEqualTo(new ScriptOutcome.Done<>(Decision.OPEN));
        assertThat(rules.resolve(proposal, members, two)).isEqualTo(new ScriptOutcome.Done<>(Decision.ACCEPTED));
        assertThat(rules.resolve(proposal, members, Map.of("b", Choice.REJECT)))
                .isEqualTo(new ScriptOutcome.Done<>(Decision.REJECTED));
        assertThat(rules.apply(proposal))
                .isEqualTo(new ScriptOutcome.Done<>(
                        List.of(action, new RequestedAction("new_epoch", JSON.createObjectNode()))));
        assertThat(rules.canStillPass(members)).isEqualTo(new ScriptOutcome.Done<>(true));
    }

    @Test
    void shouldRememberNothingFromOneCallToTheNext() {
        String source = "globalThis.n = (globalThis.n ?? 0) + 1; Object.prototype.left = 1; let calls = 0;"
                + "export function validate() { return {valid: ++calls === 1, description: String(n) + ({}).left}; }";
        for (int i = 0; i < 3; i++) {
            assertThat(leaders.getFirst().run(new ScriptCall(source, ScriptCall.Function.VALIDATE, "[{}]")))
                    .isEqualTo(new ScriptOutcome.Done<>("{\"valid\":true,\"description\":\"11\"}"));
        }
        assertUnharmed();
    }

    @Test
    void shouldFailWhenTheChildCannotStartOrIsNoEngine() {
        for (String program : List.of("/nowhere/java", "/bin/false", "/bin/cat")) {
            ScriptLimits impatient = new ScriptLimits(64, 1, 1, 1_000, 1_000, 1_000, 1_000);
            try (ChildProcessEngine engine = new ChildProcessEngine(List.of(program), impatient, watchdog)) {
                ScriptOutcome<String> outcome = engine.run(new ScriptCall(GOOD, ScriptCall.Function.APPLY, "[]"));
                assertThat(((ScriptOutcome.Failed<String>) outcome).reason())
                        .as(program)
                        .isEqualTo(Failure.CRASHED);
            }
        }
    }

    @Test
    void shouldRefuseWhenArgumentsAreTooLargeOrTheEngineIsClosed() {
        ChildProcessEngine engine = ChildProcessEngine.ofThisClassPath(FLAGS, LIMITS, watchdog);
        engine.prepare();
        ScriptOutcome<String> large =
                engine.run(new ScriptCall("x".repeat(LIMITS.inputBytes()), ScriptCall.Function.APPLY, "[]"));
        assertThat(((ScriptOutcome.Failed<String>) large).reason()).isEqualTo(Failure.RESULT);
        engine.close();

        ScriptOutcome<String> outcome = engine.run(new ScriptCall(GOOD, ScriptCall.Function.VALIDATE, "[{}]"));

        assertThat(((ScriptOutcome.Failed<String>) outcome).words()).isEqualTo("the node is stopping");
    }
}
