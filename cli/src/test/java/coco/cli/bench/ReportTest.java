package coco.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coco.client.load.LatencyHistogram;
import coco.client.load.LoadResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ReportTest {
    private static final Map<String, String> NETWORK = Map.of("batch.maxTransactions", "1000", "heapMebibytes", "2048");

    @Test
    void shouldNameEveryFigureAndSettingWhenItIsJson() {
        JsonNode report = parse(new BenchReport(plan(WorkloadKind.ERC20_TRANSFER, 50), result(), NETWORK));

        assertThat(report.path("committedPerSecond").asDouble()).isEqualTo(50);
        assertThat(report.path("latencyMillis").path("p50").asDouble()).isCloseTo(8, within(0.5));
        assertThat(report.path("allNodesLatencyMillis").path("p99").isNumber()).isTrue();
        assertThat(report.path("cpuMicrosPerTransaction").path("node-1").asDouble())
                .isEqualTo(400);
        JsonNode settings = report.path("settings");
        for (String name : List.of(
                "transactions",
                "accounts",
                "ratePerSecond",
                "connections",
                "rpcBatch",
                "seconds",
                "warmUpSeconds",
                "seed",
                "batch.maxTransactions",
                "heapMebibytes")) {
            assertThat(settings.has(name)).as(name).isTrue();
        }
    }

    @Test
    void shouldGiveTheShareOfACoreWhenTheNetworkWasIdle() {
        SequencedMap<String, Duration> cpu = new LinkedHashMap<>();
        cpu.put("node-1", Duration.ofMillis(300));
        cpu.put(BenchRun.DRIVER, Duration.ofMillis(900));
        IdleReport idle = new IdleReport(
                plan(WorkloadKind.IDLE, 1), new IdleResult(result(), Duration.ofSeconds(20), cpu), NETWORK);

        assertThat(parse(idle).path("idleCpuPercent").path("node-1").asDouble()).isEqualTo(1.5);
        assertThat(parse(idle).path("latencyMillis").path("p95").isNumber()).isTrue();
        assertThat(String.join("\n", idle.lines())).contains("node-1 1.50 %").doesNotContain("driver");
    }

    @Test
    void shouldMarkTheHundredAndFillBlocksWhenItIsACurve() {
        Curve curve = new Curve();
        for (int most : List.of(1, 100)) {
            BenchPlan plan = Curve.at(most, plan(WorkloadKind.ERC20_TRANSFER, 50));
            curve.add(most, new BenchReport(plan, result(), NETWORK));
        }

        assertThat(curve.lines()).hasSize(4);
        assertThat(curve.lines().get(2)).startsWith("| 1 | 24 | 50 |");
        assertThat(curve.lines().get(3)).startsWith("| **100** | 816 | 50 |");
        assertThat(curve.tree().path("curve").path(1).path("batchMax").asInt()).isEqualTo(100);
    }

    private static JsonNode parse(Report report) {
        return JsonMapper.shared().readTree(Report.json(report.tree()));
    }

    private static BenchPlan plan(WorkloadKind kind, int batch) {
        double rate = kind == WorkloadKind.IDLE ? BenchPlan.IDLE_RATE : 0;
        return new BenchPlan(kind, 1_000, 100, rate, 24, batch, Duration.ofSeconds(1), Duration.ofSeconds(2), 1);
    }

    private static LoadResult result() {
        LatencyHistogram latency = new LatencyHistogram();
        latency.record(8_000, 100);
        SequencedMap<String, Duration> cpu = new LinkedHashMap<>();
        cpu.put("node-1", Duration.ofMillis(40));
        return new LoadResult(Duration.ofSeconds(2), 100, 0, 0, latency, latency, cpu, List.of());
    }
}
