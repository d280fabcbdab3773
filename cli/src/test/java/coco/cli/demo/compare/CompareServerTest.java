package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.console.Console;
import coco.node.ui.Dashboards;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API of the page, with no networks behind it. */
final class CompareServerTest {
    private final PrintStream quiet = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    private final CompareService service = new CompareService(
            new CompareSettings(null, BlockRange.FROM_BYZANTIUM, false, List.of(), BaselineSettings.OF_2017, null, 0),
            new CompareSettings.Run(200, 100, 0),
            new Console(quiet, quiet, false, false),
            System::nanoTime,
            InstantSource.system());
    private final CompareServer server = CompareServer.start(service, Dashboards.ofClassPath(), 0);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        server.close();
        service.close();
    }

    @Test
    void shouldTellWhatIsCompared() throws Exception {
        JsonNode state = json(get("/compare/state"));

        assertThat(state.path("phase").asString()).isEqualTo("preparing");
        assertThat(state.path("settings").path("count").asInt()).isEqualTo(200);
        assertThat(state.path("settings").path("countMax").asInt()).isEqualTo(CompareSettings.COUNT_MAX);
        assertThat(state.path("baseline").path("label").asString())
                .isEqualTo("anvil 1.7.1, one node, in memory, a block every 14 s of 6.7 Mgas"
                        + " (the public network's block time and gas limit of 2017)");
        assertThat(state.has("results")).isFalse();
        assertThat(state.has("ratio")).isFalse();
    }

    @Test
    void shouldSendTheStateAsEvents() throws Exception {
        HttpResponse<InputStream> events =
                client.send(request("/compare/events").build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream stream = events.body()) {
            String beginning = new String(stream.readNBytes(24), StandardCharsets.UTF_8);
            assertThat(beginning).startsWith("data: {\"phase\":\"preparin");
        }
        assertThat(events.headers().firstValue("Content-Type")).contains("text/event-stream; charset=utf-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"count\":0}|count|must be 1 to 20000",
                "{\"count\":1.5}|count|must be a whole number",
                "{\"count\":\"many\"}|count|must be a whole number",
                "{\"count\":99999999999999999999}|count|must be a whole number",
                "{\"batch\":0}|batch|must be 1 to 10000",
                "{\"rate\":-1}|rate|must be 0 (as fast as possible) to 100000",
                "{\"rate\":\"fast\"}|rate|must be a number"
            })
    void shouldSayAtWhichFieldAValueIsWrong(String body, String field, String words) throws Exception {
        HttpResponse<String> answer = post("/compare/start", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("fields").path(field).asString("")).isEqualTo(words);
    }

    @Test
    void shouldNotBeginASecondComparisonBesideOne() throws Exception {
        assertThat(post("/compare/start", "{}").statusCode()).isEqualTo(409);
        assertThat(post("/compare/stop", "{}").statusCode()).isEqualTo(202);
    }

    @Test
    void shouldDemandABatchMaximumWhereItIsToBeSet() throws Exception {
        assertThat(json(post("/compare/limits", "{}"))
                        .path("fields")
                        .path("batch")
                        .asString(""))
                .isEqualTo("must be 1 to 10000");
        assertThat(post("/compare/limits", "nonsense").statusCode()).isEqualTo(400);
        assertThat(json(post("/compare/limits", "{\"batch\":30}"))
                        .path("settings")
                        .path("batch")
                        .asInt())
                .isEqualTo(30);
    }

    @Test
    void shouldGiveTheHeadOfTheCsvBeforeAnythingWasMeasured() throws Exception {
        HttpResponse<String> csv = get("/compare/result.csv");

        assertThat(csv.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8");
        assertThat(csv.body())
                .isEqualTo("number,hash,source_block,recorded_status,recorded_gas,coco_sent_ms,coco_done_ms,"
                        + "coco_latency_ms,coco_block,coco_status,coco_gas,baseline_sent_ms,baseline_done_ms,"
                        + "baseline_latency_ms,baseline_block,baseline_status,baseline_gas,difference\r\n");
    }

    @Test
    void shouldRefuseOtherHostsOtherOriginsAndWhatIsNoJson() throws Exception {
        URI page = server.page();
        String rebound = raw("GET /compare/state HTTP/1.1\r\nHost: evil.example:" + page.getPort() + "\r\n\r\n");
        assertThat(rebound).startsWith("HTTP/1.1 403 ");
        HttpRequest foreign = request("/compare/state")
                .header("Origin", "http://evil.example")
                .build();
        assertThat(client.send(foreign, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
        HttpRequest form = request("/compare/stop")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        assertThat(client.send(form, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
        HttpRequest own = request("/compare/state")
                .header("Origin", "http://127.0.0.1:" + page.getPort())
                .build();
        assertThat(client.send(own, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldLeadToThePageAndGuardIt() throws Exception {
        assertThat(get("/").headers().firstValue("Location")).contains("/ui/compare/");
        HttpResponse<String> page = get("/ui/compare/");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(get("/ui/nothing").statusCode()).isEqualTo(404);
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
    }

    // ---- asking ----

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.page().resolve(path));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.builder().build().readTree(answer.body());
    }

    private String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.page().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readNBytes(64), StandardCharsets.US_ASCII);
        }
    }
}
