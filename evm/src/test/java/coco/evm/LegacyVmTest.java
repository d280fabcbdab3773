package coco.evm;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.code.CodeCache;
import coco.evm.code.CodeInfo;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.testing.BasicTests;
import coco.evm.testing.Fixtures;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The VM tests of ethereum/legacytests: one frame under the rules of Frontier, without a transaction around it. */
class LegacyVmTest {
    private static final CodeCache CODES = new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES);

    @Test
    void shouldPassEveryLegacyVmTest() {
        List<String> failures = new ArrayList<>();
        int[] count = {0};
        Fixtures.forEach("legacy-vm-tests.zip", name -> name.contains("VMTests/"), (name, file) -> {
            for (Map.Entry<String, JsonNode> test : file.properties()) {
                count[0]++;
                String difference = run(test.getValue());
                if (!difference.isEmpty()) {
                    failures.add(test.getKey() + ": " + difference);
                }
            }
        });
        assertThat(count[0]).isGreaterThan(500);
        assertThat(failures).as("of %d tests", count[0]).isEmpty();
    }

    private static String run(JsonNode test) {
        JsonNode exec = test.get("exec");
        InMemoryWorld world = Fixtures.world(test.get("pre"));
        JournaledState state = new JournaledState(world, CODES, 1);
        state.beginTransaction();
        FramePool frames = FramePool.acquire();
        try {
            Execution x = new Execution(
                    new Evm(Fork.FRONTIER, 1, null),
                    state,
                    block(test.get("env")),
                    new TransactionContext(
                            Fixtures.address(exec.get("origin")), Fixtures.word(exec.get("gasPrice")), List.of()),
                    null,
                    null,
                    frames);
            Frame frame = frame(x, exec);
            int exit = x.run(frame);
            if (!test.has("post")) {
                return exit == Exit.SUCCESS ? "succeeded" : "";
            }
            if (exit != Exit.SUCCESS) {
                return Exit.halt(exit).toString();
            }
            if (frame.gas != Fixtures.number(test.get("gas"))) {
                return "gas " + frame.gas + " instead of " + Fixtures.number(test.get("gas"));
            }
            if (!Arrays.equals(frame.output(), Fixtures.bytes(test.get("out")))) {
                return "output " + BasicTests.hex(frame.output());
            }
            byte[] logs = Keccak256.hash(Fixtures.encodeLogs(state.logs()));
            if (!Arrays.equals(logs, Fixtures.bytes(test.get("logs")))) {
                return "logs differ";
            }
        } finally {
            frames.release();
        }
        state.commitTransaction(false, world);
        return Fixtures.difference(Fixtures.world(test.get("post")), world);
    }

    private static Frame frame(Execution x, JsonNode exec) {
        Address address = Fixtures.address(exec.get("address"));
        JournaledAccount account = x.state.account(address);
        Frame frame = x.frames.at(0);
        frame.start(CodeInfo.of(Fixtures.bytes(exec.get("code"))), account, Fixtures.number(exec.get("gas")));
        byte[] data = Fixtures.bytes(exec.get("data"));
        frame.setInput(data, 0, data.length);
        frame.caller = Fixtures.address(exec.get("caller"));
        frame.value = Fixtures.word(exec.get("value"));
        frame.isStatic = false;
        frame.isCreate = false;
        frame.mark = x.state.mark();
        return frame;
    }

    private static BlockEnvironment block(JsonNode env) {
        return new BlockEnvironment(
                Fixtures.number(env.get("currentNumber")),
                Fixtures.number(env.get("currentTimestamp")),
                Fixtures.number(env.get("currentGasLimit")),
                Word.ZERO,
                Fixtures.word(env.get("currentDifficulty")),
                Fixtures.address(env.get("currentCoinbase")),
                Word.ZERO);
    }
}
