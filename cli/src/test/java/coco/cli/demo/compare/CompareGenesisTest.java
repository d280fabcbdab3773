package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class CompareGenesisTest {
    private static final Address NOBODY = Address.fromHex("0x00000000000000000000000000000000000000b7");
    private static final Address OWNER = Address.fromHex("0x00000000000000000000000000000000000000b8");

    @Test
    void shouldLeaveOutWhatWasLookedAtAndNotThere() {
        MergedState state = new MergedState();
        state.put(NOBODY, TestTransactions.account(0, 0, null, Map.of()));
        state.put(OWNER, TestTransactions.account(0, 7, null, Map.of(Word.ONE, Word.of(2))));
        Choice choice = new Choice("", 0, List.of(), state, Map.of(), List.of(), new TreeMap<>());

        JsonNode alloc = JsonMapper.builder()
                .build()
                .readTree(CompareGenesis.ofBaseline(choice, 1, 0, 30_000_000))
                .path("alloc");

        assertThat(alloc.has(NOBODY.hex().substring(2))).isFalse();
        assertThat(alloc.path(OWNER.hex().substring(2)).path("balance").asString(""))
                .isEqualTo("0x7");
    }
}
