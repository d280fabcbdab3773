package coco.benchmarks.core;

import coco.core.Core;
import coco.core.HistoryLookup;
import coco.crypto.Secp256k1;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.journal.BlockSealer;
import coco.journal.HistoryIndex;
import coco.journal.Journal;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.Offer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * eth_getLogs over a million Transfer events between 100,000 accounts, on a node's journal and index. Two steps, so
 * that the second one begins in a cold JVM with nothing in memory:
 *
 * <pre>
 * mvn -q -Pbench -pl benchmarks -am process-classes -Dbench.main=coco.benchmarks.core.LogsBenchmark \
 *     -Djmh.args="make FOLDER 1000 1000"    blocks, transfers in each
 *     -Djmh.args="query FOLDER 200"         queries of each kind
 * </pre>
 *
 * <p>Each query is measured twice in a row: for the first, the journal's and index's files are dropped from the
 * kernel's cache before (by {@code dd iflag=nocache}), and its keys are new; the second finds its blocks and pages in
 * memory.
 */
public final class LogsBenchmark {
    private static final int ACCOUNTS = 100_000;
    private static final String TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
    private static final Secp256k1 CURVE = Secp256k1.fastest();

    private LogsBenchmark() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "make" -> make(folder, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            case "query" -> query(folder, Integer.parseInt(arguments[2]));
            default -> throw new IllegalArgumentException("make or query, not " + arguments[0]);
        }
    }

    private static void make(Path folder, int blocks, int transfers) throws IOException {
        Random random = new Random(1);
        Map<Integer, Address> addresses = new HashMap<>();
        long[] nonces = new long[ACCOUNTS];
        JournalMaker.found(folder).fill(blocks, transfers, (block, i) -> {
            int from = random.nextInt(ACCOUNTS);
            Address to = address(addresses, random.nextInt(ACCOUNTS));
            return transfer(from, address(addresses, from), to, nonces[from]++);
        });
    }

    private static Address address(Map<Integer, Address> known, int account) {
        return known.computeIfAbsent(account, each -> Transaction.Builder.addressOf(CURVE, JournalMaker.secret(each)));
    }

    private static Offer transfer(int from, Address sender, Address to, long nonce) {
        byte[] data = new byte[68];
        data[0] = (byte) 0xa9;
        data[1] = 0x05;
        data[2] = (byte) 0x9c;
        data[3] = (byte) 0xbb;
        to.writeTo(data, 16);
        data[67] = 1;
        Transaction.Builder transaction = Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                .nonce(nonce)
                .gasLimit(80_000)
                .to(JournalMaker.TOKEN)
                .data(data);
        return JournalMaker.offer(transaction, JournalMaker.secret(from), sender);
    }

    private static void query(Path folder, int times) throws Exception {
        BlockSealer.warmUp();
        JournalMaker maker = JournalMaker.open(folder);
        try (Journal journal = maker.openJournal();
                HistoryIndex index = maker.openIndex()) {
            Core core = maker.openCore(journal, new HistoryLookup(index));
            System.out.printf(
                    "%d blocks, journal %d MB, index %d MB in %d runs%n",
                    core.heads().height(),
                    sizeBytes(folder.resolve("journal")) >> 20,
                    sizeBytes(folder.resolve("index")) >> 20,
                    index.runs());
            Endpoint endpoint = core.endpoints().getFirst();
            Random random = new Random(2);
            for (Kind kind : Kind.values()) {
                double[] cold = new double[times];
                double[] warm = new double[times];
                long bytes = 0;
                for (int i = 0; i < times; i++) {
                    byte[] body = kind.body(random);
                    dropFromKernel(folder);
                    cold[i] = millis(endpoint, body);
                    warm[i] = millis(endpoint, body);
                    bytes += ask(endpoint, body).length;
                }
                System.out.printf(
                        "%-28s %6.1f logs; cold: first %6.2f ms, %s; again: %s%n",
                        kind, bytes / 560.0 / times, cold[0], spread(cold), spread(warm));
            }
        }
    }

    /** What is asked for, over the whole chain. */
    private enum Kind {
        SENDER {
            @Override
            String filter(String one, String other) {
                return "\"topics\":[null,\"%s\"]".formatted(one);
            }
        },
        RECIPIENT {
            @Override
            String filter(String one, String other) {
                return "\"topics\":[null,null,\"%s\"]".formatted(one);
            }
        },
        TOKEN_EVENT_AND_SENDER {
            @Override
            String filter(String one, String other) {
                return "\"address\":\"%s\",\"topics\":[\"%s\",\"%s\"]"
                        .formatted(JournalMaker.TOKEN.hex(), TRANSFER, one);
            }
        },
        TOKEN_AND_EITHER_OF_TWO {
            @Override
            String filter(String one, String other) {
                return "\"address\":\"%s\",\"topics\":[\"%s\",null,[\"%s\",\"%s\"]]"
                        .formatted(JournalMaker.TOKEN.hex(), TRANSFER, one, other);
            }
        },
        SENDER_TO_RECIPIENT {
            @Override
            String filter(String one, String other) {
                return "\"address\":\"%s\",\"topics\":[\"%s\",\"%s\",\"%s\"]"
                        .formatted(JournalMaker.TOKEN.hex(), TRANSFER, one, other);
            }
        };

        abstract String filter(String one, String other);

        byte[] body(Random random) {
            return ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x0\","
                            + filter(topic(random), topic(random))
                            + "}]}")
                    .getBytes(StandardCharsets.UTF_8);
        }

        private static String topic(Random random) {
            byte[] secret = JournalMaker.secret(random.nextInt(ACCOUNTS));
            return "0x" + "0".repeat(24)
                    + Transaction.Builder.addressOf(CURVE, secret).hex().substring(2);
        }
    }

    private static double millis(Endpoint endpoint, byte[] body) throws Exception {
        long start = System.nanoTime();
        ask(endpoint, body);
        return (System.nanoTime() - start) / 1e6;
    }

    private static byte[] ask(Endpoint endpoint, byte[] body) throws Exception {
        byte[] reply = endpoint.handler()
                .handle(new Endpoint.Request(Caller.ANONYMOUS, "", Map.of(), body, false))
                .body();
        if (!new String(reply, StandardCharsets.UTF_8).contains("\"result\":[")) {
            throw new IllegalStateException(new String(reply, StandardCharsets.UTF_8));
        }
        return reply;
    }

    private static String spread(double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return "median %6.2f ms, 99%% %6.2f ms, most %6.2f ms"
                .formatted(sorted[sorted.length / 2], sorted[sorted.length * 99 / 100], sorted[sorted.length - 1]);
    }

    private static void dropFromKernel(Path folder) throws IOException, InterruptedException {
        for (Path file : files(folder)) {
            int exit = new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0", "status=none")
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("dd ended with " + exit);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static long sizeBytes(Path folder) throws IOException {
        long sum = 0;
        for (Path file : files(folder)) {
            sum += Files.size(file);
        }
        return sum;
    }
}
