package coco.evm.reference;

import coco.evm.precompiles.Precompiles;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The process that runs @ethereumjs/evm; {@code system-tests/evm-peers/ethereumjs.mjs} says what is spoken. */
final class EthereumJs implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final long EXIT_SECONDS = 10;

    private final Process process;
    private final Writer in;
    private final BufferedReader out;
    /** Name and version of the machine. */
    final String version;

    EthereumJs(Path folder) throws IOException {
        process = new ProcessBuilder("node", "ethereumjs.mjs")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = process.outputWriter(StandardCharsets.UTF_8);
        out = process.inputReader(StandardCharsets.UTF_8);
        version = line();
    }

    private String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the other machine has ended");
        }
        return line;
    }

    /** One object for each call; or one object that tells an error. */
    JsonNode run(Scenario scenario) {
        try {
            in.write(MAPPER.writeValueAsString(request(scenario)));
            in.write('\n');
            in.flush();
            return MAPPER.readTree(line());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    /** What ethereumjs calls the fork. */
    private static String hardfork(Fork fork) {
        return switch (fork) {
            case FRONTIER -> "chainstart";
            case HOMESTEAD -> "homestead";
            case TANGERINE_WHISTLE -> "tangerineWhistle";
            case SPURIOUS_DRAGON -> "spuriousDragon";
            case BYZANTIUM -> "byzantium";
            case CONSTANTINOPLE -> "constantinople";
            case PETERSBURG -> "petersburg";
            case ISTANBUL -> "istanbul";
            case BERLIN -> "berlin";
            case LONDON -> "london";
            case PARIS -> "paris";
            case SHANGHAI -> "shanghai";
            case CANCUN -> "cancun";
            case PRAGUE -> "prague";
            case OSAKA -> "osaka";
        };
    }

    private static ObjectNode request(Scenario scenario) {
        ObjectNode request = MAPPER.createObjectNode();
        request.put("hardfork", hardfork(scenario.fork()));
        request.put("chainId", Scenario.CHAIN_ID);
        request.put("origin", Scenario.CALLER.hex());
        request.put("gasPrice", Machine.GAS_PRICE.toString());
        ArrayNode blobHashes = request.putArray("blobHashes");
        Machine.BLOB_HASHES.forEach(hash -> blobHashes.add(hex(hash)));
        ArrayNode absent = request.putArray("absentPrecompiles");
        absentPrecompiles(scenario.fork()).forEach(address -> absent.add(address.hex()));
        ObjectNode blockHashes = request.putObject("blockHashes");
        Scenario.BLOCK_HASHES.forEach((number, hash) -> blockHashes.put(number.toString(), hex(hash)));
        request.putObject("block")
                .put("number", Long.toString(Scenario.BLOCK.number()))
                .put("timestamp", Long.toString(Scenario.BLOCK.timestampSeconds()))
                .put("gasLimit", Long.toString(Scenario.BLOCK.gasLimit()))
                .put("baseFee", Scenario.BLOCK.baseFee().toString())
                .put("randomness", hex(Scenario.BLOCK.randomness().toBytes32()))
                .put("coinbase", Scenario.BLOCK.coinbase().hex())
                .put("blobBaseFee", Scenario.BLOCK.blobBaseFee().toString());
        accounts(request.putArray("accounts"), scenario);
        ArrayNode calls = request.putArray("calls");
        for (Scenario.Call call : scenario.calls()) {
            ArrayNode warm = calls.addObject()
                    .put("kind", call.kind().name())
                    .put("target", call.target().hex())
                    .put("value", call.value().toString())
                    .put("data", hex(call.data()))
                    .put("gas", Long.toString(call.gas()))
                    .putArray("warm");
            call.warm().forEach(address -> warm.add(address.hex()));
        }
        return request;
    }

    /** Those that our table does not have: a call to them must be one to nobody there too. */
    private static List<Address> absentPrecompiles(Fork fork) {
        Precompiles precompiles = Precompiles.of(fork);
        return LongStream.rangeClosed(1, 0x100)
                .mapToObj(Address::of)
                .filter(address -> precompiles.isReserved(address) && precompiles.at(address) == null)
                .toList();
    }

    private static void accounts(ArrayNode accounts, Scenario scenario) {
        var world = scenario.world();
        world.accounts().forEach((address, account) -> {
            ObjectNode storage = accounts.addObject()
                    .put("address", address.hex())
                    .put("nonce", Long.toUnsignedString(account.nonce()))
                    .put("balance", account.balance().toString())
                    .put("code", hex(world.code(account.codeHash())))
                    .putObject("storage");
            world.storage(address).forEach((key, value) -> storage.put(hex(key.toBytes32()), hex(value.toBytes32())));
        });
    }
}
