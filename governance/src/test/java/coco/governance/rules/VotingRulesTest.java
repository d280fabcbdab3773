package coco.governance.rules;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.rules.ProposalInput.RequestedAction;
import coco.governance.rules.VotingRules.ReadyMade;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

final class VotingRulesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String[] NAMES = {"a", "b", "c", "d", "e"};

    /** Ballots of members a, b, c, …: A accepts, R rejects, a dash is silent. */
    @ParameterizedTest(name = "{0} with ballots ''{1}'' is {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"unanimous\"|``|REJECTED",
                "\"unanimous\"|A|ACCEPTED",
                "\"unanimous\"|-|OPEN",
                "\"unanimous\"|R|REJECTED",
                "\"unanimous\"|AAA-|OPEN",
                "\"unanimous\"|AAAA|ACCEPTED",
                "\"unanimous\"|---R|REJECTED",
                "\"unanimous\"|----|OPEN",
                "\"majority\"|``|REJECTED",
                "\"majority\"|A|ACCEPTED",
                "\"majority\"|R|REJECTED",
                "\"majority\"|A-|OPEN",
                "\"majority\"|AR|REJECTED",
                "\"majority\"|AA|ACCEPTED",
                "\"majority\"|AA-|ACCEPTED",
                "\"majority\"|AAR|ACCEPTED",
                "\"majority\"|A-R|OPEN",
                "\"majority\"|-RR|REJECTED",
                "\"majority\"|AA--|OPEN",
                "\"majority\"|AARR|REJECTED",
                "\"majority\"|--RR|REJECTED",
                "\"majority\"|AAA-|ACCEPTED",
                "\"majority\"|-----|OPEN",
                "\"majority\"|AARR-|OPEN",
                "\"one\"|``|REJECTED",
                "\"one\"|A|ACCEPTED",
                "\"one\"|R|REJECTED",
                "\"one\"|RR-|OPEN",
                "\"one\"|RRA|ACCEPTED",
                "\"one\"|RRR|REJECTED",
                "{\"threshold\":1}|``|REJECTED",
                "{\"threshold\":2}|A|REJECTED",
                "{\"threshold\":2}|AA|ACCEPTED",
                "{\"threshold\":2}|A--|OPEN",
                "{\"threshold\":2}|A-R|OPEN",
                "{\"threshold\":2}|-RR|REJECTED",
                "{\"threshold\":2}|ARA-|ACCEPTED",
                "{\"threshold\":3}|AA|REJECTED",
                "{\"veto\":[\"a\"],\"then\":\"majority\"}|``|REJECTED",
                "{\"veto\":[\"a\"],\"then\":\"majority\"}|A|ACCEPTED",
                "{\"veto\":[\"a\"],\"then\":\"majority\"}|R|REJECTED",
                "{\"veto\":[\"a\"],\"then\":\"majority\"}|RAA|REJECTED",
                "{\"veto\":[\"a\"],\"then\":\"majority\"}|-AA|OPEN",
                "{\"veto\":[\"a\"],\"then\":\"majority\"}|AA-|ACCEPTED",
                "{\"veto\":[\"a\"],\"then\":\"majority\"}|ARR|REJECTED",
                "{\"veto\":[\"a\",\"b\"],\"then\":\"one\"}|A-A|OPEN",
                "{\"veto\":[\"a\",\"b\"],\"then\":\"one\"}|AA-|ACCEPTED",
                "{\"veto\":[\"zoe\"],\"then\":\"majority\"}|AA-|ACCEPTED",
                "{\"veto\":[\"zoe\"],\"then\":\"unanimous\"}|AA-|OPEN"
            })
    @Tag("N10")
    void shouldJudgeAsTheTableSays(String rule, String ballots, Decision expected) {
        Judgement judgement = rules(rule).decide(proposal("add_code"), voters(ballots.length()), ballots(ballots));

        assertThat(judgement.decision()).as(judgement.words()).isEqualTo(expected);
        assertThat(judgement.automatic()).isFalse();
    }

    /** For every rule, up to five members and every set of ballots: what all ways to go on have in common. */
    @Test
    void shouldDecideExactlyWhenNoFurtherBallotCouldChangeIt() {
        int compared = 0;
        for (Rule rule : everyKind()) {
            ReadyMade rules = new ReadyMade(rule, new TreeMap<>(), null);
            for (int members = 0; members <= NAMES.length; members++) {
                for (String ballots : everyBallot(members)) {
                    Decision decision = rules.decide(proposal("add_code"), voters(members), ballots(ballots))
                            .decision();
                    assertThat(decision).as(rule + " " + ballots).isEqualTo(certain(rule, ballots));
                    compared++;
                }
            }
        }
        assertThat(compared).as("comparisons").isEqualTo(8 * 364);
    }

    private static List<Rule> everyKind() {
        Rule two = new Rule.Threshold(2);
        return List.of(
                new Rule.Unanimous(),
                new Rule.Majority(),
                new Rule.One(),
                two,
                new Rule.Threshold(4),
                new Rule.Veto(new TreeSet<>(Set.of("a")), new Rule.Majority()),
                new Rule.Veto(new TreeSet<>(Set.of("b", "c")), two),
                new Rule.Veto(new TreeSet<>(Set.of("a", "zoe")), new Rule.Unanimous()));
    }

    private static List<String> everyBallot(int members) {
        List<String> all = List.of("");
        for (int i = 0; i < members; i++) {
            all = all.stream()
                    .flatMap(ballots -> List.of(ballots + 'A', ballots + 'R', ballots + '-').stream())
                    .toList();
        }
        return all;
    }

    private static Decision certain(Rule rule, String ballots) {
        int silent = ballots.indexOf('-');
        if (silent < 0) {
            return passes(rule, ballots) ? Decision.ACCEPTED : Decision.REJECTED;
        }
        String before = ballots.substring(0, silent);
        String after = ballots.substring(silent + 1);
        Decision with = certain(rule, before + 'A' + after);
        return with == certain(rule, before + 'R' + after) ? with : Decision.OPEN;
    }

    /** The rule as its name says it, all having voted. */
    private static boolean passes(Rule rule, String ballots) {
        long accepting = ballots.chars().filter(c -> c == 'A').count();
        return switch (rule) {
            case Rule.Unanimous _ -> accepting > 0 && accepting == ballots.length();
            case Rule.Majority _ -> accepting > ballots.length() - accepting;
            case Rule.One _ -> accepting > 0;
            case Rule.Threshold threshold -> accepting >= threshold.votes();
            case Rule.Veto veto -> {
                boolean stopped = false;
                for (int i = 0; i < ballots.length(); i++) {
                    stopped |= ballots.charAt(i) == 'R' && veto.members().contains(NAMES[i]);
                }
                yield !stopped && passes(veto.then(), ballots);
            }
        };
    }

    @Test
    void shouldCountActiveMembersOnlyWhenOthersHaveVoted() {
        Map<String, Choice> ballots = Map.of("a", Choice.ACCEPT, "removed", Choice.ACCEPT, "stranger", Choice.REJECT);

        assertThat(rules("\"majority\"")
                        .decide(proposal("add_code"), voters(3), ballots)
                        .words())
                .isEqualTo("majority: 1 of 3 accept, 0 reject, 2 needed");
    }

    @Test
    void shouldFollowTheStrictestRuleWhenAProposalHasSeveralActions() {
        ReadyMade rules = (ReadyMade) VotingRules.fromJson(JSON.readTree("""
                {"default": "majority", "actions": {"set_rules": "unanimous", "new_epoch": "one"}}"""));

        String[][] table = {
            {"new_epoch", "A--", "ACCEPTED"},
            {"new_epoch,add_code", "A--", "OPEN"},
            {"add_code,new_epoch", "AA-", "ACCEPTED"},
            {"new_epoch,set_rules", "AA-", "OPEN"},
            {"set_rules,new_epoch", "AAR", "REJECTED"},
            {"new_epoch,add_code,set_rules", "AAA", "ACCEPTED"},
            {"new_epoch,add_code", "-RR", "REJECTED"},
        };
        for (String[] row : table) {
            assertThat(rules.decide(proposal(row[0].split(",")), voters(3), ballots(row[1]))
                            .decision())
                    .as(String.join(" ", row))
                    .isEqualTo(Decision.valueOf(row[2]));
        }
    }

    @Test
    void shouldSayWhetherAnythingCanStillPassWhenMembersOrRulesChange() {
        String[][] table = {
            {"\"unanimous\"", "0", "false"},
            {"\"unanimous\"", "1", "true"},
            {"{\"threshold\":3}", "2", "false"},
            {"{\"threshold\":3}", "3", "true"},
            {"{\"veto\":[\"zoe\"],\"then\":\"one\"}", "0", "false"},
            {"{\"veto\":[\"a\"],\"then\":{\"threshold\":2}}", "1", "false"},
            {"{\"veto\":[\"a\"],\"then\":{\"threshold\":2}}", "2", "true"},
        };
        for (String[] row : table) {
            Set<String> members = new TreeSet<>(List.of(NAMES).subList(0, Integer.parseInt(row[1])));
            assertThat(rules(row[0]).canStillPass(members))
                    .as(String.join(" ", row))
                    .isEqualTo(row[2].equals("true"));
        }
        ReadyMade oneTooMany = (ReadyMade) VotingRules.fromJson(
                JSON.readTree("{\"default\":\"one\",\"actions\":{\"set_rules\":{\"threshold\":4}}}"));
        assertThat(oneTooMany.canStillPass(Set.of("a", "b", "c"))).isFalse();
        assertThat(oneTooMany.canStillPass(Set.of("a", "b", "c", "d"))).isTrue();
    }

    /** Columns: role, owner, endorsed, nodes it has, voters by owner, expected objection or null. */
    @Test
    void shouldAdmitAnOperatorsNodesWithoutAVoteUpToKAndNoFurther() {
        ReadyMade rules = new ReadyMade(new Rule.Majority(), new TreeMap<>(), new AutoApproval(2));
        Map<String, Integer> even = Map.of("a", 1, "b", 1, "c", 1);
        Object[][] table = {
            {"operator", "a", true, 1, even, null},
            {"operator", "a", true, 0, Map.of("b", 1, "c", 1), null},
            {"operator", "a", true, 2, even, "has 2 nodes, 2 need no vote"},
            {"operator", "a", true, 3, even, "has 3 nodes"},
            {"operator", "a", false, 1, even, "not endorsed"},
            {"operator", "b", true, 1, even, "belongs to another"},
            {"auditor", "a", true, 1, even, "no operator"},
            {"operator", "a", true, 1, Map.of("a", 1, "b", 1), "more than half"},
            {"operator", "a", true, 0, Map.of(), "more than half"},
            {"operator", "a", true, 1, Map.of("a", 1, "b", 2), null},
        };
        for (Object[] row : table) {
            Judgement judgement = admission(rules, row);
            String expected = (String) row[5];
            assertThat(judgement.automatic()).as(judgement.words()).isEqualTo(expected == null);
            assertThat(judgement.decision()).isEqualTo(expected == null ? Decision.ACCEPTED : Decision.OPEN);
            assertThat(judgement.words()).contains(expected == null ? "operator a admits" : expected);
        }
    }

    private static Judgement admission(ReadyMade rules, Object[] row) {
        Map<String, Integer> voters = new TreeMap<>();
        ((Map<?, ?>) row[4]).forEach((owner, count) -> voters.put((String) owner, (Integer) count));
        AdmissionFacts facts =
                new AdmissionFacts((Boolean) row[2], (String) row[1], (Integer) row[3], new TreeMap<>(voters));
        List<Voter> members = new ArrayList<>(voters(3));
        members.set(0, new Voter("a", new TreeSet<>(Set.of((String) row[0]))));
        return rules.decide(proposal(facts, "admit_node"), members, Map.of());
    }

    @Test
    void shouldAskForAVoteWhenAnAdmissionComesWithAnythingElse() {
        ReadyMade rules = new ReadyMade(new Rule.Majority(), new TreeMap<>(), new AutoApproval(2));
        AdmissionFacts facts = new AdmissionFacts(true, "a", 0, new TreeMap<>(Map.of("b", 3)));
        List<Voter> members = List.of(new Voter("a", new TreeSet<>(Set.of(Voter.OPERATOR))));

        assertThat(rules.decide(proposal(facts, "admit_node"), members, Map.of())
                        .decision())
                .isEqualTo(Decision.ACCEPTED);
        for (ProposalInput proposal : List.of(
                proposal(facts, "admit_node", "add_member"),
                proposal(facts, "admit_node", "admit_node"),
                proposal(facts, "replace_node"),
                proposal("admit_node"))) {
            assertThat(rules.decide(proposal, members, Map.of()).decision())
                    .as(proposal.actions().toString())
                    .isEqualTo(Decision.OPEN);
        }
    }

    private static ReadyMade rules(String byDefault) {
        return (ReadyMade) VotingRules.fromJson(JSON.readTree("{\"default\":" + byDefault + "}"));
    }

    private static ProposalInput proposal(String... actions) {
        return proposal(null, actions);
    }

    private static ProposalInput proposal(@Nullable AdmissionFacts facts, String... actions) {
        List<RequestedAction> requested = new ArrayList<>();
        for (String action : actions) {
            requested.add(new RequestedAction(action, JSON.createObjectNode()));
        }
        return new ProposalInput("00", "a", requested, facts);
    }

    private static List<Voter> voters(int count) {
        List<Voter> voters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            voters.add(new Voter(NAMES[i], new TreeSet<>()));
        }
        return voters;
    }

    private static Map<String, Choice> ballots(String letters) {
        Map<String, Choice> ballots = new TreeMap<>();
        for (int i = 0; i < letters.length(); i++) {
            if (letters.charAt(i) != '-') {
                ballots.put(NAMES[i], letters.charAt(i) == 'A' ? Choice.ACCEPT : Choice.REJECT);
            }
        }
        return ballots;
    }
}
