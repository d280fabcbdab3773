package coco.evm.reference;

import coco.crypto.Keccak256;
import coco.evm.Halt;
import coco.evm.InvocationResult;
import coco.evm.precompiles.Precompiles;
import coco.evm.state.InMemoryWorld;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Runs scenarios on our machine and on @ethereumjs/evm, and says where they differ first. */
final class EthereumJsComparison {
    private static final String HALT = "1 halt";
    private static final String EXCEPTIONAL = "exceptional halt";

    private final EthereumJs other;
    /** How many calls were compared. */
    int calls;

    /** How many scenarios differed in nothing but a known deviation. */
    int knownDeviations;

    EthereumJsComparison(EthereumJs other) {
        this.other = other;
    }

    /** The first difference; nothing if there is none, or only a known one. */
    String difference(Scenario scenario) {
        JsonNode answers = other.run(scenario);
        if (!answers.isArray()) {
            return "the other machine failed: " + answers;
        }
        String difference = difference(scenario, answers, ours(scenario));
        if (difference.isEmpty()) {
            calls += scenario.calls().size();
            return "";
        }
        if (difference(scenario, answers, alike(scenario)).isEmpty()) {
            knownDeviations++;
            return "";
        }
        return difference;
    }

    /** What became of a call, and the world after it. */
    private record Ended(Map<String, String> lines, InMemoryWorld world) {}

    private static List<Ended> ours(Scenario scenario) {
        Machine machine = new Machine(scenario, null);
        List<Ended> ended = new ArrayList<>();
        for (Scenario.Call call : scenario.calls()) {
            machine.begin(call);
            InvocationResult result = machine.run(machine.invocation(call));
            Map<String, String> lines = written(result, machine.state.refund(), machine.state.logs());
            machine.end();
            lines.putAll(Comparison.written(machine.world));
            ended.add(new Ended(lines, machine.world));
        }
        return ended;
    }

    /** What the plain machine makes of it with the known deviations. */
    private static List<Ended> alike(Scenario scenario) {
        World world = World.of(scenario.world());
        List<Ended> ended = new ArrayList<>();
        for (Scenario.Call call : scenario.calls()) {
            Comparison.begin(scenario.fork(), world, call);
            EthereumJsAlike machine = new EthereumJsAlike(scenario.fork(), world);
            InvocationResult result = machine.execute(Comparison.invocation(world, call));
            world = machine.world;
            Map<String, String> lines = written(result, world.refund, world.logs);
            world.endTransaction(scenario.fork().has(Fork.SPURIOUS_DRAGON));
            lines.putAll(Comparison.written(world.toInMemoryWorld()));
            ended.add(new Ended(lines, world.toInMemoryWorld()));
        }
        return ended;
    }

    private static String difference(Scenario scenario, JsonNode answers, List<Ended> calls) {
        for (int i = 0; i < calls.size(); i++) {
            Scenario.Call call = scenario.calls().get(i);
            Map<String, String> is = calls.get(i).lines();
            Map<String, String> should =
                    written(scenario.fork(), answers.get(i), names(calls.get(i).world()));
            if (Precompiles.of(scenario.fork()).at(call.target()) != null && EXCEPTIONAL.equals(is.get(HALT))) {
                // A precompiled contract that refuses its input "reverts" there, though it keeps the gas.
                should.replace(HALT, Halt.REVERT.name(), EXCEPTIONAL);
            }
            String difference = Comparison.first(should, is);
            if (!difference.isEmpty()) {
                return "call " + i + ": " + difference;
            }
        }
        return "";
    }

    /** Which of two reasons to halt is told when both hold is nobody's rule: all count as one. */
    private static String written(Halt halt) {
        return switch (halt) {
            case SUCCESS, REVERT, INSUFFICIENT_BALANCE -> halt.name();
            default -> EXCEPTIONAL;
        };
    }

    private static Map<String, String> written(InvocationResult result, long refund, List<Log> logs) {
        Map<String, String> lines = new TreeMap<>();
        lines.put(HALT, written(result.halt()));
        lines.put("2 gas left", Long.toString(result.gasLeft()));
        lines.put("3 output", HexFormat.of().formatHex(result.output()));
        lines.put("4 refund", Long.toString(refund));
        lines.put("5 logs", logs.stream().map(Comparison::written).toList().toString());
        return lines;
    }

    // ---- what the other machine said ----

    private static String halt(Fork fork, String error) {
        return switch (error) {
            case "success" -> Halt.SUCCESS.name();
            case "revert" -> Halt.REVERT.name();
            case "insufficient balance" -> Halt.INSUFFICIENT_BALANCE.name();
            // It tells of the code that was not paid for, but keeps what the creation did, as Frontier demands.
            case "code store out of gas" -> fork == Fork.FRONTIER ? Halt.SUCCESS.name() : EXCEPTIONAL;
            default -> EXCEPTIONAL;
        };
    }

    private static byte[] bytes(JsonNode node) {
        return HexFormat.of().parseHex(node.asString().substring(2));
    }

    private static Map<String, String> written(Fork fork, JsonNode answer, Map<String, String> names) {
        Map<String, String> lines = new TreeMap<>();
        lines.put(HALT, halt(fork, answer.get("halt").asString()));
        lines.put("2 gas left", answer.get("gasLeft").asString());
        lines.put("3 output", HexFormat.of().formatHex(bytes(answer.get("output"))));
        lines.put("4 refund", answer.get("refund").asString());
        List<String> logs = new ArrayList<>();
        for (JsonNode log : answer.get("logs")) {
            List<byte[]> topics = new ArrayList<>();
            log.get("topics").forEach(topic -> topics.add(bytes(topic)));
            logs.add(
                    Comparison.written(new Log(Address.of(bytes(log.get("address"))), topics, bytes(log.get("data")))));
        }
        lines.put("5 logs", logs.toString());
        for (Map.Entry<String, JsonNode> account : answer.get("state").properties()) {
            String address = names.getOrDefault(account.getKey(), account.getKey());
            JsonNode fields = account.getValue();
            lines.put(address + " nonce", fields.get("nonce").asString());
            lines.put(address + " balance", fields.get("balance").asString());
            String codeHash = fields.get("codeHash").asString();
            lines.put(address + " code", names.getOrDefault("code " + codeHash, codeHash));
            for (Map.Entry<String, JsonNode> slot : fields.get("storage").properties()) {
                lines.put(
                        address + " slot " + names.getOrDefault(slot.getKey(), slot.getKey()),
                        Word.ofBytes(bytes(slot.getValue())).toQuantity());
            }
        }
        return lines;
    }

    /** What our world has, by its hash: the other's trie knows hashes only. */
    private static Map<String, String> names(InMemoryWorld world) {
        Map<String, String> names = new HashMap<>();
        world.accounts().forEach((address, account) -> {
            names.put(hash(address.bytes()), address.toString());
            byte[] code = world.code(account.codeHash());
            names.put("code " + hash(code), HexFormat.of().formatHex(code));
            world.storage(address).keySet().forEach(key -> names.put(hash(key.toBytes32()), key.toQuantity()));
        });
        return names;
    }

    private static String hash(byte[] bytes) {
        return EthereumJs.hex(Keccak256.hash(bytes));
    }
}
