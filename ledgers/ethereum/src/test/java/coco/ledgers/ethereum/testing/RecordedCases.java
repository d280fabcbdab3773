package coco.ledgers.ethereum.testing;

import coco.crypto.Secp256k1;
import coco.evm.code.CodeCache;
import coco.kv.DigestReader;
import coco.kv.Version;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.History;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.Verdict;
import coco.ledgers.api.View;
import coco.ledgers.ethereum.chain.BlockIndex;
import coco.ledgers.ethereum.chain.Executors;
import coco.ledgers.ethereum.chain.ImportedChain;
import coco.ledgers.ethereum.pool.Admission;
import coco.ledgers.ethereum.pool.PoolLimits;
import coco.ledgers.ethereum.rpc.JsonRpc;
import coco.ledgers.ethereum.rpc.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;

/** The recorded JSON-RPC cases of ethereum/execution-apis, put to our JSON-RPC over an imported chain. */
public final class RecordedCases implements LedgerContext {
    private final ImportedChain chain;
    private final JsonRpc rpc;
    private final Map<String, List<History.Position>> index = new HashMap<>();

    private int agreeing;

    public RecordedCases(ImportedChain chain) {
        this.chain = chain;
        for (int height = 0; height < chain.blocks().size(); height++) {
            LedgerBlock block = chain.blocks().get(height);
            for (IndexKey key : BlockIndex.keys(block, BlockIndex.header(block))) {
                index.computeIfAbsent(name(key.kind(), key.key()), name -> new ArrayList<>())
                        .add(new History.Position(height, key.ordinal()));
            }
        }
        Executors executors = new Executors(chain.genesis());
        Simulator simulator =
                new Simulator(chain.genesis(), executors, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 7, this);
        Admission admission = new Admission(chain.genesis(), PoolLimits.DEFAULT, Secp256k1.fastest(), "ethereum");
        this.rpc = new JsonRpc(this, chain.genesis(), admission, simulator, "test", new Random(1));
    }

    /** Where the cases are; skips the test where they are missing. */
    public static Path folder() {
        Path folder = Path.of(System.getProperty("coco.testdata", ""), "rpc-compat", "tests");
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> "test data is missing: " + folder);
        return folder;
    }

    /** How many cases were answered as recorded. */
    public int agreeing() {
        return agreeing;
    }

    /** Runs all cases of the methods we have, and tells which differ. */
    public List<String> run() {
        List<String> differences = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder())) {
            files.filter(file -> file.toString().endsWith(".io")).sorted().forEach(file -> {
                String name = folder().relativize(file).toString();
                if (name.startsWith(System.getProperty("coco.rpc.cases", ""))
                        && !name.startsWith("engine_")
                        && !name.startsWith("testing_")) {
                    runCase(name, file, differences);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return differences;
    }

    private void runCase(String name, Path file, List<String> differences) {
        String request = "";
        boolean shapeOnly = false;
        for (String line : lines(file)) {
            shapeOnly |= line.startsWith("// speconly");
            if (line.startsWith(">> ")) {
                request = line.substring(3);
            } else if (line.startsWith("<< ")) {
                JsonNode expected = Rpc.MAPPER.readTree(line.substring(3));
                JsonNode actual = Rpc.MAPPER.readTree(rpc.handle(new Endpoint.Request(
                                Caller.ANONYMOUS, "", Map.of(), request.getBytes(StandardCharsets.UTF_8), false))
                        .body());
                boolean same = shapeOnly ? expected.has("result") == actual.has("result") : expected.equals(actual);
                if (same) {
                    agreeing++;
                } else if (!isBeyondUs(name, expected, actual)) {
                    differences.add(name + "\n  request  " + shortened(request) + "\n  expected "
                            + shortened(expected.toString()) + "\n  actual   " + shortened(actual.toString()));
                }
            }
        }
    }

    /**
     * What our chain cannot have: receipts from before Byzantium, with state roots; ommers, withdrawals and blobs; a
     * base fee that changes; and state that is not kept.
     */
    private static boolean isBeyondUs(String name, JsonNode expected, JsonNode actual) {
        if (actual.has("error") && actual.get("error").get("message").asString().contains("is not available")) {
            return true;
        }
        String text = expected.toString();
        return name.endsWith("call-callenv-options-eip1559.io")
                || Stream.of("\"root\":", "\"uncles\":[\"", "\"withdrawals\":[{", "\"blobGasPrice\":")
                        .anyMatch(text::contains);
    }

    private static String shortened(String text) {
        return text.length() <= 1_500 ? text : text.substring(0, 1_500) + "…";
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(int kind, byte[] key) {
        return kind + HexFormat.of().formatHex(key);
    }

    @Override
    public byte[] genesisDocument() {
        throw new UnsupportedOperationException();
    }

    @Override
    public RpcSettings settings() {
        return RpcSettings.DEFAULTS;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public View view(Caller caller) {
        return new Window(caller, chain.state(chain.blocks().size() - 1).lease());
    }

    @Override
    public View linearizableView(Caller caller) {
        return view(caller);
    }

    @Override
    public Ticket submit(Offer offer) {
        return new Ticket(
                CompletableFuture.completedFuture(new Verdict.Accepted()),
                CompletableFuture.completedFuture(new Outcome.Expired()));
    }

    @Override
    public CompletableFuture<byte[]> askLeader(byte[] question) {
        return CompletableFuture.failedFuture(new LedgerException("an imported chain has no leader"));
    }

    @Override
    public <T> T compute(Callable<T> work) throws Exception {
        return work.call();
    }

    @Override
    public <T> T computeLong(Callable<T> work) throws Exception {
        return work.call();
    }

    @Override
    public Runnable background(Runnable work) {
        return work;
    }

    private final class Window implements View, History {
        private final Caller caller;
        private final Version version;

        Window(Caller caller, Version version) {
            this.caller = caller;
            this.version = version;
        }

        @Override
        public Caller caller() {
            return caller;
        }

        @Override
        public long height() {
            return chain.blocks().size() - 1L;
        }

        @Override
        public DigestReader state() {
            return version;
        }

        @Override
        public @Nullable DigestReader state(long height) {
            return height < 0 || height > height() ? null : chain.state((int) height);
        }

        @Override
        public History history() {
            return this;
        }

        @Override
        public @Nullable LedgerBlock block(long height) {
            return height >= 0 && height <= height() ? chain.blocks().get((int) height) : null;
        }

        @Override
        public List<History.Position> find(int kind, byte[] key) {
            return index.getOrDefault(name(kind, key), List.of());
        }

        @Override
        public List<History.Position> find(int kind, byte[] key, long fromHeight, long toHeight, int limit) {
            return find(kind, key).stream()
                    .filter(position -> position.height() >= fromHeight && position.height() <= toHeight)
                    .toList();
        }

        @Override
        public void close() {
            version.close();
        }
    }
}
