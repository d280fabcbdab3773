package coco.cli.bench;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Throughput against latency: the same measurement for several largest blocks, in one table. */
public final class Curve {
    /** The blocks of the 2017 announcement; its row stands out. */
    private static final int MARKED = 100;
    /**
     * So many full blocks of transactions are under way: enough to fill a pipeline, few enough to see the latency of
     * blocks.
     */
    private static final int BLOCKS_OUTSTANDING = 8;

    private final List<String> rows = new ArrayList<>();
    private final ArrayNode points = JsonNodeFactory.instance.arrayNode();

    /** The plan for a point: requests as large as the plan says, or smaller where blocks are small. */
    public static BenchPlan at(int batchMax, BenchPlan plan) {
        int fitting = Math.ceilDiv(BLOCKS_OUTSTANDING * batchMax, plan.connections());
        return plan.withBatch(Math.clamp(fitting, 1, plan.batch()));
    }

    /** Adds a point. */
    public void add(int batchMax, BenchReport report) {
        rows.add(report.row(batchMax == MARKED ? "**" + batchMax + "**" : Integer.toString(batchMax)));
        points.add(report.tree().put("batchMax", batchMax));
    }

    /** The table, Markdown. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(
                "| batch maximum | under way | committed/s | p50 ms | p95 ms | p99 ms | CPU µs |",
                "|---|---|---|---|---|---|---|"));
        lines.addAll(rows);
        return lines;
    }

    /** All reports. */
    public ObjectNode tree() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("curve", points);
        return root;
    }
}
