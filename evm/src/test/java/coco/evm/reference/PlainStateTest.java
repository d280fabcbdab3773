package coco.evm.reference;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.BlockEnvironment;
import coco.evm.fixtures.Accounts;
import coco.evm.fixtures.Json;
import coco.evm.fixtures.StateTestFields;
import coco.evm.testing.Archives;
import coco.evm.types.Fork;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** State tests on the plain machine, each compared with its full post state: those whose transaction is valid. */
class PlainStateTest {
    private static final String ARCHIVE = "eest-state-tests.zip";
    private static final int SAMPLED = 12;
    private static final long HEAP_BYTES_MIN = 3L << 30;
    private static final Map<Long, byte[]> BLOCK_HASHES = blockHashes();

    private final Map<Fork, Integer> passed = new EnumMap<>(Fork.class);
    private final List<String> failures = new ArrayList<>();
    private int seen;

    private static Map<Long, byte[]> blockHashes() {
        Map<Long, byte[]> hashes = new HashMap<>();
        for (long number = 0; number < 256; number++) {
            hashes.put(number, Keccak256.hash(Long.toString(number).getBytes(StandardCharsets.US_ASCII)));
        }
        return hashes;
    }

    @Test
    void shouldPassASampleOfTheStateTestsOfEveryFork() {
        run(SAMPLED);
        assertThat(passed.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(1_000);
    }

    @Test
    @Tag("long")
    void shouldPassEveryStateTestOfEveryFork() {
        Assumptions.assumeTrue(
                Runtime.getRuntime().maxMemory() > HEAP_BYTES_MIN,
                "a world copied for each of 1,024 frames needs -Dcoco.test.heap=4g");
        run(1);
        assertThat(passed.getOrDefault(Fork.OSAKA, 0)).isGreaterThan(1_000);
    }

    /** Runs one in so many cases. */
    private void run(int oneIn) {
        LargeStack.call(() -> {
            Archives.forEach(ARCHIVE, name -> true, (name, file) -> runFile(name, file, oneIn));
            return 0;
        });
        System.out.println("plain machine: passed " + passed);
        assertThat(failures).as("passed %s", passed).isEmpty();
    }

    private void runFile(String name, JsonNode file, int oneIn) {
        for (Map.Entry<String, JsonNode> test : file.properties()) {
            for (Map.Entry<String, JsonNode> post : test.getValue().get("post").properties()) {
                Fork fork = StateTestFields.fork(post.getKey());
                for (JsonNode expected : post.getValue()) {
                    if (fork != null
                            && expected.has("state")
                            && !expected.has("expectException")
                            && seen++ % oneIn == 0) {
                        runCase(name + " " + test.getKey(), test.getValue(), post.getKey(), fork, expected);
                    }
                }
            }
        }
    }

    private void runCase(String name, JsonNode test, String network, Fork fork, JsonNode expected) {
        BlockEnvironment block = StateTestFields.block(test, network);
        JsonNode chainId = test.path("config").path("chainid");
        PlainTransition transition = new PlainTransition(
                new Gas(fork), block, chainId.isMissingNode() ? 1 : Json.number(chainId), BLOCK_HASHES);
        World world = World.of(Accounts.read(test.get("pre")));
        PlainTransition.Settled settled =
                transition.execute(world, StateTestFields.message(test.get("transaction"), expected.get("indexes")));
        String difference = Accounts.difference(
                Accounts.read(expected.get("state")), settled.world().toInMemoryWorld());
        byte[] logs = Keccak256.hash(Json.encodeLogs(settled.logs()));
        if (difference.isEmpty() && !Arrays.equals(logs, Json.bytes(expected.get("logs")))) {
            difference = "logs differ";
        }
        if (difference.isEmpty()) {
            passed.merge(fork, 1, Integer::sum);
        } else {
            failures.add("%s %s: %s, gas %d: %s".formatted(fork, name, settled.halt(), settled.gasUsed(), difference));
        }
    }
}
