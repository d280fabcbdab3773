package coco.cli.bench;

import coco.client.load.LatencyHistogram;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How reports write their numbers. */
final class Figures {
    private Figures() {}

    static String percentiles(LatencyHistogram histogram) {
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

    static ObjectNode json(LatencyHistogram histogram) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("p50", histogram.percentileMicros(50) / 1e3);
        node.put("p95", histogram.percentileMicros(95) / 1e3);
        node.put("p99", histogram.percentileMicros(99) / 1e3);
        node.put("max", histogram.maxMicros() / 1e3);
        node.put("mean", rounded(histogram.meanMicros() / 1e3));
        node.put("samples", histogram.count());
        return node;
    }

    /** Everything a figure depends on: what was asked of the driver, and how the network was set up. */
    static void settings(ObjectNode settings, BenchPlan plan, Map<String, String> network) {
        settings.put("transactions", plan.transactions());
        settings.put("accounts", plan.accounts());
        settings.put("ratePerSecond", plan.ratePerSecond());
        settings.put("connections", plan.connections());
        settings.put("rpcBatch", plan.batch());
        settings.put("seconds", plan.measured().toSeconds());
        settings.put("warmUpSeconds", plan.warmUp().toSeconds());
        settings.put("seed", plan.seed());
        network.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
    }

    static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
