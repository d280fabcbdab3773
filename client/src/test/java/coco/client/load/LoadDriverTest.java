package coco.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LoadDriverTest {
    private final ConcurrentLinkedQueue<String> bodies = new ConcurrentLinkedQueue<>();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;
    private Answer answer = (exchange, request) -> reply(exchange, "committed", "ok ok", false);

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/load", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer.to(exchange, requests.incrementAndGet());
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
        executor.shutdownNow();
    }

    @Test
    void shouldSendEveryBatchInOrderWhenLoopIsClosed() {
        LoadResult result = driver(0, 10, Duration.ZERO).run((elapsed, warmingUp, committed) -> {});

        assertThat(result.committed() + result.uncounted()).isBetween(20L, 40L);
        // The run is over when one connection has sent all that it has, wherever the other is then.
        List<List<String>> sent = List.of(sentBy("c0"), sentBy("c1"));
        assertThat(sent).anySatisfy(all -> assertThat(all).hasSize(10));
        assertThat(sent)
                .allSatisfy(some -> assertThat(some)
                        .isEqualTo(IntStream.range(0, some.size())
                                .mapToObj(batch -> "b" + batch + " 00ff")
                                .toList()));
        assertThat(result.refused()).isZero();
        assertThat(result.complaints()).isEmpty();
        assertThat(result.latency().count()).isGreaterThanOrEqualTo(20);
        assertThat(result.cpu()).containsKey("driver");
    }

    private List<String> sentBy(String connection) {
        return bodies.stream()
                .filter(body -> body.startsWith(connection))
                .map(body -> body.substring(connection.length() + 1))
                .toList();
    }

    @Test
    void shouldCountNothingAsCommittedWhenNodeSaysPending() {
        answer = (exchange, request) -> reply(exchange, "pending", "ok ok", true);

        LoadResult result = driver(0, 5, Duration.ZERO).run((elapsed, warmingUp, committed) -> {});

        assertThat(result.committed()).isZero();
        assertThat(result.latency().count()).isZero();
        assertThat(result.uncounted()).isEqualTo(2L * requests.get());
    }

    @Test
    void shouldCountRefusalsAndQuoteThemWhenNodeRefuses() {
        answer = (exchange, request) -> reply(exchange, "committed", "ok no", false);

        LoadResult result = driver(0, 5, Duration.ZERO).run((elapsed, warmingUp, committed) -> {});

        assertThat(result.refused()).isEqualTo(requests.get());
        assertThat(result.complaints()).containsExactly("status 200: ok no");
    }

    @Test
    void shouldReconnectAndGoOnWhenNodeDropsTheConnection() {
        answer = (exchange, request) -> {
            if (request == 3) {
                exchange.close();
            } else {
                reply(exchange, "committed", "ok ok", false);
            }
        };

        LoadResult result = driver(0, 50, Duration.ZERO).run((elapsed, warmingUp, committed) -> {});

        assertThat(result.uncounted()).isEqualTo(2);
        assertThat(result.complaints()).hasSize(1);
        assertThat(requests.get()).isGreaterThan(10);
    }

    @Test
    void shouldChargeTheWaitToTheNetworkWhenItStallsInAnOpenLoop() {
        answer = (exchange, request) -> {
            if (request == 1) {
                pauseMillis(300);
            }
            reply(exchange, "committed", "ok ok", false);
        };
        LoadSettings settings = settings(1, 200, Duration.ZERO);

        LoadResult result = new LoadDriver(settings, new TwoWords(30), LoadDriverTest::cpu, null, System::nanoTime)
                .run((elapsed, warmingUp, committed) -> {});

        // A batch of two at 200/s leaves every 10 ms; those meant for the 300 ms of the stall all waited for its end.
        assertThat(result.latency().percentileMicros(50)).isGreaterThan(100_000);
    }

    @Test
    void shouldMeasureNothingWhenWorkEndsDuringWarmUp() {
        LoadResult result = driver(0, 3, Duration.ofMinutes(1)).run((elapsed, warmingUp, committed) -> {});

        assertThat(result.measured()).isZero();
        assertThat(result.committedPerSecond()).isZero();
    }

    @Test
    void shouldFollowTransactionsToAllNodesWhenThereIsAProbe() {
        AtomicInteger followed = new AtomicInteger();
        answer = (exchange, request) -> {
            while (followed.get() <= 2) {
                pauseMillis(1);
            }
            reply(exchange, "committed", "ok ok", false);
        };

        LoadResult result = new LoadDriver(
                        settings(2, 0, Duration.ZERO),
                        new TwoWords(20),
                        LoadDriverTest::cpu,
                        () -> followed.incrementAndGet() <= 2,
                        System::nanoTime)
                .run((elapsed, warmingUp, committed) -> {});

        assertThat(result.allNodesLatency().count()).isEqualTo(2);
    }

    private LoadDriver driver(double rate, int batches, Duration warmUp) {
        return new LoadDriver(
                settings(2, rate, warmUp), new TwoWords(batches), LoadDriverTest::cpu, null, System::nanoTime);
    }

    private LoadSettings settings(int connections, double rate, Duration warmUp) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new LoadSettings(
                List.of(url), null, connections, rate, 2, warmUp, Duration.ofSeconds(20), Duration.ofMillis(1));
    }

    private static SequencedMap<String, Duration> cpu() {
        SequencedMap<String, Duration> times = new LinkedHashMap<>();
        times.put("driver", Duration.ofNanos(System.nanoTime() & 0xffff));
        return times;
    }

    private static void pauseMillis(int millis) {
        LockSupport.parkNanos(millis * 1_000_000L);
    }

    private static void reply(HttpExchange exchange, String status, String body, boolean chunked) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Coco-Transaction-Status", status);
        exchange.sendResponseHeaders(200, chunked ? 0 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** How the fake node answers a request, the first of which is 1. */
    private interface Answer {
        void to(HttpExchange exchange, int request) throws IOException;
    }

    /** Batches of two transactions; the reply has a word for each. */
    private record TwoWords(int count) implements Workload {
        @Override
        public String path() {
            return "/load";
        }

        @Override
        public int batches(int connection) {
            return count;
        }

        @Override
        public int transactions(int connection, int batch) {
            return 2;
        }

        @Override
        public void write(int connection, int batch, RequestBuffer request) {
            request.ascii("c")
                    .decimal(connection)
                    .ascii(" b")
                    .decimal(batch)
                    .ascii(" ")
                    .hex(new byte[] {0, -1});
        }

        @Override
        public int accepted(byte[] body, int length, int transactions) {
            return (int) new String(body, 0, length, StandardCharsets.UTF_8)
                    .lines()
                    .flatMap(line -> List.of(line.split(" ", -1)).stream())
                    .filter("ok"::equals)
                    .count();
        }
    }
}
