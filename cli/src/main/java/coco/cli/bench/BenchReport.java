package coco.cli.bench;

import coco.client.load.LoadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Throughput, latency and processor time under load. */
public final class BenchReport implements Report {
    private final BenchPlan plan;
    private final LoadResult result;
    private final Map<String, String> networkSettings;

    /** @param networkSettings whatever else the figures depend on, by name */
    public BenchReport(BenchPlan plan, LoadResult result, Map<String, String> networkSettings) {
        this.plan = plan;
        this.result = result;
        this.networkSettings = Map.copyOf(networkSettings);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%,.0f committed transactions a second (%,d in %.1f s, %s)",
                result.committedPerSecond(),
                result.committed(),
                result.measured().toNanos() / 1e9,
                plan.kind().word()));
        lines.add("latency to committed on a majority   " + Figures.percentiles(result.latency()));
        lines.add("latency to applied on all nodes      " + Figures.percentiles(result.allNodesLatency()));
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

    @Override
    public ObjectNode tree() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("workload", plan.kind().word());
        root.put("committedPerSecond", Figures.rounded(result.committedPerSecond()));
        root.set("latencyMillis", Figures.json(result.latency()));
        root.set("allNodesLatencyMillis", Figures.json(result.allNodesLatency()));
        ObjectNode cpu = root.putObject("cpuMicrosPerTransaction");
        result.cpu()
                .keySet()
                .forEach(process -> cpu.put(process, Figures.rounded(result.cpuMicrosPerTransaction(process))));
        cpu.put("total", Figures.rounded(totalCpuMicros()));
        root.put("committed", result.committed());
        root.put("measuredSeconds", Figures.rounded(result.measured().toNanos() / 1e9));
        root.put("refused", result.refused());
        root.put("notAnsweredAsCommitted", result.uncounted());
        result.complaints().forEach(root.putArray("complaints")::add);
        Figures.settings(root.putObject("settings"), plan, networkSettings);
        return root;
    }

    @Override
    public boolean good() {
        return result.refused() == 0 && result.committed() > 0;
    }

    /** A line of a Markdown table: outstanding transactions, throughput, latency and processor time. */
    String row(String first) {
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %,.0f | %.1f | %.1f | %.1f | %.1f |",
                first,
                plan.outstanding(),
                result.committedPerSecond(),
                result.latency().percentileMicros(50) / 1e3,
                result.latency().percentileMicros(95) / 1e3,
                result.latency().percentileMicros(99) / 1e3,
                totalCpuMicros());
    }

    private double totalCpuMicros() {
        return result.cpu().keySet().stream()
                .mapToDouble(result::cpuMicrosPerTransaction)
                .sum();
    }
}
