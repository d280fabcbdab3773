package coco.cli.bench;

import coco.client.load.LatencyHistogram;
import coco.client.load.LoadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a measurement showed, for people and for programs. */
public final class BenchReport {
    private final BenchPlan plan;
    private final LoadResult result;
    private final Map<String, String> networkSettings;

    /** @param networkSettings whatever else the figures depend on, by name */
    public BenchReport(BenchPlan plan, LoadResult result, Map<String, String> networkSettings) {
        this.plan = plan;
        this.result = result;
        this.networkSettings = Map.copyOf(networkSettings);
    }

    /** A few lines. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%,.0f committed transactions a second (%,d in %.1f s, %s)",
                result.committedPerSecond(),
                result.committed(),
                result.measured().toNanos() / 1e9,
                plan.kind().word()));
        lines.add("latency to committed on a majority   " + percentiles(result.latency()));
        lines.add("latency to applied on all nodes      " + percentiles(result.allNodesLatency()));
        StringBuilder cpu = new StringBuilder("processor time per transaction      ");
        result.cpu()
                .keySet()
                .forEach(process -> cpu.append(
                        String.format(Locale.ROOT, " %s %.1f µs", process, result.cpuMicrosPerTransaction(process))));
        lines.add(cpu.append(String.format(Locale.ROOT, ", together %.1f µs", totalCpuMicros()))
                .toString());
        if (result.refused() + result.uncounted() > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%,d refused, %,d sent but not answered as committed",
                    result.refused(),
                    result.uncounted()));
        }
        result.complaints().forEach(complaint -> lines.add("  " + complaint));
        return lines;
    }

    /** Everything, JSON. */
    public String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("workload", plan.kind().word());
        root.put("committedPerSecond", rounded(result.committedPerSecond()));
        root.set("latencyMillis", json(result.latency()));
        root.set("allNodesLatencyMillis", json(result.allNodesLatency()));
        ObjectNode cpu = root.putObject("cpuMicrosPerTransaction");
        result.cpu().keySet().forEach(process -> cpu.put(process, rounded(result.cpuMicrosPerTransaction(process))));
        cpu.put("total", rounded(totalCpuMicros()));
        root.put("committed", result.committed());
        root.put("measuredSeconds", rounded(result.measured().toNanos() / 1e9));
        root.put("refused", result.refused());
        root.put("notAnsweredAsCommitted", result.uncounted());
        result.complaints().forEach(root.putArray("complaints")::add);
        ObjectNode settings = root.putObject("settings");
        settings.put("transactions", plan.transactions());
        settings.put("accounts", plan.accounts());
        settings.put("ratePerSecond", plan.ratePerSecond());
        settings.put("connections", plan.connections());
        settings.put("rpcBatch", plan.batch());
        settings.put("warmUpSeconds", plan.warmUp().toSeconds());
        settings.put("seed", plan.seed());
        networkSettings.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private double totalCpuMicros() {
        return result.cpu().keySet().stream()
                .mapToDouble(result::cpuMicrosPerTransaction)
                .sum();
    }

    private static String percentiles(LatencyHistogram histogram) {
        if (histogram.count() == 0) {
            return "not measured";
        }
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, most %.1f ms (%,d samples)",
                histogram.percentileMicros(50) / 1e3,
                histogram.percentileMicros(95) / 1e3,
                histogram.percentileMicros(99) / 1e3,
                histogram.maxMicros() / 1e3,
                histogram.count());
    }

    private static ObjectNode json(LatencyHistogram histogram) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("p50", histogram.percentileMicros(50) / 1e3);
        node.put("p95", histogram.percentileMicros(95) / 1e3);
        node.put("p99", histogram.percentileMicros(99) / 1e3);
        node.put("max", histogram.maxMicros() / 1e3);
        node.put("mean", rounded(histogram.meanMicros() / 1e3));
        node.put("samples", histogram.count());
        return node;
    }

    private static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
