package coco.evm.tracing;

import static coco.evm.tracing.TracedWorld.A;
import static coco.evm.tracing.TracedWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.ContractAddresses;
import coco.evm.testing.EvmFixture;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallTracerTest {
    private static final String SENDER_HEX = "\"0x00000000000000000000000000000000000000b5\"";
    private static final String A_HEX = "\"0x00000000000000000000000000000000000000a0\"";
    private static final String B_HEX = "\"0x00000000000000000000000000000000000000b0\"";

    private static CallTracer tracer(boolean onlyTopCall, boolean withLog) {
        return new CallTracer(new CallTracerOptions(onlyTopCall, withLog), TraceLimits.DEFAULT);
    }

    @Test
    void shouldTellATransferAsOneCall() {
        CallTracer tracer = tracer(false, false);
        new TracedWorld(Fork.OSAKA).call(tracer, B, 3, "");
        assertThat(TracedWorld.text(tracer.result()))
                .isEqualTo("{\"from\":" + SENDER_HEX + ",\"gas\":\"0x186a0\",\"gasUsed\":\"0x5208\",\"to\":" + B_HEX
                        + ",\"input\":\"0x\",\"value\":\"0x3\",\"type\":\"CALL\"}");
    }

    @Test
    void shouldTellInnerCallsTheirOutputAndTheirErrors() {
        CallTracer tracer = tracer(false, false);
        // A: CALL(1000 gas, B, no value), then DELEGATECALL(1000 gas, 0xB2), then STATICCALL(1000 gas, identity, 1
        // byte).
        new TracedWorld(Fork.OSAKA)
                .with(A, "5f5f5f5f5f 60b0 6103e8 f1 5f5f5f5f 60b2 6103e8 f4 5f5f 6001 5f 6004 6103e8 fa 00")
                .with(B, "60ff 5f 53 6001 5f fd")
                .with(Address.of(0xB2), "fe")
                .call(tracer, A, 0, "abcd");
        assertThat(TracedWorld.text(tracer.result()))
                .isEqualTo("{\"from\":" + SENDER_HEX + ",\"gas\":\"0x186a0\",\"gasUsed\":\"0x6b16\",\"to\":" + A_HEX
                        + ",\"input\":\"0xabcd\",\"calls\":["
                        + "{\"from\":" + A_HEX + ",\"gas\":\"0x3e8\",\"gasUsed\":\"0x10\",\"to\":" + B_HEX
                        + ",\"input\":\"0x\",\"output\":\"0xff\",\"error\":\"execution reverted\",\"value\":\"0x0\","
                        + "\"type\":\"CALL\"},"
                        + "{\"from\":" + A_HEX + ",\"gas\":\"0x3e8\",\"gasUsed\":\"0x3e8\","
                        + "\"to\":\"0x00000000000000000000000000000000000000b2\",\"input\":\"0x\","
                        + "\"error\":\"invalid opcode: INVALID\",\"value\":\"0x0\",\"type\":\"DELEGATECALL\"},"
                        + "{\"from\":" + A_HEX + ",\"gas\":\"0x3e8\",\"gasUsed\":\"0x12\","
                        + "\"to\":\"0x0000000000000000000000000000000000000004\",\"input\":\"0x00\",\"output\":\"0x00\","
                        + "\"type\":\"STATICCALL\"}],\"value\":\"0x0\",\"type\":\"CALL\"}");
    }

    @Test
    void shouldTellOnlyTheOutermostCallWhenAsked() {
        CallTracer tracer = tracer(true, true);
        new TracedWorld(Fork.OSAKA)
                .with(A, "5f5f5f5f5f 60b0 6103e8 f1 5f5f a0 00")
                .with(B, "5f5f a0 00")
                .call(tracer, A, 0, "");
        assertThat(TracedWorld.text(tracer.result()))
                .doesNotContain("calls")
                .contains("\"logs\":[{\"address\":" + A_HEX + ",\"topics\":[],\"data\":\"0x\",\"index\":\"0x1\","
                        + "\"position\":\"0x0\"}]");
    }

    @Test
    void shouldTellLogsWhereTheyStandAmongTheCallsButNotThoseTakenBack() {
        // Five logs were in the block before.
        CallTracer tracer = new CallTracer(new CallTracerOptions(false, true), TraceLimits.DEFAULT, 5);
        // A logs topic 7, calls B, which logs and succeeds, logs again, calls 0xB2, which logs and reverts.
        new TracedWorld(Fork.OSAKA)
                .with(A, "6007 5f5f a1 5f5f5f5f5f 60b0 6107d0 f1 5f5f a0 5f5f5f5f5f 60b2 6107d0 f1 00")
                .with(B, "60ff 5f 53 6001 5f a0 00")
                .with(Address.of(0xB2), "5f5f a0 5f5f fd")
                .call(tracer, A, 0, "");
        String text = TracedWorld.text(tracer.result());
        assertThat(text)
                .contains("\"logs\":[{\"address\":" + A_HEX + ",\"topics\":"
                        + "[\"0x0000000000000000000000000000000000000000000000000000000000000007\"],"
                        + "\"data\":\"0x\",\"index\":\"0x5\",\"position\":\"0x0\"},"
                        + "{\"address\":" + A_HEX + ",\"topics\":[],\"data\":\"0x\",\"index\":\"0x7\","
                        + "\"position\":\"0x1\"}]")
                .contains("\"logs\":[{\"address\":" + B_HEX + ",\"topics\":[],\"data\":\"0xff\",\"index\":\"0x6\","
                        + "\"position\":\"0x0\"}]")
                .doesNotContain("{\"address\":\"0x00000000000000000000000000000000000000b2\"");
    }

    @Test
    void shouldGiveTheIndexOfALogThatWasTakenBackToTheNextOne() {
        CallTracer tracer = tracer(false, true);
        // A calls 0xB2, which logs and reverts, then logs.
        new TracedWorld(Fork.OSAKA)
                .with(A, "5f5f5f5f5f 60b2 6107d0 f1 5f5f a0 00")
                .with(Address.of(0xB2), "5f5f a0 5f5f fd")
                .call(tracer, A, 0, "");
        assertThat(TracedWorld.text(tracer.result())).contains("\"index\":\"0x0\",\"position\":\"0x1\"");
    }

    @Test
    void shouldTellCreationsAndSelfDestruction() {
        // Init code "60 00 ff": destroys itself in favour of account 0. A: MSTORE8 them, CREATE with 5 wei.
        CallTracer tracer = tracer(false, false);
        new TracedWorld(Fork.OSAKA)
                .with(A, "6260 00ff 5f 52 6003 601d 6005 f0 5f 52 6020 5f f3".replace(" ", ""))
                .call(tracer, A, 5, "");
        Address created = ContractAddresses.of(A, 1);
        assertThat(TracedWorld.text(tracer.result()))
                .contains("\"calls\":[{\"from\":" + A_HEX + ",\"gas\":")
                .contains("\"to\":\"" + created.hex() + "\",\"input\":\"0x6000ff\",\"calls\":["
                        + "{\"from\":\"" + created.hex() + "\",\"gas\":\"0x0\",\"gasUsed\":\"0x0\","
                        + "\"to\":\"0x0000000000000000000000000000000000000000\",\"input\":\"0x\",\"value\":\"0x5\","
                        + "\"type\":\"SELFDESTRUCT\"}],\"value\":\"0x5\",\"type\":\"CREATE\"}]");
    }

    @Test
    void shouldLeaveOutTheAddressOfACreationThatFailed() {
        CallTracer tracer = tracer(false, false);
        new TracedWorld(Fork.OSAKA).call(tracer, null, 0, "fe");
        assertThat(TracedWorld.text(tracer.result()))
                .isEqualTo(
                        "{\"from\":" + SENDER_HEX + ",\"gas\":\"0x186a0\",\"gasUsed\":\"0x186a0\",\"input\":\"0xfe\","
                                + "\"error\":\"invalid opcode: INVALID\",\"value\":\"0x0\",\"type\":\"CREATE\"}");
    }

    @Test
    void shouldTellCallsThatNeverBegan() {
        CallTracer tracer = tracer(false, false);
        // A has no wei to send along.
        new TracedWorld(Fork.OSAKA).with(A, "5f5f5f5f 6001 60b0 5f f1 00").call(tracer, A, 0, "");
        assertThat(TracedWorld.text(tracer.result()))
                .contains("{\"from\":" + A_HEX + ",\"gas\":\"0x8fc\",\"gasUsed\":\"0x0\",\"to\":" + B_HEX
                        + ",\"input\":\"0x\",\"error\":\"insufficient balance for transfer\",\"value\":\"0x1\","
                        + "\"type\":\"CALL\"}");
    }

    @Test
    void shouldLeaveOutAReasonThatIsEmpty() {
        // revert(""): the selector of Error(string), an offset of 32, a length of 0.
        CallTracer tracer = tracer(false, false);
        new TracedWorld(Fork.OSAKA)
                .with(A, "63 08c379a0 60e0 1b 5f 52 6020 6004 52 6044 5f fd")
                .call(tracer, A, 0, "");
        assertThat(TracedWorld.text(tracer.result()))
                .contains("\"output\":\"0x08c379a0" + "0".repeat(62) + "20" + "0".repeat(64)
                        + "\",\"error\":\"execution reverted\",\"value\"");
    }

    @ParameterizedTest
    @CsvSource({
        "08c379a00000000000000000000000000000000000000000000000000000000000000020"
                + "00000000000000000000000000000000000000000000000000000000000000026e6f"
                + "000000000000000000000000000000000000000000000000000000000000, no",
        "4e487b710000000000000000000000000000000000000000000000000000000000000011, arithmetic underflow or overflow",
        "4e487b7100000000000000000000000000000000000000000000000000000000000000ff, unknown panic code: 0xff",
        "4e487b71ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff, unknown panic code: 0xfffffff"
                + "fffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "08c379a0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff,",
        "08c379a00000000000000000000000000000000000000000000000000000000000000020"
                + "000000000000000000000000000000000000000000000000000000007fffffff,",
        "12345678000000000000000000000000000000000000000000000000000000000000,",
        "08c379a0,",
        ",",
    })
    void shouldReadTheReasonOfARevertOrNothing(String data, String reason) {
        byte[] bytes = data == null ? new byte[0] : HexFormat.of().parseHex(data);
        assertThat(RevertReason.of(bytes)).isEqualTo(reason);
    }

    @Test
    void shouldWriteATreeAsDeepAsCallsGo() {
        // Calls itself with all of its gas until the depth or the gas ends.
        CallTracer tracer = tracer(false, false);
        EvmFixture fixture = new EvmFixture(Fork.OSAKA);
        fixture.world.put(A, 1, Word.ZERO, HexFormat.of().parseHex("5f5f5f5f5f305af100"));
        fixture.tracer = tracer;
        fixture.call(A, Word.ZERO, Long.MAX_VALUE / 4);
        String text = TracedWorld.text(tracer.result());
        assertThat(text.split("\"calls\"", -1)).hasSize(1026);
        assertThat(text).contains("max call depth exceeded");
    }

    @Test
    void shouldKeepNoMoreThanItsLimitOfInputThatCostsNothing() {
        // 100 kB of memory, then calls with all of it as input for 100 gas each, for ever.
        CallTracer tracer = new CallTracer(CallTracerOptions.DEFAULT, new TraceLimits(1000, 1 << 20));
        EvmFixture fixture = new EvmFixture(Fork.OSAKA);
        fixture.world.put(
                A,
                1,
                Word.ZERO,
                HexFormat.of().parseHex("5b 5f5f 6201869f 5f 5f 60b0 5f f1 50 5f 56".replace(" ", "")));
        fixture.tracer = tracer;
        fixture.call(A, Word.ZERO, 10_000_000);
        assertThat(tracer.result()).isInstanceOf(TraceResult.TooLarge.class);
    }
}
