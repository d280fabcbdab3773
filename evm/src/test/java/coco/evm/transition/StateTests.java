package coco.evm.transition;

import coco.crypto.Keccak256;
import coco.evm.BlockEnvironment;
import coco.evm.Tracer;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.testing.CheckingTracer;
import coco.evm.testing.Fixtures;
import coco.evm.testing.RecordedChanges;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Fork;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Runs state tests in the form of the execution spec tests, and counts by fork. */
final class StateTests {
    private static final Map<String, Fork> FORKS = new TreeMap<>(Map.ofEntries(
            Map.entry("Frontier", Fork.FRONTIER),
            Map.entry("Homestead", Fork.HOMESTEAD),
            Map.entry("EIP150", Fork.TANGERINE_WHISTLE),
            Map.entry("TangerineWhistle", Fork.TANGERINE_WHISTLE),
            Map.entry("EIP158", Fork.SPURIOUS_DRAGON),
            Map.entry("SpuriousDragon", Fork.SPURIOUS_DRAGON),
            Map.entry("Byzantium", Fork.BYZANTIUM),
            Map.entry("Constantinople", Fork.CONSTANTINOPLE),
            Map.entry("ConstantinopleFix", Fork.PETERSBURG),
            Map.entry("Istanbul", Fork.ISTANBUL),
            Map.entry("Berlin", Fork.BERLIN),
            Map.entry("London", Fork.LONDON),
            Map.entry("Paris", Fork.PARIS),
            Map.entry("Shanghai", Fork.SHANGHAI),
            Map.entry("Cancun", Fork.CANCUN),
            Map.entry("Prague", Fork.PRAGUE),
            Map.entry("Osaka", Fork.OSAKA)));

    private static final CodeCache CODES = new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES);

    final Map<String, Integer> passed = new TreeMap<>();
    final Map<String, Integer> failed = new TreeMap<>();
    final List<String> failures = new ArrayList<>();
    long steps;

    /** Runs every case of every test in a file. */
    void runFile(String name, JsonNode file) {
        for (Map.Entry<String, JsonNode> test : file.properties()) {
            for (Map.Entry<String, JsonNode> post : test.getValue().get("post").properties()) {
                Fork fork = FORKS.get(post.getKey());
                if (fork == null) {
                    continue;
                }
                for (JsonNode expected : post.getValue()) {
                    count(name + " " + test.getKey(), post.getKey(), outcome(test.getValue(), fork, expected));
                }
            }
        }
    }

    private void count(String name, String fork, String difference) {
        (difference.isEmpty() ? passed : failed).merge(fork, 1, Integer::sum);
        if (!difference.isEmpty()) {
            failures.add(fork + " " + name + ": " + difference);
        }
    }

    private static String outcome(JsonNode test, Fork fork, JsonNode expected) {
        try {
            return run(test, fork, expected);
        } catch (RuntimeException e) {
            return e + " at " + (e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
        }
    }

    private static String run(JsonNode test, Fork fork, JsonNode expected) {
        InMemoryWorld world = Fixtures.world(test.get("pre"));
        JournaledState state = state(world);
        TransactionExecutor executor = executor(test, fork);
        Outcome outcome = execute(executor, state, test, fork, expected, null);
        boolean refused = expected.has("expectException");
        return switch (outcome) {
            case Outcome.Rejected rejected -> refused ? "" : "rejected: " + rejected.message();
            case Outcome.Executed executed -> {
                if (refused) {
                    yield "should be rejected: "
                            + expected.get("expectException").asString();
                }
                byte[] logs = Keccak256.hash(Fixtures.encodeLogs(executed.logs()));
                executor.commit(state, world);
                if (expected.has("state")) {
                    String difference = Fixtures.difference(Fixtures.world(expected.get("state")), world);
                    if (!difference.isEmpty()) {
                        yield executed.halt() + " gas " + executed.gasUsed() + ": " + difference;
                    }
                }
                yield Arrays.equals(logs, Fixtures.bytes(expected.get("logs"))) ? "" : "logs differ";
            }
        };
    }

    private static JournaledState state(InMemoryWorld world) {
        for (long number = 0; number < 256; number++) {
            world.putBlockHash(number, Keccak256.hash(Long.toString(number).getBytes(StandardCharsets.US_ASCII)));
        }
        return new JournaledState(world, CODES, 7);
    }

    private static TransactionExecutor executor(JsonNode test, Fork fork) {
        JsonNode chainId = test.path("config").path("chainid");
        return new TransactionExecutor(
                ChainRules.of(chainId.isMissingNode() ? 1 : Fixtures.number(chainId), fork), null);
    }

    private static Outcome execute(
            TransactionExecutor executor,
            JournaledState state,
            JsonNode test,
            Fork fork,
            JsonNode expected,
            @Nullable Tracer tracer) {
        TransactionMessage tx = message(test.get("transaction"), expected.get("indexes"));
        BlockEnvironment block = block(test, fork);
        return executor.trace(state, block, tx, block.gasLimit(), tracer, null);
    }

    /** Compares both loops in every case of every test in a file: outcome, logs, and every change of the state. */
    void compareLoops(String name, JsonNode file) {
        for (Map.Entry<String, JsonNode> test : file.properties()) {
            for (Map.Entry<String, JsonNode> post : test.getValue().get("post").properties()) {
                Fork fork = FORKS.get(post.getKey());
                if (fork == null) {
                    continue;
                }
                for (JsonNode expected : post.getValue()) {
                    CheckingTracer tracer = new CheckingTracer();
                    String fast = everything(test.getValue(), fork, expected, null);
                    String stepped = everything(test.getValue(), fork, expected, tracer);
                    steps += tracer.steps;
                    List<String> differences = new ArrayList<>(tracer.faultsAtEnd());
                    if (!fast.equals(stepped)) {
                        differences.add(stepped + " instead of " + fast);
                    }
                    count(name + " " + test.getKey(), post.getKey(), String.join("; ", differences));
                }
            }
        }
    }

    private static String everything(JsonNode test, Fork fork, JsonNode expected, @Nullable Tracer tracer) {
        JournaledState state = state(Fixtures.world(test.get("pre")));
        TransactionExecutor executor = executor(test, fork);
        Outcome outcome = execute(executor, state, test, fork, expected, tracer);
        if (!(outcome instanceof Outcome.Executed executed)) {
            return outcome.toString();
        }
        RecordedChanges changes = new RecordedChanges();
        executor.commit(state, changes);
        return "%s %d %d %s %s %s"
                .formatted(
                        executed.halt(),
                        executed.gasUsed(),
                        executed.gasBeforeRefund(),
                        HexFormat.of().formatHex(executed.output()),
                        HexFormat.of().formatHex(Fixtures.encodeLogs(executed.logs())),
                        changes.lines());
    }

    private static BlockEnvironment block(JsonNode test, Fork fork) {
        JsonNode env = test.get("env");
        boolean paris = fork.has(Fork.PARIS) && env.has("currentRandom");
        return new BlockEnvironment(
                Fixtures.number(env.get("currentNumber")),
                Fixtures.number(env.get("currentTimestamp")),
                Fixtures.number(env.get("currentGasLimit")),
                fork.has(Fork.LONDON) && env.has("currentBaseFee")
                        ? Fixtures.word(env.get("currentBaseFee"))
                        : Word.ZERO,
                Fixtures.word(env.get(paris ? "currentRandom" : "currentDifficulty")),
                Fixtures.address(env.get("currentCoinbase")),
                blobBaseFee(test, fork));
    }

    /** EIP-4844's approximation of an exponential. */
    private static Word blobBaseFee(JsonNode test, Fork fork) {
        JsonNode excess = test.get("env").path("currentExcessBlobGas");
        if (excess.isMissingNode() || !fork.has(Fork.CANCUN)) {
            return Word.ZERO;
        }
        String name = fork == Fork.CANCUN ? "Cancun" : fork == Fork.PRAGUE ? "Prague" : "Osaka";
        JsonNode fraction = test.path("config").path("blobSchedule").path(name).path("baseFeeUpdateFraction");
        BigInteger denominator = BigInteger.valueOf(fraction.isMissingNode() ? 3_338_477 : Fixtures.number(fraction));
        BigInteger numerator = Fixtures.word(excess).toBigInteger();
        BigInteger sum = BigInteger.ZERO;
        BigInteger term = denominator;
        for (int i = 1; term.signum() > 0; i++) {
            sum = sum.add(term);
            term = term.multiply(numerator).divide(denominator.multiply(BigInteger.valueOf(i)));
        }
        return Word.of(sum.divide(denominator));
    }

    private static TransactionMessage message(JsonNode tx, JsonNode indexes) {
        int data = indexes.get("data").asInt();
        boolean dynamic = tx.has("maxFeePerGas");
        String to = tx.path("to").asString("");
        Transaction.Type type = Transaction.Type.LEGACY;
        if (tx.has("authorizationList")) {
            type = Transaction.Type.SET_CODE;
        } else if (tx.has("maxFeePerBlobGas")) {
            type = Transaction.Type.BLOB;
        } else if (dynamic) {
            type = Transaction.Type.DYNAMIC_FEE;
        } else if (tx.has("accessLists")) {
            type = Transaction.Type.ACCESS_LIST;
        }
        Word fee = Fixtures.word(tx.get(dynamic ? "maxFeePerGas" : "gasPrice"));
        return new TransactionMessage(
                type,
                Fixtures.address(tx.get("sender")),
                Fixtures.number(tx.get("nonce")),
                Fixtures.number(tx.get("gasLimit").get(indexes.get("gas").asInt())),
                fee,
                dynamic ? Fixtures.word(tx.get("maxPriorityFeePerGas")) : fee,
                to.isEmpty() ? null : Address.fromHex(to),
                Fixtures.word(tx.get("value").get(indexes.get("value").asInt())),
                Fixtures.bytes(tx.get("data").get(data)),
                accessList(tx.has("accessLists") ? tx.get("accessLists").get(data) : null),
                authorizations(tx.path("authorizationList")),
                blobHashes(tx.path("blobVersionedHashes")),
                tx.has("maxFeePerBlobGas") ? Fixtures.word(tx.get("maxFeePerBlobGas")) : Word.ZERO);
    }

    private static List<AccessListEntry> accessList(@Nullable JsonNode list) {
        List<AccessListEntry> entries = new ArrayList<>();
        if (list != null) {
            for (JsonNode entry : list) {
                List<Word> keys = new ArrayList<>();
                entry.get("storageKeys").forEach(key -> keys.add(Fixtures.word(key)));
                entries.add(new AccessListEntry(Fixtures.address(entry.get("address")), keys));
            }
        }
        return entries;
    }

    private static List<Authorization> authorizations(JsonNode list) {
        List<Authorization> authorizations = new ArrayList<>();
        for (JsonNode entry : list) {
            authorizations.add(new Authorization(
                    Fixtures.word(entry.get("chainId")),
                    Fixtures.address(entry.get("address")),
                    Fixtures.number(entry.get("nonce")),
                    (int) Fixtures.number(entry.get("v")),
                    Fixtures.word(entry.get("r")),
                    Fixtures.word(entry.get("s"))));
        }
        return authorizations;
    }

    private static List<byte[]> blobHashes(JsonNode list) {
        List<byte[]> hashes = new ArrayList<>();
        list.forEach(hash -> hashes.add(Fixtures.bytes(hash)));
        return hashes;
    }
}
