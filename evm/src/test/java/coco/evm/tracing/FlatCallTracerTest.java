package coco.evm.tracing;

import static coco.evm.tracing.TracedWorld.A;
import static coco.evm.tracing.TracedWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.ContractAddresses;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlatCallTracerTest {
    private static final String SENDER_HEX = "\"" + TracedWorld.SENDER.hex() + "\"";
    private static final String A_HEX = "\"" + A.hex() + "\"";
    private static final String B_HEX = "\"" + B.hex() + "\"";

    private final FlatCallTracer tracer = new FlatCallTracer(TraceLimits.DEFAULT);

    @Test
    void shouldTellCallsWithTheirPlaceAndWithoutWhatTheTransactionCosts() {
        // A: CALL(1000 gas, B), then STATICCALL(1000 gas, identity, 1 byte), then DELEGATECALL(1000 gas, 0xB2).
        new TracedWorld(Fork.OSAKA)
                .with(A, "5f5f5f5f5f 60b0 6103e8 f1 5f5f 6001 5f 6004 6103e8 fa 5f5f5f5f 60b2 6103e8 f4 00")
                .with(B, "60ff 5f 53 6001 5f fd")
                .with(Address.of(0xB2), "fe")
                .call(tracer, A, 3, "abcd");
        assertThat(TracedWorld.text(tracer.result()))
                .startsWith("{\"output\":\"0x\",\"trace\":[{\"action\":{\"from\":" + SENDER_HEX
                        + ",\"gas\":\"0x13478\",\"value\":\"0x3\",\"callType\":\"call\",\"to\":" + A_HEX
                        + ",\"input\":\"0xabcd\"},\"subtraces\":2,\"traceAddress\":[],\"type\":\"call\",\"result\":")
                .contains("{\"action\":{\"from\":" + A_HEX
                        + ",\"gas\":\"0x3e8\",\"value\":\"0x0\",\"callType\":\"call\",\"to\":"
                        + B_HEX + ",\"input\":\"0x\"},\"subtraces\":0,\"traceAddress\":[0],\"type\":\"call\","
                        + "\"error\":\"Reverted\",\"result\":{\"output\":\"0xff\",\"gasUsed\":\"0x10\"}}")
                .contains("\"value\":\"0x3\",\"callType\":\"delegatecall\",\"to\":\""
                        + Address.of(0xB2).hex() + "\"")
                .endsWith("\"subtraces\":0,\"traceAddress\":[1],\"type\":\"call\",\"error\":\"Bad instruction\"}]}")
                .doesNotContain("0x0000000000000000000000000000000000000004");
    }

    @Test
    void shouldTellCreationsAndWhatTheyDestroyInThemselves() {
        // Init code "60 00 ff": destroys itself in favour of account 0. A: MSTORE8 them, CREATE with 5 wei.
        new TracedWorld(Fork.OSAKA)
                .with(A, "6260 00ff 5f 52 6003 601d 6005 f0 5f 52 6020 5f f3".replace(" ", ""))
                .call(tracer, A, 5, "");
        String created = "\"" + ContractAddresses.of(A, 1).hex() + "\"";
        assertThat(TracedWorld.text(tracer.result()))
                .contains("\"creationMethod\":\"create\",\"init\":\"0x6000ff\"},\"subtraces\":1,\"traceAddress\":[0],"
                        + "\"type\":\"create\",\"result\":{\"address\":" + created + ",\"code\":\"0x\",\"gasUsed\":")
                .contains("{\"action\":{\"address\":" + created + ",\"balance\":\"0x5\",\"refundAddress\":"
                        + "\"0x0000000000000000000000000000000000000000\"},\"subtraces\":0,\"traceAddress\":[0,0],"
                        + "\"type\":\"suicide\",\"result\":null}");
    }

    @Test
    void shouldTellAPrecompiledContractThatGetsWei() {
        TracedWorld world = new TracedWorld(Fork.OSAKA).with(A, "5f5f5f5f 6002 6004 6103e8 f1 00");
        world.call(tracer, A, 5, "");
        assertThat(TracedWorld.text(tracer.result()))
                .contains("\"value\":\"0x2\",\"callType\":\"call\",\"to\":\""
                        + Address.of(4).hex() + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "fe, Bad instruction",
        "50, Stack underflow",
        "5f56, Bad jump destination",
        "5f5ffd, Reverted",
        "5b5f56, Out of gas",
        "60015f5f3e, Out of bounds",
    })
    void shouldCallFailuresAsOpenEthereumDid(String code, String words) {
        new TracedWorld(Fork.OSAKA).with(A, code).call(tracer, A, 0, "");
        assertThat(TracedWorld.text(tracer.result())).contains("\"error\":\"" + words + "\"");
    }

    @Test
    void shouldSayThatATraceIsTooLarge() {
        FlatCallTracer small = new FlatCallTracer(new TraceLimits(1, 10_000));
        new TracedWorld(Fork.OSAKA).with(A, "5f5f5f5f5f 60b0 6103e8 f1 00").call(small, A, 0, "");
        assertThat(small.result()).isInstanceOf(TraceResult.TooLarge.class);
    }

    @Test
    void shouldTellWhatChanged() {
        StateDiffTracer diff = new StateDiffTracer(TraceLimits.DEFAULT);
        // A: slot 1 from 5 to 0, slot 2 from 0 to 7, slot 3 read, B looked at; B is as it was.
        TracedWorld world = new TracedWorld(Fork.OSAKA)
                .with(A, "5f 6001 55 6007 6002 55 6003 54 60b0 31 00")
                .with(B, "00");
        world.world.slotChanged(A, Word.ONE, Word.of(5));
        world.world.slotChanged(A, Word.of(3), Word.of(9));
        var executed = world.call(diff, A, 3, "");
        long paid = executed.gasUsed() * 8 + 3;
        String zero = "0x" + "0".repeat(64);
        assertThat(TracedWorld.text(diff.result()))
                .isEqualTo("{\"stateDiff\":{" + A_HEX
                        + ":{\"balance\":{\"*\":{\"from\":\"0x0\",\"to\":\"0x3\"}},\"code\":\"=\","
                        + "\"nonce\":\"=\",\"storage\":{"
                        + "\"" + Hex.word(Word.ONE) + "\":{\"*\":{\"from\":\"" + Hex.word(Word.of(5)) + "\",\"to\":\""
                        + zero
                        + "\"}},\"" + Hex.word(Word.of(2)) + "\":{\"*\":{\"from\":\"" + zero + "\",\"to\":\""
                        + Hex.word(Word.of(7)) + "\"}}}}," + SENDER_HEX
                        + ":{\"balance\":{\"*\":{\"from\":\"0x3b9aca00\",\"to\":\"" + Hex.quantity(1_000_000_000 - paid)
                        + "\"}},\"code\":\"=\",\"nonce\":{\"*\":{\"from\":\"0x0\",\"to\":\"0x1\"}},\"storage\":{}},\""
                        + TracedWorld.COINBASE.hex() + "\":{\"balance\":{\"+\":\"" + Hex.quantity(executed.gasUsed())
                        + "\"},\"code\":{\"+\":\"0x\"},\"nonce\":{\"+\":\"0x0\"},\"storage\":{}}}}");
    }

    @Test
    void shouldTellWhatWasMadeAndWhatWasDestroyed() {
        StateDiffTracer made = new StateDiffTracer(TraceLimits.DEFAULT);
        new TracedWorld(Fork.OSAKA).call(made, null, 0, "6009 5f 55 60015ff3".replace(" ", ""));
        assertThat(TracedWorld.text(made.result()))
                .contains("\"code\":{\"+\":\"0x00\"},\"nonce\":{\"+\":\"0x1\"},\"storage\":{\"0x" + "0".repeat(64)
                        + "\":{\"+\":\"" + Hex.word(Word.of(9)) + "\"}}");
        StateDiffTracer destroyed = new StateDiffTracer(TraceLimits.DEFAULT);
        new TracedWorld(Fork.SHANGHAI).with(A, "60b0 ff").call(destroyed, A, 0, "");
        assertThat(TracedWorld.text(destroyed.result()))
                .contains(A_HEX
                        + ":{\"balance\":{\"-\":\"0x0\"},\"code\":{\"-\":\"0x60b0ff\"},\"nonce\":{\"-\":\"0x1\"}");
    }

    @Test
    void shouldTellWhatEachInstructionDid() {
        VmTracer vm = new VmTracer(TraceLimits.DEFAULT);
        // A: MSTORE8(0, ff), SSTORE(1, 2), CALL(1000 gas, B), POP, an invalid instruction. B: PUSH0, STOP.
        new TracedWorld(Fork.OSAKA)
                .with(A, "60ff 5f 53 6002 6001 55 5f5f5f5f5f 60b0 6103e8 f1 50 fe")
                .with(B, "5f 00")
                .call(vm, A, 0, "");
        assertThat(TracedWorld.text(vm.result()))
                .startsWith("{\"vmTrace\":{\"code\":\"0x60ff5f536002600155")
                .contains(
                        "{\"cost\":3,\"ex\":{\"mem\":null,\"push\":[\"0xff\"],\"store\":null,\"used\":78997},\"pc\":0,"
                                + "\"sub\":null}")
                .contains("\"ex\":{\"mem\":{\"data\":\"0xff\",\"off\":0},\"push\":[],\"store\":null,")
                .contains("\"push\":[],\"store\":{\"key\":\"0x1\",\"val\":\"0x2\"},")
                .contains("\"push\":[\"0x1\"],\"store\":null,\"used\":")
                .contains("\"sub\":{\"code\":\"0x5f00\",\"ops\":[{\"cost\":2,\"ex\":{\"mem\":null,\"push\":[\"0x0\"],"
                        + "\"store\":null,\"used\":998},\"pc\":0,\"sub\":null},"
                        + "{\"cost\":0,\"ex\":{\"mem\":null,\"push\":[],"
                        + "\"store\":null,\"used\":998},\"pc\":1,\"sub\":null}]}")
                .endsWith("{\"cost\":0,\"ex\":null,\"pc\":21,\"sub\":null}]}}");
    }

    @Test
    void shouldShowWhatAnInstructionWroteIntoALargeMemory() {
        VmTracer vm = new VmTracer(TraceLimits.DEFAULT);
        // MSTORE(0x1000, 7), MSTORE8(0x101f, ff), MLOAD(0x1000), STOP.
        new TracedWorld(Fork.OSAKA)
                .with(A, "6007 611000 52 60ff 61101f 53 611000 51 00")
                .call(vm, A, 0, "");
        assertThat(TracedWorld.text(vm.result()))
                .contains("{\"data\":\"0x" + "00".repeat(31) + "07\",\"off\":4096}")
                .contains("{\"data\":\"0xff\",\"off\":4127}")
                .contains("{\"data\":\"0x" + "00".repeat(31) + "ff\",\"off\":4096}");
    }

    @Test
    void shouldChargeWhatAnInstructionTakesOfTheHeap() {
        // 100 instructions, of which none pushes: 40 kilobytes of the limit, though their JSON is far smaller.
        String code = "5b".repeat(100) + "00";
        VmTracer enough = new VmTracer(new TraceLimits(1_000, 50_000));
        new TracedWorld(Fork.OSAKA).with(A, code).call(enough, A, 0, "");
        VmTracer tooLittle = new VmTracer(new TraceLimits(1_000, 30_000));
        new TracedWorld(Fork.OSAKA).with(A, code).call(tooLittle, A, 0, "");

        assertThat(TracedWorld.text(enough.result()).length()).isLessThan(20_000);
        assertThat(tooLittle.result()).isInstanceOf(TraceResult.TooLarge.class);
    }
}
