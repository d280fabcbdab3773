package coco.cli.demo.compare;

import coco.cli.console.CliException;
import coco.client.ClientException;
import coco.ledgers.api.Endpoint.Reply;
import coco.node.ui.Dashboards;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The page and its small API, on loopback. The page shows two networks, and a page may talk to its own origin only: so
 * this process is the origin, and holds what was measured; a page that is loaded again finds it as it was.
 *
 * <p>Whoever reaches loopback may use it; a page of another site may not. A request must name this host and port, which
 * a name of an attacker's that leads here does not (DNS rebinding), its origin, if it has one, must be this one, and
 * what changes something must be JSON, which no page can send elsewhere without asking first.
 */
final class CompareServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BODY_BYTES_MAX = 4_096;
    /** Pages that are told of news at a time. */
    private static final int LISTENERS_MAX = 16;

    private static final long NEWS_MILLIS = 250;
    private static final byte[] ALIVE = "event: alive\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8);
    /** Smaller answers gain nothing. */
    private static final int GZIP_LEAST = 1_024;

    private final CompareService service;
    private final CompareReport report;
    private final Dashboards pages;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore listeners = new Semaphore(LISTENERS_MAX);
    private final Map<String, byte[]> packed = new ConcurrentHashMap<>();
    private final Set<String> hosts;
    private volatile boolean closed;

    private CompareServer(CompareService service, Dashboards pages, HttpServer server) {
        this.service = service;
        this.report = new CompareReport(service);
        this.pages = pages;
        this.server = server;
        int port = server.getAddress().getPort();
        this.hosts = Set.of("localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port);
    }

    /**
     * Begins to listen.
     *
     * @param port of loopback; 0 for any
     * @throws CliException the port is taken
     */
    static CompareServer start(CompareService service, Dashboards pages, int port) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            CompareServer made = new CompareServer(service, pages, server);
            server.setExecutor(made.threads);
            server.createContext("/", made::handle);
            server.start();
            return made;
        } catch (IOException e) {
            throw new CliException(
                    "port " + port + " cannot be listened on: " + e.getMessage(), "Choose another with --port.", e);
        }
    }

    /** Where the page is. */
    URI page() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/ui/compare/");
    }

    @Override
    public void close() {
        closed = true;
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String refusal = refusal(exchange);
            if (refusal != null) {
                reply(exchange, 403, problem(refusal));
                return;
            }
            String path = exchange.getRequestURI().getPath();
            switch (exchange.getRequestMethod() + " " + path) {
                case "GET /", "GET /ui", "GET /ui/" -> moved(exchange, "/ui/compare/");
                case "GET /compare/state" -> reply(exchange, 200, report.tree());
                case "GET /compare/events" -> events(exchange);
                case "GET /compare/result.csv" -> csv(exchange);
                case "POST /compare/start" -> start(exchange);
                case "POST /compare/limits" -> limits(exchange);
                case "POST /compare/stop" -> {
                    service.stop();
                    reply(exchange, 202, JSON.createObjectNode());
                }
                default -> page(exchange, path);
            }
        }
    }

    // ---- who may ----

    private @Nullable String refusal(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        String host = headers.getFirst("Host");
        if (host == null || !hosts.contains(host)) {
            return "this is not the host that was asked for";
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !origin.equals("http://" + host)) {
            return "pages of other origins may not ask";
        }
        String type = headers.getFirst("Content-Type");
        boolean changes = exchange.getRequestMethod().equals("POST");
        return changes && (type == null || !type.startsWith("application/json"))
                ? "what changes something is sent as application/json"
                : null;
    }

    // ---- what there is ----

    private void page(HttpExchange exchange, String path) throws IOException {
        if (!exchange.getRequestMethod().equals("GET") || !path.startsWith("/ui/")) {
            reply(exchange, 404, problem("there is nothing at " + path));
            return;
        }
        Reply page = pages.page(path.substring("/ui/".length()));
        Headers headers = exchange.getResponseHeaders();
        page.headers().forEach(headers::set);
        headers.set("X-Content-Type-Options", "nosniff");
        String tag = headers.getFirst("ETag");
        if (tag != null && tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        if (page.contentType() != null) {
            headers.set("Content-Type", page.contentType());
        }
        byte[] body = page.body();
        if (page.status() == 200 && body.length >= GZIP_LEAST && takesGzip(exchange)) {
            headers.set("Content-Encoding", "gzip");
            headers.set("Vary", "Accept-Encoding");
            body = packed.computeIfAbsent(path, _ -> gzip(page.body()));
        }
        send(exchange, page.status(), body);
    }

    private static boolean takesGzip(HttpExchange exchange) {
        String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
        return accepted != null && accepted.contains("gzip");
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return out.toByteArray();
    }

    private void csv(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/csv; charset=utf-8");
        exchange.getResponseHeaders().set("Content-Disposition", "attachment; filename=\"compare.csv\"");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        send(exchange, 200, report.csv().getBytes(StandardCharsets.UTF_8));
    }

    /** The whole state, whenever it is another one: whoever comes late, or comes back, needs nothing else. */
    private void events(HttpExchange exchange) throws IOException {
        if (!listeners.tryAcquire()) {
            reply(exchange, 503, problem("too many pages listen"));
            return;
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            byte[] before = new byte[0];
            while (!closed) {
                byte[] now =
                        ("data: " + JSON.writeValueAsString(report.tree()) + "\n\n").getBytes(StandardCharsets.UTF_8);
                // A page that hears nothing takes the connection for lost.
                out.write(Arrays.equals(now, before) ? ALIVE : now);
                out.flush();
                before = now;
                Thread.sleep(NEWS_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            listeners.release();
        }
    }

    // ---- what can be done ----

    private void start(HttpExchange exchange) throws IOException {
        JsonNode body = body(exchange);
        ObjectNode errors = JSON.createObjectNode();
        long count = whole(body, "count", CompareSettings.COUNT, errors);
        long batch = whole(body, "batch", CompareSettings.BATCH, errors);
        JsonNode given = body.path("rate");
        double rate = given.isNumber() ? given.doubleValue() : 0;
        if (!given.isMissingNode() && !given.isNumber()) {
            errors.put("rate", "must be a number");
        }
        fault(errors, "count", CompareSettings.Run.countFault(count));
        fault(errors, "batch", CompareSettings.Run.batchFault(batch));
        fault(errors, "rate", CompareSettings.Run.rateFault(rate));
        if (!errors.isEmpty()) {
            refuse(exchange, errors);
        } else if (service.start(new CompareSettings.Run((int) count, (int) batch, rate))) {
            reply(exchange, 202, report.tree());
        } else {
            reply(exchange, 409, problem("a comparison is under way"));
        }
    }

    private void limits(HttpExchange exchange) throws IOException {
        JsonNode body = body(exchange);
        ObjectNode errors = JSON.createObjectNode();
        long batch = whole(body, "batch", -1, errors);
        fault(errors, "batch", CompareSettings.Run.batchFault(batch));
        if (!errors.isEmpty()) {
            refuse(exchange, errors);
            return;
        }
        try {
            service.limit((int) batch);
            reply(exchange, 200, report.tree());
        } catch (CliException | ClientException e) {
            reply(exchange, 502, problem("the vote failed: " + e.getMessage()));
        }
    }

    private static long whole(JsonNode body, String field, long otherwise, ObjectNode errors) {
        JsonNode value = body.path(field);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            errors.put(field, "must be a whole number");
            return otherwise;
        }
        return value.longValue();
    }

    private static void fault(ObjectNode errors, String field, @Nullable String fault) {
        if (fault != null && !errors.has(field)) {
            errors.put(field, fault);
        }
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX);
        try {
            return bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
        } catch (JacksonException notJson) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    // ---- answers ----

    private static void refuse(HttpExchange exchange, ObjectNode errors) throws IOException {
        ObjectNode body = problem("some values cannot be used");
        body.set("fields", errors);
        reply(exchange, 400, body);
    }

    private static ObjectNode problem(String words) {
        return JSON.createObjectNode().put("error", words);
    }

    private static void moved(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(302, -1);
    }

    private static void reply(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        exchange.getResponseHeaders().put("Content-Type", List.of("application/json"));
        exchange.getResponseHeaders().put("Cache-Control", List.of("no-store"));
        send(exchange, status, JSON.writeValueAsBytes(body));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
