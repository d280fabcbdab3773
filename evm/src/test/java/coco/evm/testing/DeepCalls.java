package coco.evm.testing;

import coco.evm.Halt;
import coco.evm.InvocationResult;
import coco.evm.Tracer;
import coco.evm.tracing.CallTracer;
import coco.evm.tracing.CallTracerOptions;
import coco.evm.tracing.TraceJson;
import coco.evm.tracing.TraceLimits;
import coco.evm.tracing.TraceResult;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Programs that go as deep as calls may, as a class with a main method for JVMs that are short of stack. */
public final class DeepCalls {
    private static final long GAS = Long.MAX_VALUE / 4;
    /** The outermost frame and 1,024 in it. */
    private static final long FRAMES = 1025;

    private DeepCalls() {}

    /** Ends with exit code 0 if everything is as it should be, and says what is not. */
    public static void main(String[] arguments) {
        List<String> faults = faults();
        faults.forEach(System.out::println);
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    /** Runs all programs in both loops and tells what is not as it should be. */
    public static List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (boolean traced : new boolean[] {false, true}) {
            // Each frame calls itself with all gas and returns one more than comes back.
            count(faults, "CALL", "60205f5f5f5f305af1505f516001015f5260205ff3", FRAMES, traced);
            count(faults, "CALLCODE", "60205f5f5f5f305af2505f516001015f5260205ff3", FRAMES, traced);
            count(faults, "DELEGATECALL", "60205f5f5f305af4505f516001015f5260205ff3", FRAMES, traced);
            count(faults, "STATICCALL", "60205f5f5f305afa505f516001015f5260205ff3", FRAMES, traced);
            // Each frame calls itself, then the precompiled contract 4, and adds whether that could be called: the
            // deepest cannot.
            count(
                    faults,
                    "precompiled contract",
                    "60205f5f5f5f305af1505f5f5f5f5f60045af15f51015f5260205ff3",
                    FRAMES - 1,
                    traced);
            create(faults, traced);
        }
        return faults;
    }

    private static void count(List<String> faults, String name, String code, long expected, boolean traced) {
        CheckingTracer tracer = new CheckingTracer();
        InvocationResult result = run(code, traced ? tracer : null);
        Word counted = result.output().length == 32 ? EvmFixture.word(result) : Word.ZERO;
        if (result.halt() != Halt.SUCCESS || !counted.equals(Word.of(expected))) {
            faults.add("%s: %s after %s frames instead of %d".formatted(name, result.halt(), counted, expected));
        }
        if (traced) {
            tracer.faultsAtEnd().forEach(fault -> faults.add(name + ": " + fault));
        }
    }

    /** Calls code whose init code creates itself; how deep that goes the tree of calls tells. */
    private static void create(List<String> faults, boolean traced) {
        String code = "385f5f39385f5ff000";
        if (!traced) {
            InvocationResult result = run(code, null);
            if (result.halt() != Halt.SUCCESS) {
                faults.add("CREATE: " + result.halt());
            }
            return;
        }
        CallTracer tracer = new CallTracer(CallTracerOptions.DEFAULT, TraceLimits.DEFAULT);
        run(code, tracer);
        if (!(tracer.result() instanceof TraceResult.Complete complete)) {
            faults.add("CREATE: the trace is too large");
            return;
        }
        String text = TraceJson.text(complete.json());
        int deep = text.split("\"calls\"", -1).length - 1;
        if (deep != FRAMES || !text.contains(Halt.DEPTH.text())) {
            faults.add("CREATE: " + deep + " deep");
        }
    }

    private static InvocationResult run(String code, @Nullable Tracer tracer) {
        EvmFixture fixture = new EvmFixture(Fork.OSAKA);
        fixture.world.put(EvmFixture.CONTRACT, 1, Word.ZERO, HexFormat.of().parseHex(code));
        fixture.tracer = tracer;
        return fixture.call(GAS);
    }
}
