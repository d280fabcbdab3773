package coco.evm.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Secp256k1;
import coco.evm.BlockEnvironment;
import coco.evm.code.CodeCache;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.testing.Archives;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Block;
import coco.evm.types.Fork;
import coco.evm.types.MalformedException;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The first two blocks of the chain that the execution APIs' tests run on, traced transaction by transaction: each on
 * the state that those before it left. What geth answered for them must come out, field for field.
 */
class GethTracesTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Path FOLDER = Path.of(System.getProperty("coco.testdata", ""), "rpc-compat", "tests");
    private static final long CHAIN_ID = 3503995874084926L;

    private final InMemoryWorld world = new InMemoryWorld();
    private final JournaledState state = new JournaledState(world, new CodeCache(1 << 20), 9);
    private final TransactionExecutor executor = new TransactionExecutor(ChainRules.of(CHAIN_ID, Fork.HOMESTEAD), null);
    private final List<Block> blocks = new ArrayList<>();

    @BeforeEach
    void readTheChain() throws IOException, RlpException, MalformedException {
        Assumptions.assumeTrue(Files.exists(FOLDER), () -> "test data is missing: " + FOLDER);
        JsonNode genesis = MAPPER.readTree(Files.readString(FOLDER.resolve("genesis.json")));
        for (Map.Entry<String, JsonNode> entry : genesis.get("alloc").properties()) {
            Address address = Address.fromHex(entry.getKey());
            JsonNode account = entry.getValue();
            world.put(
                    address,
                    Long.decode(account.path("nonce").asString("0")),
                    Word.fromHex(account.path("balance").asString("0x0")),
                    Archives.hex(account.path("code").asString("0x")));
            for (Map.Entry<String, JsonNode> slot : account.path("storage").properties()) {
                world.slotChanged(
                        address,
                        Word.fromHex(slot.getKey()),
                        Word.fromHex(slot.getValue().asString()));
            }
        }
        byte[] chain = Files.readAllBytes(FOLDER.resolve("chain.rlp"));
        int from = 0;
        while (blocks.size() < 2) {
            RlpReader in = new RlpReader(chain, from, chain.length - from);
            byte[] encoded = in.encodedItem();
            blocks.add(Block.decode(encoded));
            from += encoded.length;
        }
    }

    /** Executes a block and gives each trace as the block's answer has it. */
    private String trace(Block block, StructLogOptions options) {
        BlockEnvironment environment = new BlockEnvironment(
                block.header().number(),
                block.header().timestamp(),
                block.header().gasLimit(),
                Word.ZERO,
                block.header().difficulty(),
                block.header().beneficiary(),
                Word.ZERO);
        List<Object> answers = new ArrayList<>();
        long gasUsed = 0;
        for (Transaction transaction : block.transactions()) {
            Address sender = transaction.sender(Secp256k1.fastest());
            assertThat(sender).isNotNull();
            StructLogTracer tracer = new StructLogTracer(options, TraceLimits.DEFAULT);
            TransactionMessage message = TransactionMessage.of(transaction, nonNull(sender));
            Outcome outcome =
                    executor.trace(state, environment, message, environment.gasLimit() - gasUsed, tracer, null);
            assertThat(outcome).isInstanceOf(Outcome.Executed.class);
            gasUsed += ((Outcome.Executed) outcome).gasUsed();
            executor.commit(state, world);
            Map<String, Object> json = ((TraceResult.Complete) tracer.result()).json();
            answers.add(Map.of("txHash", Hex.data(transaction.hash()), "result", json));
        }
        assertThat(gasUsed).isEqualTo(block.header().gasUsed());
        return TraceJson.text(answers);
    }

    private static Address nonNull(@Nullable Address address) {
        return address == null ? Address.ZERO : address;
    }

    /** The answers in a file of requests and responses. */
    private static List<JsonNode> answers(String file) throws IOException {
        List<JsonNode> answers = new ArrayList<>();
        for (String line : Files.readAllLines(FOLDER.resolve(file))) {
            if (line.startsWith("<< ")) {
                answers.add(MAPPER.readTree(line.substring(3)).get("result"));
            }
        }
        return answers;
    }

    private static void assertSame(JsonNode expected, String actual) {
        JsonNode is = MAPPER.readTree(actual);
        assertThat(is).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            JsonNode steps = expected.get(i).get("result").get("structLogs");
            for (int j = 0; j < steps.size(); j++) {
                assertThat(is.get(i).get("result").get("structLogs").get(j))
                        .as("step %d of transaction %d", j, i)
                        .isEqualTo(steps.get(j));
            }
            assertThat(is.get(i)).as("transaction %d", i).isEqualTo(expected.get(i));
        }
    }

    @Test
    void shouldTraceABlockAsGethDoes() throws IOException {
        assertSame(
                answers("debug_traceBlockByNumber/trace-block-with-transactions.io")
                        .getFirst(),
                trace(blocks.get(0), StructLogOptions.DEFAULT));
    }

    @Test
    void shouldShowMemoryAndReturnDataAsGethDoes() throws IOException {
        assertSame(
                answers("debug_traceBlockByNumber/trace-block-memory-encoding.io")
                        .getFirst(),
                trace(blocks.get(0), new StructLogOptions(true, false, false, true, 0)));
    }

    @Test
    void shouldShowStorageAsGethDoesInABlockOnTopOfAnother() throws IOException {
        trace(blocks.get(0), StructLogOptions.DEFAULT);
        assertSame(
                answers("debug_traceBlockByNumber/trace-block-storage-encoding.io")
                        .getFirst(),
                trace(blocks.get(1), new StructLogOptions(false, false, false, true, 0)));
    }

    @Test
    void shouldHideStorageAndReturnDataAsGethDoes() throws IOException {
        List<JsonNode> answers = answers("debug_traceBlockByNumber/trace-block-return-data-behavior.io");
        assertThat(answers).hasSize(2);
        assertSame(answers.get(0), trace(blocks.get(0), new StructLogOptions(false, false, true, false, 0)));
    }
}
