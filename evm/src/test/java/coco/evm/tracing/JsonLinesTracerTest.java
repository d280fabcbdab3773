package coco.evm.tracing;

import static coco.evm.tracing.TracedWorld.A;
import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.testing.EvmFixture;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLinesTracerTest {
    /** Position, gas and price of each instruction in the example of EIP-3155, which has Istanbul's prices. */
    private static final String[][] EXAMPLE = {
        {"0", "0x2540be400", "0x3", "PUSH1"},
        {"2", "0x2540be3fd", "0x3", "DUP1"},
        {"3", "0x2540be3fa", "0xc", "MSTORE8"},
        {"4", "0x2540be3ee", "0x3", "PUSH1"},
        {"6", "0x2540be3eb", "0x3", "PUSH1"},
        {"8", "0x2540be3e8", "0x4e20", "SSTORE"},
        {"9", "0x2540b95c8", "0x3", "PUSH1"},
        {"11", "0x2540b95c5", "0x3", "PUSH1"},
        {"13", "0x2540b95c2", "0x3", "PUSH1"},
        {"15", "0x2540b95bf", "0x3", "PUSH1"},
        {"17", "0x2540b95bc", "0x3", "PUSH1"},
        {"19", "0x2540b95b9", "0x2", "GAS"},
        {"20", "0x2540b95b7", "0x24abb676c", "STATICCALL"},
        {"21", "0x2540b92a7", "0x3", "PUSH1"},
        {"23", "0x2540b92a4", "0x0", "RETURN"},
    };

    private static List<String> lines(Fork fork, String code, long gas, boolean memory) {
        List<String> lines = new ArrayList<>();
        EvmFixture fixture = new EvmFixture(fork);
        fixture.world.put(A, 1, Word.ZERO, HexFormat.of().parseHex(code));
        fixture.tracer = new JsonLinesTracer(lines::add, memory);
        fixture.call(A, Word.ZERO, gas);
        return lines;
    }

    @Test
    void shouldWriteTheExampleOfTheSpecification() {
        List<String> lines =
                lines(Fork.ISTANBUL, "604080536040604055604060006040600060025afa6040f3", 10_000_000_000L, true);
        assertThat(lines).hasSize(EXAMPLE.length + 1);
        for (int i = 0; i < EXAMPLE.length; i++) {
            String[] step = EXAMPLE[i];
            assertThat(lines.get(i))
                    .startsWith("{\"pc\":" + step[0] + ",")
                    .contains("\"gas\":\"" + step[1] + "\",\"gasCost\":\"" + step[2] + "\",")
                    .contains("\"opName\":\"" + step[3] + "\"");
        }
        assertThat(lines.get(0))
                .isEqualTo("{\"pc\":0,\"op\":96,\"gas\":\"0x2540be400\",\"gasCost\":\"0x3\",\"memSize\":0,\"stack\":[],"
                        + "\"depth\":1,\"returnData\":\"0x\",\"refund\":\"0x0\",\"opName\":\"PUSH1\","
                        + "\"memory\":\"0x\"}");
        String hash = "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b";
        assertThat(lines.get(13))
                .contains("\"memSize\":96,\"stack\":[\"0x1\"],\"depth\":1,\"returnData\":\"0x" + hash + "\"")
                .endsWith("\"memory\":\"0x" + hash + "0".repeat(64) + "40" + "0".repeat(62) + "\"}");
        assertThat(lines.getLast()).isEqualTo("{\"output\":\"0x40\",\"gasUsed\":\"0x515c\",\"pass\":true}");
    }

    @Test
    void shouldShowMemoryAsTheInstructionFindsIt() {
        // MSTORE8 of 1, 2 and 3 to the same place, then MCOPY over it.
        List<String> lines = lines(Fork.OSAKA, "60015f5360025f5360035f536001602060005e00", 100_000, true);
        assertThat(lines.get(2)).contains("\"op\":83").endsWith("\"memory\":\"0x\"}");
        assertThat(lines.get(5)).contains("\"op\":83").contains("\"memory\":\"0x01" + "00".repeat(31));
        assertThat(lines.get(8)).contains("\"op\":83").contains("\"memory\":\"0x02" + "00".repeat(31));
        assertThat(lines.get(12)).contains("\"op\":94").contains("\"memory\":\"0x03" + "00".repeat(31) + "\"");
        assertThat(lines.get(13)).contains("\"op\":0").contains("\"memory\":\"0x00" + "00".repeat(63) + "\"");
    }

    @Test
    void shouldEndWithTheErrorWhenItFails() {
        assertThat(lines(Fork.OSAKA, "600160005260206000fd", 100_000, false).getLast())
                .isEqualTo("{\"output\":\"0x" + "0".repeat(63) + "1\",\"gasUsed\":\"0x12\",\"pass\":false,"
                        + "\"error\":\"execution reverted\"}");
        assertThat(lines(Fork.OSAKA, "50", 100_000, false))
                .containsExactly(
                        "{\"pc\":0,\"op\":80,\"gas\":\"0x186a0\",\"gasCost\":\"0x2\",\"memSize\":0,\"stack\":[],"
                                + "\"depth\":1,\"returnData\":\"0x\",\"refund\":\"0x0\",\"opName\":\"POP\","
                                + "\"error\":\"stack underflow (0 <=> 1)\"}",
                        "{\"output\":\"0x\",\"gasUsed\":\"0x186a0\",\"pass\":false,"
                                + "\"error\":\"stack underflow (0 <=> 1)\"}");
    }

    @Test
    void shouldCountTheGasOfTheTransactionWhereThereIsOne() {
        List<String> lines = new ArrayList<>();
        new TracedWorld(Fork.OSAKA).with(A, "00").call(new JsonLinesTracer(lines::add, false), A, 0, "");
        assertThat(lines).hasSize(2);
        assertThat(lines.getLast()).isEqualTo("{\"output\":\"0x\",\"gasUsed\":\"0x5208\",\"pass\":true}");
    }
}
