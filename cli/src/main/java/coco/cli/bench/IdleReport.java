package coco.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** An idle network: how fast it answers, and what it costs while nobody asks. */
public final class IdleReport implements Report {
    private final BenchPlan plan;
    private final IdleResult result;
    private final Map<String, String> networkSettings;

    /** @param networkSettings whatever else the figures depend on, by name */
    public IdleReport(BenchPlan plan, IdleResult result, Map<String, String> networkSettings) {
        this.plan = plan;
        this.result = result;
        this.networkSettings = Map.copyOf(networkSettings);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("single transactions, to committed on a majority   "
                + Figures.percentiles(result.singles().latency()));
        StringBuilder cpu = new StringBuilder(String.format(
                Locale.ROOT,
                "doing nothing for %.0f s, of one core             ",
                result.quiet().toNanos() / 1e9));
        result.cpu().keySet().stream()
                .filter(process -> !process.equals(BenchRun.DRIVER))
                .forEach(process ->
                        cpu.append(String.format(Locale.ROOT, " %s %.2f %%", process, result.cpuPercent(process))));
        lines.add(cpu.toString());
        if (result.singles().refused() + result.singles().uncounted() > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%,d refused, %,d sent but not answered as committed",
                    result.singles().refused(),
                    result.singles().uncounted()));
        }
        result.singles().complaints().forEach(complaint -> lines.add("  " + complaint));
        return lines;
    }

    @Override
    public ObjectNode tree() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("workload", plan.kind().word());
        root.set("latencyMillis", Figures.json(result.singles().latency()));
        ObjectNode cpu = root.putObject("idleCpuPercent");
        result.cpu().keySet().forEach(process -> cpu.put(process, Figures.rounded(result.cpuPercent(process))));
        root.put("quietSeconds", Figures.rounded(result.quiet().toNanos() / 1e9));
        root.put("committed", result.singles().committed());
        root.put("refused", result.singles().refused());
        root.put("notAnsweredAsCommitted", result.singles().uncounted());
        result.singles().complaints().forEach(root.putArray("complaints")::add);
        Figures.settings(root.putObject("settings"), plan, networkSettings);
        return root;
    }

    @Override
    public boolean good() {
        return result.singles().refused() == 0 && result.singles().committed() > 0;
    }
}
