package coco.evm.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TraceJsonTest {
    @Test
    void shouldWriteWhatAnotherLibraryReadsBack() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("text", "a \"quoted\" \\ line\nand a tab\t, \u0001, \u00e9 and \ud83d\ude00");
        tree.put("numbers", List.of(0, -1L, Long.MAX_VALUE, BigInteger.TWO.pow(64)));
        tree.put("empty", List.of(Map.of(), List.of()));
        tree.put("truth", true);
        tree.put("nested", Map.of("a", List.of(Map.of("b", "c"))));
        JsonNode read = JsonMapper.builder().build().readTree(TraceJson.text(tree));
        assertThat(read.get("text").asString()).isEqualTo(tree.get("text"));
        assertThat(read.get("numbers").get(2).asLong()).isEqualTo(Long.MAX_VALUE);
        assertThat(read.get("numbers").get(3).bigIntegerValue()).isEqualTo(BigInteger.TWO.pow(64));
        assertThat(read.get("empty").toString()).isEqualTo("[{},[]]");
        assertThat(read.get("truth").asBoolean()).isTrue();
        assertThat(read.get("nested").toString()).isEqualTo("{\"a\":[{\"b\":\"c\"}]}");
    }

    @Test
    void shouldWriteTreesOfAnyDepth() {
        Object tree = "leaf";
        for (int i = 0; i < 100_000; i++) {
            List<Object> around = new ArrayList<>();
            around.add(tree);
            tree = around;
        }
        assertThat(TraceJson.text(tree)).hasSize(200_000 + 6);
    }

    @Test
    void shouldRefuseWhatIsNoJson() {
        assertThatThrownBy(() -> TraceJson.text(List.of(1.5))).isInstanceOf(IllegalArgumentException.class);
    }
}
