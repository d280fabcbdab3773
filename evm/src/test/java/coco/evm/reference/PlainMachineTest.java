package coco.evm.reference;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.BlockEnvironment;
import coco.evm.Halt;
import coco.evm.InvocationResult;
import coco.evm.TransactionContext;
import coco.evm.testing.Fixtures;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The plain machine is worth something only if it passes the official tests itself. */
class PlainMachineTest {
    /** Loops of millions of rounds. */
    private static final String SLOW = "vmPerformance";

    @Test
    void shouldPassEveryLegacyVmTestButTheSlowOnes() {
        assertThat(pass(name -> !name.contains(SLOW))).isGreaterThan(490);
    }

    @Test
    @Tag("long")
    void shouldPassTheSlowOnesToo() {
        assertThat(pass(name -> name.contains(SLOW))).isGreaterThan(5);
    }

    /** How many of the files of this name there were, all of which passed. */
    private static int pass(Predicate<String> wanted) {
        List<String> failures = new ArrayList<>();
        int[] count = {0};
        Fixtures.forEach("legacy-vm-tests.zip", wanted, (name, file) -> {
            for (Map.Entry<String, JsonNode> test : file.properties()) {
                count[0]++;
                String difference = LargeStack.call(() -> run(test.getValue()));
                if (!difference.isEmpty()) {
                    failures.add(test.getKey() + ": " + difference);
                }
            }
        });
        assertThat(failures).as("of %d tests", count[0]).isEmpty();
        return count[0];
    }

    private static String run(JsonNode test) {
        JsonNode exec = test.get("exec");
        JsonNode env = test.get("env");
        BlockEnvironment block = new BlockEnvironment(
                Fixtures.number(env.get("currentNumber")),
                Fixtures.number(env.get("currentTimestamp")),
                Fixtures.number(env.get("currentGasLimit")),
                Word.ZERO,
                Fixtures.word(env.get("currentDifficulty")),
                Fixtures.address(env.get("currentCoinbase")),
                Word.ZERO);
        PlainEvm evm = new PlainEvm(
                new Gas(Fork.FRONTIER),
                new Arithmetic(),
                World.of(Fixtures.world(test.get("pre"))),
                block,
                new TransactionContext(
                        Fixtures.address(exec.get("origin")), Fixtures.word(exec.get("gasPrice")), List.of()),
                1,
                Map.of());
        Message message = new Message(
                Fixtures.address(exec.get("caller")),
                Fixtures.address(exec.get("address")),
                Fixtures.bytes(exec.get("code")),
                Fixtures.word(exec.get("value")).toBigInteger(),
                Fixtures.bytes(exec.get("data")),
                Fixtures.number(exec.get("gas")),
                false,
                0);
        InvocationResult result = new PlainFrame(evm, message).run();
        if (!test.has("post")) {
            return result.halt() == Halt.SUCCESS ? "succeeded" : "";
        }
        if (result.halt() != Halt.SUCCESS || result.gasLeft() != Fixtures.number(test.get("gas"))) {
            return result.halt() + ", gas left " + result.gasLeft();
        }
        if (!Arrays.equals(result.output(), Fixtures.bytes(test.get("out")))) {
            return "output " + HexFormat.of().formatHex(result.output());
        }
        if (!Arrays.equals(Keccak256.hash(Fixtures.encodeLogs(evm.world.logs)), Fixtures.bytes(test.get("logs")))) {
            return "logs differ";
        }
        evm.world.endTransaction(false);
        return Fixtures.difference(Fixtures.world(test.get("post")), evm.world.toInMemoryWorld());
    }
}
