package coco.evm.reference;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.BlockEnvironment;
import coco.evm.Halt;
import coco.evm.InvocationResult;
import coco.evm.TransactionContext;
import coco.evm.fixtures.Accounts;
import coco.evm.fixtures.Json;
import coco.evm.testing.Archives;
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
        Archives.forEach("legacy-vm-tests.zip", wanted, (name, file) -> {
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
                Json.number(env.get("currentNumber")),
                Json.number(env.get("currentTimestamp")),
                Json.number(env.get("currentGasLimit")),
                Word.ZERO,
                Json.word(env.get("currentDifficulty")),
                Json.address(env.get("currentCoinbase")),
                Word.ZERO);
        PlainEvm evm = new PlainEvm(
                new Gas(Fork.FRONTIER),
                new Arithmetic(),
                World.of(Accounts.read(test.get("pre"))),
                block,
                new TransactionContext(Json.address(exec.get("origin")), Json.word(exec.get("gasPrice")), List.of()),
                1,
                Map.of());
        Message message = new Message(
                Json.address(exec.get("caller")),
                Json.address(exec.get("address")),
                Json.bytes(exec.get("code")),
                Json.word(exec.get("value")).toBigInteger(),
                Json.bytes(exec.get("data")),
                Json.number(exec.get("gas")),
                false,
                0);
        InvocationResult result = new PlainFrame(evm, message).run();
        if (!test.has("post")) {
            return result.halt() == Halt.SUCCESS ? "succeeded" : "";
        }
        if (result.halt() != Halt.SUCCESS || result.gasLeft() != Json.number(test.get("gas"))) {
            return result.halt() + ", gas left " + result.gasLeft();
        }
        if (!Arrays.equals(result.output(), Json.bytes(test.get("out")))) {
            return "output " + HexFormat.of().formatHex(result.output());
        }
        if (!Arrays.equals(Keccak256.hash(Json.encodeLogs(evm.world.logs)), Json.bytes(test.get("logs")))) {
            return "logs differ";
        }
        evm.world.endTransaction(false);
        return Accounts.difference(Accounts.read(test.get("post")), evm.world.toInMemoryWorld());
    }
}
