package coco.evm.tracing;

import static coco.evm.tracing.TracedWorld.A;
import static coco.evm.tracing.TracedWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.ContractAddresses;
import coco.evm.code.CodeInfo;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PrestateTracerTest {
    private static final String SENDER_HEX = "\"0x00000000000000000000000000000000000000b5\"";
    private static final String A_HEX = "\"0x00000000000000000000000000000000000000a0\"";
    private static final String B_HEX = "\"0x00000000000000000000000000000000000000b0\"";
    private static final String COINBASE_HEX = "\"0x00000000000000000000000000000000000000c0\"";

    private static PrestateTracer tracer(boolean diffMode) {
        return new PrestateTracer(new PrestateOptions(diffMode, false, false, false), TraceLimits.DEFAULT);
    }

    private static String codeHash(String code) {
        return "\"codeHash\":\"" + Hex.data(Keccak256.hash(HexFormat.of().parseHex(code))) + "\"";
    }

    private static String word(long low) {
        return "\"" + Hex.word(Word.of(low)) + "\"";
    }

    @Test
    void shouldTellWhatWasLookedAtAsItWasBefore() {
        PrestateTracer tracer = tracer(false);
        // A: slot 1 from 5 to 6, slot 2 read; the balance of B.
        TracedWorld world = new TracedWorld(Fork.OSAKA)
                .with(A, "6006 6001 55 6002 54 50 60b0 31 00")
                .with(B, "00");
        world.world.slotChanged(A, Word.ONE, Word.of(5));
        world.call(tracer, A, 3, "");
        assertThat(TracedWorld.text(tracer.result()))
                .isEqualTo("{" + A_HEX + ":{\"balance\":\"0x0\",\"code\":\"0x60066001556002545060b03100\","
                        + codeHash("60066001556002545060b03100") + ",\"nonce\":1,"
                        + "\"storage\":{" + word(1) + ":" + word(5) + "," + word(2) + ":" + word(0) + "}},"
                        + B_HEX + ":{\"balance\":\"0x0\",\"code\":\"0x00\"," + codeHash("00") + ",\"nonce\":1},"
                        + SENDER_HEX + ":{\"balance\":\"0x3b9aca00\"}}");
    }

    @Test
    void shouldTellOnlyWhatChangedInDiffMode() {
        PrestateTracer tracer = tracer(true);
        // A: slot 1 from 5 to 0, slot 2 from 0 to 7, slot 3 read, B looked at.
        TracedWorld world = new TracedWorld(Fork.OSAKA)
                .with(A, "5f 6001 55 6007 6002 55 6003 54 60b0 31 00")
                .with(B, "00");
        world.world.slotChanged(A, Word.ONE, Word.of(5));
        world.world.slotChanged(A, Word.of(3), Word.of(9));
        var executed = world.call(tracer, A, 3, "");
        long paid = executed.gasUsed() * 8 + 3;
        assertThat(TracedWorld.text(tracer.result()))
                .isEqualTo("{\"post\":{"
                        + A_HEX + ":{\"balance\":\"0x3\",\"storage\":{" + word(2) + ":" + word(7) + "}},"
                        + SENDER_HEX + ":{\"balance\":\"" + Hex.quantity(1_000_000_000 - paid) + "\",\"nonce\":1},"
                        + COINBASE_HEX + ":{\"balance\":\"" + Hex.quantity(executed.gasUsed()) + "\"}},"
                        + "\"pre\":{"
                        + A_HEX
                        + ":{\"balance\":\"0x0\",\"code\":\"0x5f600155600760025560035460b03100\","
                        + codeHash("5f600155600760025560035460b03100") + ",\"nonce\":1,"
                        + "\"storage\":{" + word(1) + ":" + word(5) + "}},"
                        + SENDER_HEX + ":{\"balance\":\"0x3b9aca00\"}}}");
    }

    @Test
    void shouldTellNothingOfWhatWasTakenBackInDiffMode() {
        PrestateTracer tracer = tracer(true);
        new TracedWorld(Fork.OSAKA).with(A, "6007 6002 55 5f5f fd").call(tracer, A, 3, "");
        assertThat(TracedWorld.text(tracer.result())).doesNotContain(A_HEX);
    }

    @Test
    void shouldTellACreatedContractAfterwardsOnly() {
        PrestateTracer tracer = tracer(true);
        // Deploys the one byte 00.
        new TracedWorld(Fork.OSAKA).call(tracer, null, 0, "60015ff3");
        String created = ContractAddresses.of(TracedWorld.SENDER, 0).hex();
        String text = TracedWorld.text(tracer.result());
        assertThat(text).contains("\"" + created + "\":{\"code\":\"0x00\"," + codeHash("00") + ",\"nonce\":1}");
        assertThat(text.substring(text.indexOf("\"pre\""))).doesNotContain(created);
    }

    @Test
    void shouldTellADestroyedContractBeforeOnly() {
        PrestateTracer tracer = tracer(true);
        TracedWorld world = new TracedWorld(Fork.SHANGHAI);
        world.with(A, "60b0 ff");
        world.world.put(A, 1, Word.of(4), new byte[] {0x60, (byte) 0xB0, (byte) 0xFF});
        world.call(tracer, A, 0, "");
        String text = TracedWorld.text(tracer.result());
        assertThat(text.substring(0, text.indexOf("\"pre\"")))
                .doesNotContain(A_HEX)
                .contains(B_HEX + ":{\"balance\":\"0x4\"}");
        assertThat(text.substring(text.indexOf("\"pre\"")))
                .contains(A_HEX + ":{\"balance\":\"0x4\",\"code\":\"0x60b0ff\"," + codeHash("60b0ff") + ",\"nonce\":1}")
                .doesNotContain(B_HEX);
    }

    @Test
    void shouldTellWhereADelegationLeads() {
        PrestateTracer tracer = tracer(false);
        TracedWorld world = new TracedWorld(Fork.OSAKA).with(B, "00");
        world.world.put(A, 1, Word.ZERO, CodeInfo.delegationTo(B));
        world.call(tracer, A, 0, "");
        assertThat(TracedWorld.text(tracer.result()))
                .contains(A_HEX + ":{\"balance\":\"0x0\",\"code\":\"0xef010000000000000000000000000000000000000000b0\"")
                .contains(B_HEX + ":{\"balance\":\"0x0\",\"code\":\"0x00\"");
    }

    @Test
    void shouldLeaveOutCodeAndStorageWhenAsked() {
        PrestateTracer tracer = new PrestateTracer(new PrestateOptions(false, true, true, false), TraceLimits.DEFAULT);
        TracedWorld world = new TracedWorld(Fork.OSAKA).with(A, "6001 54 00");
        world.world.slotChanged(A, Word.ONE, Word.of(5));
        world.call(tracer, A, 0, "");
        assertThat(TracedWorld.text(tracer.result()))
                .isEqualTo("{" + A_HEX + ":{\"balance\":\"0x0\"," + codeHash("60015400") + ",\"nonce\":1}," + SENDER_HEX
                        + ":{\"balance\":\"0x3b9aca00\"}}");
    }

    @Test
    void shouldTellAccountsThatWereNotThereWhenAsked() {
        PrestateTracer tracer = new PrestateTracer(new PrestateOptions(false, false, false, true), TraceLimits.DEFAULT);
        new TracedWorld(Fork.OSAKA).call(tracer, B, 0, "");
        assertThat(TracedWorld.text(tracer.result()))
                .contains(B_HEX + ":{\"balance\":\"0x0\"}")
                .contains(COINBASE_HEX + ":{\"balance\":\"0x0\"}");
    }

    @Test
    void shouldSayThatATraceIsTooLarge() {
        PrestateTracer tracer = new PrestateTracer(PrestateOptions.DEFAULT, new TraceLimits(1000, 10_000));
        // Reads slot after slot.
        new TracedWorld(Fork.OSAKA).with(A, "5f 5b 6001 01 80 54 50 6001 56").call(tracer, A, 0, "");
        assertThat(tracer.result()).isInstanceOf(TraceResult.Complete.class);
        PrestateTracer small = new PrestateTracer(PrestateOptions.DEFAULT, new TraceLimits(10, 10_000));
        new TracedWorld(Fork.OSAKA).with(A, "5f 5b 6001 01 80 54 50 6001 56").call(small, A, 0, "");
        assertThat(small.result()).isInstanceOf(TraceResult.TooLarge.class);
    }
}
