package coco.evm;

import static coco.evm.testing.EvmFixture.CONTRACT;
import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.testing.CheckingTracer;
import coco.evm.testing.DeepCalls;
import coco.evm.testing.EvmFixture;
import coco.evm.testing.RecordedChanges;
import coco.evm.tracing.StructLogOptions;
import coco.evm.tracing.StructLogTracer;
import coco.evm.tracing.TraceLimits;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no contract can do, be it watched or not: overflow a stack, allocate what it has not paid for, run for ever. */
class LimitsTest {
    private static final int SMALL_STACK_BYTES = 256 * 1024;
    private static final long MINUTE_MILLIS = 60_000;

    /** Endless loops of every kind, each where something else has to notice that it was cancelled. */
    private static final Map<String, String> LOOPS = new TreeMap<>(Map.ofEntries(
            Map.entry("PUSH2 and JUMP", "5b61000056"),
            Map.entry("JUMP", "5b5f56"),
            Map.entry("PUSH2 and JUMPI", "5b600161000057"),
            Map.entry("JUMPI", "5b60015f57"),
            Map.entry("CALL of a contract", "5b5f5f5f5f5f60b15af1505f56"),
            Map.entry("DELEGATECALL of a contract", "5b5f5f5f5f60b15af4505f56"),
            Map.entry("STATICCALL of a contract", "5b5f5f5f5f60b15afa505f56"),
            Map.entry("CALL of nothing", "5b5f5f5f5f5f60ee5af1505f56"),
            Map.entry("CALL that cannot be paid", "5b5f5f5f5f600160ee5af1505f56"),
            Map.entry("CALL of itself", "5b5f5f5f5f5f305af1505f56"),
            Map.entry("precompiled contract", "5b5f5f6104005f60025afa505f56"),
            Map.entry("precompiled contract that fails", "5b5f5f60015f600861fffffa505f56"),
            Map.entry("CREATE of nothing", "5b5f5f5ff0505f56"),
            Map.entry("CREATE that cannot be paid", "5b5f5f6001f0505f56"),
            Map.entry("hash of 1 kB", "5b6104005f20505f56")));

    @Test
    void shouldGo1024CallsDeepOnASmallStack() throws InterruptedException {
        List<String> faults = new ArrayList<>(List.of("did not end"));
        Thread thread = new Thread(
                null,
                () -> {
                    List<String> found = DeepCalls.faults();
                    faults.clear();
                    faults.addAll(found);
                },
                "small stack",
                SMALL_STACK_BYTES);
        Throwable[] thrown = {null};
        thread.setUncaughtExceptionHandler((_, e) -> thrown[0] = e);
        thread.start();
        thread.join(MINUTE_MILLIS);
        assertThat(thrown[0]).isNull();
        assertThat(faults).isEmpty();
    }

    @Test
    void shouldGo1024CallsDeepWhereNothingIsCompiled() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xint",
                        "-Xss256k",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeepCalls.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(MINUTE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveUpEveryKindOfLoopWhenItsTimeIsOver(boolean traced) {
        LOOPS.forEach((name, code) -> {
            EvmFixture fixture = new EvmFixture(Fork.OSAKA);
            fixture.world.put(CONTRACT, 1, Word.ZERO, HexFormat.of().parseHex(code));
            fixture.world.put(Address.of(0xB1), 1, Word.ZERO, new byte[] {0x5F});
            CheckingTracer tracer = new CheckingTracer();
            fixture.tracer = traced ? tracer : null;
            long[] now = {0};
            long deadline = 20;
            fixture.cancellation = () -> ++now[0] >= deadline;
            InvocationResult result = fixture.call(Long.MAX_VALUE / 2);
            assertThat(result.halt()).as(name).isEqualTo(Halt.CANCELLED);
            assertThat(now[0]).as(name).isEqualTo(deadline);
            assertThat(tracer.faultsAtEnd()).as(name).isEmpty();
            RecordedChanges changes = new RecordedChanges();
            fixture.state.commitTransaction(true, changes);
            assertThat(changes.lines()).as(name).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotAllocateWhatWasNotPaidFor(boolean traced) {
        long gas = 1_000_000;
        // With this gas memory can be 710 kB long, and each of our arrays twice that while it grows.
        long most = 8L << 20;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String size : List.of(
                "63000fffff", "63003fffff", "637fffffff", "63ffffffff", "677fffffffffffffff", "7f" + "ff".repeat(32))) {
            for (String code : List.of(
                    size + "51", // MLOAD
                    "5f" + size + "52", // MSTORE
                    "5f" + size + "53", // MSTORE8
                    size + "5f20", // KECCAK256
                    size + "5f5f37", // CALLDATACOPY
                    size + "5f5f39", // CODECOPY
                    size + "5f5f303c", // EXTCODECOPY
                    size + "5f5f3e", // RETURNDATACOPY
                    size + "5f5f5e", // MCOPY to
                    "6001" + size + "5f5e", // MCOPY from
                    size + "5fa0", // LOG0
                    size + "5ff3", // RETURN
                    size + "5ffd", // REVERT
                    size + "5f5ff0", // CREATE
                    "5f" + size + "5f5ff5", // CREATE2
                    "5f5f" + size + "5f5f5f5af1", // CALL in
                    size + "5f5f5f5f5f5af1", // CALL out
                    "5f5f" + size + "5f60045afa", // identity
                    "5f5f" + size + "5f60055afa", // modexp
                    "5f5f" + size + "5f60085afa")) { // pairing
                EvmFixture fixture = new EvmFixture(Fork.OSAKA);
                fixture.world.put(CONTRACT, 1, Word.ZERO, HexFormat.of().parseHex(code));
                fixture.call(0);
                fixture.tracer = traced ? tracer() : null;
                long before = threads.getCurrentThreadAllocatedBytes();
                InvocationResult result = fixture.call(gas);
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(allocated).as(code).isLessThan(most);
                assertThat(result.output().length).as(code).isLessThan(1 << 20);
            }
        }
    }

    private static @Nullable Tracer tracer() {
        return new StructLogTracer(new StructLogOptions(true, false, false, true, 0), new TraceLimits(1000, 1 << 20));
    }

    @Test
    void shouldHaltWhereReturnDataEnds() {
        EvmFixture fixture = new EvmFixture(Fork.OSAKA);
        // What came back is one byte; copying two is a failure, whatever the gas.
        fixture.world.put(Address.of(0xB1), 1, Word.ZERO, HexFormat.of().parseHex("60015ff3"));
        fixture.world.put(CONTRACT, 1, Word.ZERO, HexFormat.of().parseHex("5f5f5f5f60b15afa60025f5f3e"));
        assertThat(fixture.call(1_000_000).halt()).isEqualTo(Halt.RETURN_DATA_OUT_OF_BOUNDS);
    }
}
