package coco.cli;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EvmRunTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... options) {
        out.reset();
        err.reset();
        List<String> arguments = new ArrayList<>(List.of("evm", "run"));
        arguments.addAll(List.of(options));
        return Main.run(
                new Console(printer(out), printer(err), false, false), Map.of(), arguments.toArray(String[]::new));
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void shouldShowOutputGasAndHowItEnded() {
        assertThat(run("--code", "600160020160005260206000f3")).isZero();
        assertThat(lines()).containsExactly("output    0x" + "0".repeat(63) + "3", "gas used  24", "halt      success");
    }

    @Test
    void shouldEndWithOneWhenTheCodeFails() {
        assertThat(run("--code", "fe", "--gas", "1000")).isEqualTo(1);
        assertThat(lines()).containsExactly("output    0x", "gas used  1000", "halt      invalid opcode");
        assertThat(run("--code", "0x60015ffd")).isEqualTo(1);
        assertThat(lines()).containsExactly("output    0x00", "gas used  8", "halt      execution reverted");
        assertThat(run("--code", "60015ffd", "--fork", "paris")).isEqualTo(1);
        assertThat(lines()).contains("halt      invalid opcode");
    }

    @Test
    void shouldGiveTheCodeItsInputValueAndSender() {
        // Returns input, value and sender added up.
        assertThat(run(
                        "--code", "5f35340133015f5260205ff3",
                        "--input", "00".repeat(31) + "01",
                        "--value", "0x10",
                        "--sender", "0x0000000000000000000000000000000000000200"))
                .isZero();
        assertThat(lines()).contains("output    0x" + "0".repeat(61) + "211");
    }

    @Test
    void shouldTraceToStandardOutputBeforeTheResult() {
        assertThat(run("--code", "5f5fa0", "--trace", "--json")).isZero();
        assertThat(lines())
                .hasSize(6)
                .first()
                .asString()
                .isEqualTo("{\"pc\":0,\"op\":95,\"gas\":\"0x2540be400\",\"gasCost\":\"0x2\",\"memSize\":0,\"stack\":[],"
                        + "\"depth\":1,\"returnData\":\"0x\",\"refund\":\"0x0\",\"opName\":\"PUSH0\"}");
        assertThat(lines().get(4)).isEqualTo("{\"output\":\"0x\",\"gasUsed\":\"0x17b\",\"pass\":true}");
        assertThat(lines().get(5))
                .isEqualTo("{\"output\":\"0x\",\"gasUsed\":379,\"halt\":\"SUCCESS\",\"logs\":[{\"address\":"
                        + "\"0x0000000000000000000000007265636569766572\",\"topics\":[],\"data\":\"0x\"}]}");
    }

    @Test
    void shouldShowLogs() {
        assertThat(run("--code", "60075f5fa1")).isZero();
        assertThat(lines())
                .contains("log       0x0000000000000000000000007265636569766572 [0x" + "0".repeat(63) + "7] 0x");
    }

    @ParameterizedTest
    @CsvSource({
        // The balance of the contract, the caller, the coinbase, and somebody else.
        "303100, berlin, 102",
        "333100, berlin, 102",
        "413100, paris, 2602",
        "60fe3100, paris, 2603",
        "303100, osaka, 102",
        "333100, osaka, 102",
        "413100, shanghai, 102",
        "413100, osaka, 102",
        "60fe3100, osaka, 2603",
        "303100, istanbul, 702",
        "413100, istanbul, 702",
    })
    void shouldBeginWarmWhereATransactionDoes(String code, String fork, long gasUsed) {
        assertThat(run("--code", code, "--fork", fork)).isZero();
        assertThat(lines()).contains("gas used  " + gasUsed);
    }

    @Test
    void shouldHaveRoomForTheMemoryThatTheMostGasPaysFor() {
        assertThat(run("--code", "00", "--gas", "10000000001")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("--gas is above 10000000000")
                .contains("memory");
        // PUSH4, PUSH4 and MSTORE cost 3 each.
        long words = 1;
        while (9 + 3 * (words + 1) + (words + 1) * (words + 1) / 512 <= 10_000_000_000L) {
            words++;
        }
        String store = "6300000001" + "63%08x" + "5200";
        assertThat(run("--code", store.formatted((words - 1) * 32), "--gas", "10000000000"))
                .isZero();
        assertThat(run("--code", store.formatted(words * 32), "--gas", "10000000000"))
                .isEqualTo(1);
        assertThat(lines()).contains("halt      out of gas");
    }

    @ParameterizedTest
    @CsvSource({
        // SELFBALANCE is Istanbul's, CHAINID too; SHL Constantinople's; RETURNDATASIZE Byzantium's; BASEFEE London's.
        "ConstantinopleFix, 4700, false",
        "ConstantinopleFix, 5f5f1b00, false",
        "ConstantinopleFix, 600160011b00, true",
        "EIP158, 600160011b00, false",
        "EIP158, 3d00, false",
        "Byzantium, 3d00, true",
        "MuirGlacier, 4700, true",
        "GrayGlacier, 4800, true",
        "Merge, 5f00, false",
        "Shanghai, 5f00, true",
    })
    void shouldKnowForksByTheirNamesInFixtures(String fork, String code, boolean succeeds) {
        assertThat(run("--code", code, "--fork", fork)).isEqualTo(succeeds ? 0 : 1);
        assertThat(lines()).contains("halt      " + (succeeds ? "success" : "invalid opcode"));
    }

    @Test
    void shouldTakeThePriceOfEip150FromTheForkThatFixturesCallSo() {
        assertThat(run("--code", "303100", "--fork", "EIP150")).isZero();
        assertThat(lines()).contains("gas used  402");
        assertThat(run("--code", "303100", "--fork", "Homestead")).isZero();
        assertThat(lines()).contains("gas used  22");
    }

    @Test
    void shouldEndWithUsageWhenAnOptionCannotBeMeant() {
        for (String[] options : new String[][] {
            {},
            {"--code", "6"},
            {"--code", "xy"},
            {"--code", "00", "--input", "0x0g"},
            {"--code", "00", "--gas", "-1"},
            {"--code", "00", "--gas", "10000000001"},
            {"--code", "00", "--gas", "9223372036854775807"},
            {"--code", "00", "--gas", "many"},
            {"--code", "00", "--value", "-1"},
            {"--code", "00", "--value", "0x" + "f".repeat(65)},
            {"--code", "00", "--value", "one"},
            {"--code", "00", "--sender", "0x12"},
            {"--code", "00", "--fork", "merge"},
            {"--code", "00", "--fork", "EIP151"},
        }) {
            assertThat(run(options)).as(String.join(" ", options)).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .as(String.join(" ", options))
                    .startsWith("coco: ")
                    .doesNotContain("Exception")
                    .doesNotContain("\tat ");
            assertThat(lines()).isEmpty();
        }
    }
}
