package coco.benchmarks.evm;

import coco.crypto.Secp256k1;
import coco.evm.BlockEnvironment;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.SystemCalls;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Block;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.MalformedException;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * How fast the worst blocks are executed that Ethereum's testers could think of: for each block of an archive of
 * blockchain tests, million gas a second of processor time, slowest first. Signatures are recovered and senders known
 * before the clock starts; roots are not computed. Gas must be what the header says.
 *
 * <p>Arguments: the archive, and optionally words of which one must be part of a test's name.
 */
public final class BlockRates {
    private static final HexFormat HEX = HexFormat.of();
    private static final int WARM_UP_RUNS = 1;
    private static final int RUNS = 3;
    private static final String POINTER = "version https://git-lfs";

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final ObjectMapper json = new ObjectMapper();
    private final Secp256k1 curve = Secp256k1.fastest();
    private final List<Rate> rates = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    private BlockRates() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("arguments: ARCHIVE [WORD...]");
        }
        BlockRates all = new BlockRates();
        all.run(arguments[0], List.of(arguments).subList(1, arguments.length));
        all.report(System.out);
    }

    private void run(String archive, List<String> words) throws IOException {
        try (ZipFile zip = new ZipFile(archive)) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.getName().endsWith(".json")) {
                    continue;
                }
                String text = new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                if (text.startsWith(POINTER)) {
                    skipped.add(entry.getName() + ": only a pointer to the file is in the archive");
                    continue;
                }
                for (Map.Entry<String, JsonNode> test : json.readTree(text).properties()) {
                    if (words.isEmpty() || words.stream().anyMatch(test.getKey()::contains)) {
                        run(test.getKey(), test.getValue());
                    }
                }
            }
        }
    }

    private void run(String name, JsonNode test) {
        List<Prepared> blocks = new ArrayList<>();
        try {
            for (JsonNode block : test.get("blocks")) {
                blocks.add(prepare(Block.decode(bytes(block.get("rlp")))));
            }
        } catch (MalformedException e) {
            skipped.add(name + ": " + e.getMessage());
            return;
        }
        InMemoryWorld world = world(test.get("pre"));
        ChainRules rules = ChainRules.of(1, Fork.OSAKA);
        Execution execution = new Execution(world, rules);
        long[][] nanos = new long[blocks.size()][RUNS];
        for (int run = -WARM_UP_RUNS; run < RUNS; run++) {
            execution.state.forget();
            for (int i = 0; i < blocks.size(); i++) {
                long start = threads.getCurrentThreadCpuTime();
                String fault = execution.execute(blocks.get(i));
                long taken = threads.getCurrentThreadCpuTime() - start;
                if (fault != null) {
                    skipped.add(name + ": " + fault);
                    return;
                }
                if (run >= 0) {
                    nanos[i][run] = taken;
                }
            }
        }
        for (int i = 0; i < blocks.size(); i++) {
            Arrays.sort(nanos[i]);
            if (blocks.get(i).header.gasUsed() > 0) {
                rates.add(new Rate(name, blocks.get(i).header.gasUsed(), nanos[i][RUNS / 2]));
            }
        }
    }

    private Prepared prepare(Block block) {
        List<TransactionMessage> messages = new ArrayList<>();
        for (Transaction transaction : block.transactions()) {
            Address sender = transaction.sender(curve);
            if (sender != null) {
                messages.add(TransactionMessage.of(transaction, sender));
            }
        }
        return new Prepared(block.header(), messages);
    }

    private static InMemoryWorld world(JsonNode pre) {
        InMemoryWorld world = new InMemoryWorld();
        for (Map.Entry<String, JsonNode> account : pre.properties()) {
            Address address = Address.fromHex(account.getKey());
            JsonNode is = account.getValue();
            world.put(address, word(is.get("nonce")).l0(), word(is.get("balance")), bytes(is.get("code")));
            for (Map.Entry<String, JsonNode> slot : is.get("storage").properties()) {
                world.slotChanged(address, Word.fromHex(slot.getKey()), word(slot.getValue()));
            }
        }
        return world;
    }

    private static byte[] bytes(JsonNode hex) {
        return HEX.parseHex(hex.stringValue(), 2, hex.stringValue().length());
    }

    private static Word word(JsonNode hex) {
        return Word.fromHex(hex.stringValue());
    }

    private void report(PrintStream out) {
        rates.sort(Comparator.comparingDouble(Rate::megagasPerSecond));
        out.println("  Mgas/s       gas    CPU ms  block");
        for (Rate rate : rates) {
            out.printf(
                    Locale.ROOT,
                    "%8.1f %9d %9.1f  %s%n",
                    rate.megagasPerSecond(),
                    rate.gas,
                    rate.cpuNanos / 1e6,
                    rate.name.substring(rate.name.lastIndexOf("::") + 2));
        }
        skipped.forEach(reason -> out.println("skipped " + reason));
        out.println(rates.size() + " blocks, " + skipped.size() + " skipped");
    }

    private record Rate(String name, long gas, long cpuNanos) {
        double megagasPerSecond() {
            return gas * 1e3 / cpuNanos;
        }
    }

    private record Prepared(Header header, List<TransactionMessage> messages) {}

    /** Executes blocks one after the other; what they change stays in the journaled state, and the world as it was. */
    private static final class Execution implements StateChanges {
        final JournaledState state;
        private final InMemoryWorld world;
        private final TransactionExecutor executor;
        private final SystemCalls systemCalls;

        Execution(InMemoryWorld world, ChainRules rules) {
            this.world = world;
            this.state = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 1);
            this.executor = new TransactionExecutor(rules, null);
            this.systemCalls = new SystemCalls(rules);
        }

        /** Null if all went as the header says. */
        @Nullable
        String execute(Prepared block) {
            Header header = block.header;
            world.putBlockHash(header.number() - 1, header.parentHash());
            Word baseFee = header.baseFeePerGas();
            BlockEnvironment environment = new BlockEnvironment(
                    header.number(),
                    header.timestamp(),
                    header.gasLimit(),
                    baseFee == null ? Word.ZERO : baseFee,
                    Word.ofBytes32(header.mixHash(), 0),
                    header.beneficiary(),
                    Word.ONE);
            systemCalls.beginBlock(state, environment, header.parentHash(), header.parentBeaconBlockRoot(), this);
            long gas = 0;
            for (TransactionMessage message : block.messages) {
                Outcome outcome = executor.execute(state, environment, message, header.gasLimit() - gas);
                switch (outcome) {
                    case Outcome.Executed executed -> gas += executed.gasUsed();
                    case Outcome.Rejected rejected -> {
                        return "rejected: " + rejected;
                    }
                }
                executor.commit(state, this);
            }
            return gas == header.gasUsed() ? null : "used " + gas + " gas, not " + header.gasUsed();
        }

        @Override
        public void accountDestroyed(Address address) {}

        @Override
        public void accountChanged(
                Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {}

        @Override
        public void slotChanged(Address address, Word key, Word value) {}
    }
}
