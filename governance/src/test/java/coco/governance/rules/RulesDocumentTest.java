package coco.governance.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RulesDocumentTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"default\":\"majority\"}",
                "{\"default\":{\"threshold\":3},\"actions\":{\"new_epoch\":\"one\",\"set_rules\":\"unanimous\"}}",
                "{\"default\":{\"veto\":[\"a\",\"b\"],\"then\":{\"threshold\":2}}}",
                "{\"default\":\"one\",\"autoApprove\":{\"nodesPerOperator\":2}}",
                "{\"module\":\"export function validate() {}\"}"
            })
    void shouldReadBackWhatItWrote(String text) {
        JsonNode section = JSON.readTree(text);

        VotingRules rules = VotingRules.fromJson(section);

        assertThat(rules.toJson()).isEqualTo(section);
        assertThat(VotingRules.fromJson(rules.toJson())).isEqualTo(rules);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|default: \"unanimous\"",
                "[]|an object",
                "{\"default\":\"most\"}|default: \"unanimous\"",
                "{\"default\":{\"threshold\":0}}|default.threshold: a whole number, 1 to 1000",
                "{\"default\":{\"threshold\":1.5}}|default.threshold: a whole number",
                "{\"default\":{\"threshold\":4294967297}}|default.threshold: a whole number",
                "{\"default\":{\"threshold\":2,\"of\":3}}|default.of: unknown key",
                "{\"default\":{\"veto\":[],\"then\":\"one\"}}|default.veto: 1 to 128 members",
                "{\"default\":{\"veto\":[\"a\",\"a\"],\"then\":\"one\"}}|default.veto: each member once",
                "{\"default\":{\"veto\":[\"A\"],\"then\":\"one\"}}|default.veto: ids of members",
                "{\"default\":{\"veto\":[\"a\"]}}|default.then: \"unanimous\"",
                "{\"default\":{\"veto\":[\"a\"],\"then\":{\"veto\":[\"b\"],\"then\":1}}}|default.then: a veto within",
                "{\"default\":\"one\",\"actions\":{\"Add\":\"one\"}}|actions.Add: the name of an action",
                "{\"default\":\"one\",\"actions\":{\"add_code\":\"on\"}}|actions.add_code: \"unanimous\"",
                "{\"default\":\"one\",\"actions\":[]}|actions: an object",
                "{\"default\":\"one\",\"action\":{}}|action: unknown key",
                "{\"default\":\"one\",\"autoApprove\":{}}|autoApprove.nodesPerOperator: is missing",
                "{\"default\":\"one\",\"autoApprove\":{\"nodesPerOperator\":65}}|autoApprove.nodesPerOperator: a whole",
                "{\"module\":\"\"}|module: a module has 1 to",
                "{\"module\":1}|module: the text",
                "{\"module\":\"x\",\"default\":\"one\"}|default: unknown key"
            })
    void shouldRefuseWithThePathWhenTheSectionIsWrong(String text, String message) {
        assertThatThrownBy(() -> VotingRules.fromJson(JSON.readTree(text)))
                .isInstanceOf(RulesException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void shouldRefuseWhenAModuleIsTooLong() {
        String source = "x".repeat(VotingRules.Module.SOURCE_CHARACTERS_MAX + 1);

        assertThatThrownBy(() -> VotingRules.fromJson(JSON.createObjectNode().put("module", source)))
                .isInstanceOf(RulesException.class);
    }
}
