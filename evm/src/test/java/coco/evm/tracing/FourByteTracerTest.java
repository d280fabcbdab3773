package coco.evm.tracing;

import static coco.evm.tracing.TracedWorld.A;
import static coco.evm.tracing.TracedWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Fork;
import org.junit.jupiter.api.Test;

class FourByteTracerTest {
    /** Puts 11223344 into memory. */
    private static final String SELECTOR = "6311223344 5f 52";

    @Test
    void shouldCountSelectorsByTheSizeOfWhatFollowsThem() {
        FourByteTracer tracer = new FourByteTracer(TraceLimits.DEFAULT);
        // A calls B with four bytes twice, once with five, once with three, and the precompiled contract 4 with four.
        String twice = "5f5f 6004 601c 5f 60b0 6103e8 f1".repeat(2);
        new TracedWorld(Fork.OSAKA)
                .with(
                        A,
                        SELECTOR + twice + "5f5f 6005 601c 5f 60b0 6103e8 f1 5f5f 6003 601c 5f 60b0 6103e8 f1"
                                + "5f5f 6004 601c 5f 6004 6103e8 f1 00")
                .with(B, "00")
                .call(tracer, A, 0, "a9059cbb" + "00".repeat(64));
        assertThat(TracedWorld.text(tracer.result()))
                .isEqualTo("{\"0x11223344-0\":2,\"0x11223344-1\":1,\"0xa9059cbb-64\":1}");
    }

    @Test
    void shouldNotCountCreations() {
        FourByteTracer tracer = new FourByteTracer(TraceLimits.DEFAULT);
        new TracedWorld(Fork.OSAKA).call(tracer, null, 0, "600060006000f3");
        assertThat(TracedWorld.text(tracer.result())).isEqualTo("{}");
    }

    @Test
    void shouldSayThatATraceIsTooLarge() {
        FourByteTracer tracer = new FourByteTracer(new TraceLimits(0, 1000));
        new TracedWorld(Fork.OSAKA).call(tracer, A, 0, "a9059cbb");
        assertThat(tracer.result()).isInstanceOf(TraceResult.TooLarge.class);
    }
}
