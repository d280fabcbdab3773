package coco.evm.tracing;

import static coco.evm.tracing.TracedWorld.A;
import static coco.evm.tracing.TracedWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.Halt;
import coco.evm.testing.EvmFixture;
import coco.evm.transition.Outcome;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StructLogTracerTest {
    private static final TraceLimits LIMITS = TraceLimits.DEFAULT;
    private static final StructLogOptions BARE = new StructLogOptions(false, true, true, false, 0);
    private static final String WORD_3 = "\"0x0000000000000000000000000000000000000000000000000000000000000003\"";

    private static String trace(StructLogOptions options, String code) {
        StructLogTracer tracer = new StructLogTracer(options, LIMITS);
        new TracedWorld(Fork.OSAKA).with(A, code).call(tracer, A, 0, "");
        return TracedWorld.text(tracer.result());
    }

    @Test
    void shouldTellEveryInstructionWithWhatItFinds() {
        StructLogOptions memory = new StructLogOptions(true, false, false, false, 0);
        assertThat(trace(memory, "6001 6002 01 6000 52 6020 6000 f3"))
                .isEqualTo("{\"gas\":21024,\"failed\":false,\"returnValue\":" + WORD_3 + ",\"structLogs\":["
                        + "{\"pc\":0,\"op\":\"PUSH1\",\"gas\":79000,\"gasCost\":3,\"depth\":1,\"stack\":[]},"
                        + "{\"pc\":2,\"op\":\"PUSH1\",\"gas\":78997,\"gasCost\":3,\"depth\":1,\"stack\":[\"0x1\"]},"
                        + "{\"pc\":4,\"op\":\"ADD\",\"gas\":78994,\"gasCost\":3,\"depth\":1,\"stack\":[\"0x1\",\"0x2\"]},"
                        + "{\"pc\":5,\"op\":\"PUSH1\",\"gas\":78991,\"gasCost\":3,\"depth\":1,\"stack\":[\"0x3\"]},"
                        + "{\"pc\":7,\"op\":\"MSTORE\",\"gas\":78988,\"gasCost\":6,\"depth\":1,\"stack\":[\"0x3\",\"0x0\"]},"
                        + "{\"pc\":8,\"op\":\"PUSH1\",\"gas\":78982,\"gasCost\":3,\"depth\":1,\"stack\":[],"
                        + "\"memory\":[" + WORD_3 + "]},"
                        + "{\"pc\":10,\"op\":\"PUSH1\",\"gas\":78979,\"gasCost\":3,\"depth\":1,\"stack\":[\"0x20\"],"
                        + "\"memory\":[" + WORD_3 + "]},"
                        + "{\"pc\":12,\"op\":\"RETURN\",\"gas\":78976,\"gasCost\":0,\"depth\":1,"
                        + "\"stack\":[\"0x20\",\"0x0\"],\"memory\":[" + WORD_3 + "]}]}");
    }

    @Test
    void shouldTellJumpsOneByOneThoughTheyRunFused() {
        assertThat(trace(BARE, "610004 56 5b 5f 610010 57 6001 610010 57 5b 00"))
                .isEqualTo("{\"gas\":21044,\"failed\":false,\"returnValue\":\"0x\",\"structLogs\":["
                        + "{\"pc\":0,\"op\":\"PUSH2\",\"gas\":79000,\"gasCost\":3,\"depth\":1},"
                        + "{\"pc\":3,\"op\":\"JUMP\",\"gas\":78997,\"gasCost\":8,\"depth\":1},"
                        + "{\"pc\":4,\"op\":\"JUMPDEST\",\"gas\":78989,\"gasCost\":1,\"depth\":1},"
                        + "{\"pc\":5,\"op\":\"PUSH0\",\"gas\":78988,\"gasCost\":2,\"depth\":1},"
                        + "{\"pc\":6,\"op\":\"PUSH2\",\"gas\":78986,\"gasCost\":3,\"depth\":1},"
                        + "{\"pc\":9,\"op\":\"JUMPI\",\"gas\":78983,\"gasCost\":10,\"depth\":1},"
                        + "{\"pc\":10,\"op\":\"PUSH1\",\"gas\":78973,\"gasCost\":3,\"depth\":1},"
                        + "{\"pc\":12,\"op\":\"PUSH2\",\"gas\":78970,\"gasCost\":3,\"depth\":1},"
                        + "{\"pc\":15,\"op\":\"JUMPI\",\"gas\":78967,\"gasCost\":10,\"depth\":1},"
                        + "{\"pc\":16,\"op\":\"JUMPDEST\",\"gas\":78957,\"gasCost\":1,\"depth\":1},"
                        + "{\"pc\":17,\"op\":\"STOP\",\"gas\":78956,\"gasCost\":0,\"depth\":1}]}");
    }

    @Test
    void shouldTellTheJumpAndThenTheDestinationThatCannotBePaid() {
        EvmFixture fixture = new EvmFixture(Fork.OSAKA);
        fixture.world.put(A, 1, Word.ZERO, HexFormat.of().parseHex("610004565b00"));
        StructLogTracer tracer = new StructLogTracer(BARE, LIMITS);
        fixture.tracer = tracer;
        assertThat(fixture.call(A, Word.ZERO, 11).halt()).isEqualTo(Halt.OUT_OF_GAS);
        assertThat(TracedWorld.text(tracer.result()))
                .isEqualTo("{\"gas\":11,\"failed\":true,\"returnValue\":\"0x\",\"structLogs\":["
                        + "{\"pc\":0,\"op\":\"PUSH2\",\"gas\":11,\"gasCost\":3,\"depth\":1},"
                        + "{\"pc\":3,\"op\":\"JUMP\",\"gas\":8,\"gasCost\":8,\"depth\":1},"
                        + "{\"pc\":4,\"op\":\"JUMPDEST\",\"gas\":0,\"gasCost\":1,\"depth\":1,"
                        + "\"error\":\"out of gas\"}]}");
    }

    @Test
    void shouldTellStorageAndRefundAsGethDoes() {
        StructLogTracer tracer = new StructLogTracer(StructLogOptions.DEFAULT, LIMITS);
        TracedWorld world = new TracedWorld(Fork.OSAKA).with(A, "5f 6001 55 6001 54 00");
        world.world.slotChanged(A, Word.ONE, Word.of(5));
        world.call(tracer, A, 0, "");
        String slot = "\"storage\":{\"0x0000000000000000000000000000000000000000000000000000000000000001\":"
                + "\"0x0000000000000000000000000000000000000000000000000000000000000000\"},\"refund\":4800}";
        assertThat(TracedWorld.text(tracer.result()))
                .contains("{\"pc\":3,\"op\":\"SSTORE\",\"gas\":78995,\"gasCost\":5000,\"depth\":1,"
                        + "\"stack\":[\"0x0\",\"0x1\"]," + slot)
                .contains("{\"pc\":6,\"op\":\"SLOAD\",\"gas\":73992,\"gasCost\":100,\"depth\":1,\"stack\":[\"0x1\"],"
                        + slot)
                .contains("{\"pc\":7,\"op\":\"STOP\",\"gas\":73892,\"gasCost\":0,\"depth\":1,\"stack\":[\"0x0\"],"
                        + "\"refund\":4800}");
    }

    @Test
    void shouldTellCallsWithTheGasTheyGetAndTheDataThatComesBack() {
        StructLogTracer tracer = new StructLogTracer(new StructLogOptions(false, true, true, true, 0), LIMITS);
        // STATICCALL to B with 1,000 gas, which returns the word 0.
        new TracedWorld(Fork.OSAKA)
                .with(A, "5f 5f 5f 5f 60b0 6103e8 fa 00")
                .with(B, "6020 5f f3")
                .call(tracer, A, 0, "");
        assertThat(TracedWorld.text(tracer.result()))
                .isEqualTo("{\"gas\":23622,\"failed\":false,\"returnValue\":\"0x\",\"structLogs\":["
                        + "{\"pc\":0,\"op\":\"PUSH0\",\"gas\":79000,\"gasCost\":2,\"depth\":1},"
                        + "{\"pc\":1,\"op\":\"PUSH0\",\"gas\":78998,\"gasCost\":2,\"depth\":1},"
                        + "{\"pc\":2,\"op\":\"PUSH0\",\"gas\":78996,\"gasCost\":2,\"depth\":1},"
                        + "{\"pc\":3,\"op\":\"PUSH0\",\"gas\":78994,\"gasCost\":2,\"depth\":1},"
                        + "{\"pc\":4,\"op\":\"PUSH1\",\"gas\":78992,\"gasCost\":3,\"depth\":1},"
                        + "{\"pc\":6,\"op\":\"PUSH2\",\"gas\":78989,\"gasCost\":3,\"depth\":1},"
                        + "{\"pc\":9,\"op\":\"STATICCALL\",\"gas\":78986,\"gasCost\":3600,\"depth\":1},"
                        + "{\"pc\":0,\"op\":\"PUSH1\",\"gas\":1000,\"gasCost\":3,\"depth\":2},"
                        + "{\"pc\":2,\"op\":\"PUSH0\",\"gas\":997,\"gasCost\":2,\"depth\":2},"
                        + "{\"pc\":3,\"op\":\"RETURN\",\"gas\":995,\"gasCost\":3,\"depth\":2},"
                        + "{\"pc\":10,\"op\":\"STOP\",\"gas\":76378,\"gasCost\":0,\"depth\":1,\"returnData\":"
                        + "\"0x0000000000000000000000000000000000000000000000000000000000000000\"}]}");
    }

    @Test
    void shouldNameTheErrorOfAnInstructionThatCannotBegin() {
        assertThat(trace(BARE, "01"))
                .isEqualTo("{\"gas\":100000,\"failed\":true,\"returnValue\":\"0x\",\"structLogs\":["
                        + "{\"pc\":0,\"op\":\"ADD\",\"gas\":79000,\"gasCost\":3,\"depth\":1,"
                        + "\"error\":\"stack underflow (0 <=> 2)\"}]}");
        // A megabyte of memory costs 2,195,456 gas.
        assertThat(trace(BARE, "620fffe0 51"))
                .contains("{\"pc\":4,\"op\":\"MLOAD\",\"gas\":78997,\"gasCost\":2195459,\"depth\":1,"
                        + "\"error\":\"out of gas\"}");
        assertThat(trace(BARE, "5b 5f 56")).contains("\"op\":\"JUMPDEST\"").contains("\"error\":\"out of gas\"");
    }

    @Test
    void shouldNotNameTheErrorOfAnInstructionThatBegan() {
        assertThat(trace(BARE, "fe"))
                .isEqualTo("{\"gas\":100000,\"failed\":true,\"returnValue\":\"0x\",\"structLogs\":["
                        + "{\"pc\":0,\"op\":\"INVALID\",\"gas\":79000,\"gasCost\":0,\"depth\":1}]}");
        assertThat(trace(BARE, "0c")).contains("\"op\":\"opcode 0xc not defined\"");
        assertThat(trace(BARE, "5f 56")).doesNotContain("error");
        assertThat(trace(BARE, "6001 5f 53 6001 5f fd")).contains("\"failed\":true,\"returnValue\":\"0x01\"");
    }

    @Test
    void shouldStopTellingAtTheLimitButNotStopExecuting() {
        StructLogTracer tracer = new StructLogTracer(new StructLogOptions(false, true, true, false, 2), LIMITS);
        Outcome.Executed executed = new TracedWorld(Fork.OSAKA)
                .with(A, "6001 6002 01 5f 52 6020 5f f3")
                .call(tracer, A, 0, "");
        assertThat(executed.output()).hasSize(32);
        assertThat(TracedWorld.text(tracer.result()))
                .startsWith("{\"gas\":21022,\"failed\":false,")
                .endsWith("{\"pc\":2,\"op\":\"PUSH1\",\"gas\":78997,\"gasCost\":3,\"depth\":1}]}");
    }

    @Test
    void shouldSayThatATraceIsTooLargeAndExecuteTheRest() {
        for (TraceLimits limits : List.of(new TraceLimits(50, 1 << 20), new TraceLimits(1000, 4000))) {
            StructLogTracer tracer = new StructLogTracer(StructLogOptions.DEFAULT, limits);
            Outcome.Executed executed =
                    new TracedWorld(Fork.OSAKA).with(A, "5b 5f 56").call(tracer, A, 0, "");
            assertThat(executed.halt()).isEqualTo(Halt.OUT_OF_GAS);
            assertThat(tracer.result()).isInstanceOf(TraceResult.TooLarge.class);
            assertThat(tracer.wantsSteps()).isFalse();
        }
    }

    @Test
    void shouldGiveMapsAndListsThatAnyLibraryWrites() {
        StructLogTracer tracer = new StructLogTracer(StructLogOptions.DEFAULT, LIMITS);
        new TracedWorld(Fork.OSAKA).with(A, "5f 00").call(tracer, A, 0, "");
        Map<String, Object> json = ((TraceResult.Complete) tracer.result()).json();
        assertThat(json.keySet()).containsExactly("gas", "failed", "returnValue", "structLogs");
        assertThat((List<?>) json.get("structLogs")).hasSize(2);
    }
}
