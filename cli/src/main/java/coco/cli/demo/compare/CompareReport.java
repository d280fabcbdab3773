package coco.cli.demo.compare;

import coco.crypto.Hex;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a service has measured, as JSON for the page and programs, as lines for a terminal, and as CSV. */
final class CompareReport {
    private static final String COCO_LABEL =
            "Ethereum on Coco: " + CocoNetwork.NODES + " nodes, each a process of this machine, simulated TEE";

    private final CompareService service;

    CompareReport(CompareService service) {
        this.service = service;
    }

    // ---- JSON ----

    /** Everything: how far it is, what is compared, what was measured until now. */
    ObjectNode tree() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("phase", service.phase().word());
        root.put("message", service.message());
        CompareSettings.Run run = service.run();
        root.putObject("settings")
                .put("count", run.count())
                .put("batch", run.batch())
                .put("rate", run.rate())
                .put("countMax", CompareSettings.COUNT_MAX)
                .put("batchMax", CompareSettings.BATCH_MAX)
                .put("rateMax", CompareSettings.RATE_MAX)
                .put("warmUp", service.warmUp().coco())
                .put("baselineWarmUp", service.warmUp().baseline())
                .put("processors", Runtime.getRuntime().availableProcessors());
        choice(root.putObject("transactions"));
        ArrayNode bins = root.putArray("latencyBinsMillis");
        LatencyBins.UPPER_MILLIS.forEach(bins::add);
        Race race = service.current();
        lane(root.putObject("coco"), COCO_LABEL, race == null ? null : race.cocoLane());
        lane(root.putObject("baseline"), service.baselineLabel(), race == null ? null : race.baselineLane());
        ArrayNode complaints = root.putArray("complaints");
        if (race != null) {
            race.complaints().forEach(complaints::add);
            ratio(root, race);
        }
        Comparison comparison = service.comparison();
        if (comparison != null) {
            results(root.putObject("results"), comparison);
        }
        return root;
    }

    private void choice(ObjectNode into) {
        Choice choice = service.choice();
        if (choice == null) {
            return;
        }
        into.put("origin", choice.origin())
                .put("count", choice.transactions().size())
                .put("real", choice.real())
                .put("leftOut", choice.leftOutCount());
        ArrayNode blocks = into.putArray("blocks");
        choice.blocks().forEach(blocks::add);
        ArrayNode reasons = into.putArray("leftOutBecause");
        choice.leftOut()
                .forEach((reason, count) ->
                        reasons.addObject().put("reason", reason).put("count", count));
    }

    private static void lane(ObjectNode into, String label, @Nullable Lane lane) {
        into.put("label", label);
        if (lane == null) {
            return;
        }
        Lane.Figures figures = lane.figures();
        into.put("sent", figures.sent())
                .put("done", figures.done())
                .put("refused", figures.refused())
                .put("blocks", figures.blocks())
                .put("seconds", rounded(figures.seconds()))
                .put("perSecond", rounded(figures.perSecond()));
        into.putObject("latencyMillis")
                .put("p50", rounded(figures.p50Millis()))
                .put("p95", rounded(figures.p95Millis()))
                .put("p99", rounded(figures.p99Millis()))
                .put("max", rounded(figures.maxMillis()));
        ArrayNode curve = into.putArray("curve");
        for (RateCurve.Point point : figures.curve()) {
            curve.addArray().add(rounded(point.seconds())).add(rounded(point.perSecond()));
        }
        ArrayNode bins = into.putArray("bins");
        for (long count : figures.bins()) {
            bins.add(count);
        }
    }

    private static void ratio(ObjectNode root, Race race) {
        double ours = race.cocoLane().figures().perSecond();
        double theirs = race.baselineLane().figures().perSecond();
        if (ours > 0 && theirs > 0) {
            root.put("ratio", rounded(ours / theirs));
        }
    }

    private static void results(ObjectNode into, Comparison comparison) {
        Comparison.Summary summary = comparison.summary();
        into.put("onBoth", summary.both())
                .put("agree", summary.agree())
                .put("recorded", summary.recorded())
                .put("equalToRecorded", summary.equal());
        ArrayNode kinds = into.putArray("differencesFromRecorded");
        summary.differences()
                .forEach((kind, count) ->
                        kinds.addObject().put("kind", kind.words()).put("count", count));
        ArrayNode apart = into.putArray("networksDiffer");
        for (int transaction : comparison.apart()) {
            apart.addObject()
                    .put("hash", comparison.hash(transaction))
                    .put("coco", words(comparison.coco(transaction)))
                    .put("baseline", words(comparison.baseline(transaction)));
        }
    }

    private static String words(SourceTransaction.@Nullable Outcome outcome) {
        return outcome == null
                ? "not done"
                : (outcome.success() ? "success, " : "failed, ") + outcome.gasUsed() + " gas";
    }

    // ---- terminal ----

    /** A table, and what else must be said. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        Choice choice = service.choice();
        Race race = service.current();
        if (choice == null || race == null) {
            return lines;
        }
        Lane.Figures ours = race.cocoLane().figures();
        Lane.Figures theirs = race.baselineLane().figures();
        lines.add(choice.origin());
        lines.add("Coco      " + COCO_LABEL + ", batch maximum " + service.run().batch());
        lines.add("baseline  " + service.baselineLabel());
        lines.add("");
        lines.add(String.format(Locale.ROOT, "%-34s %14s %14s", "", "Coco", "baseline"));
        lines.add(row("transactions done", "%,.0f", ours.done(), theirs.done()));
        lines.add(row("transactions refused", "%,.0f", ours.refused(), theirs.refused()));
        lines.add(row("blocks", "%,.0f", ours.blocks(), theirs.blocks()));
        lines.add(row("seconds", "%,.2f", ours.seconds(), theirs.seconds()));
        lines.add(row("transactions a second", "%,.1f", ours.perSecond(), theirs.perSecond()));
        lines.add(row("latency p50, ms", "%,.1f", ours.p50Millis(), theirs.p50Millis()));
        lines.add(row("latency p95, ms", "%,.1f", ours.p95Millis(), theirs.p95Millis()));
        lines.add(row("latency p99, ms", "%,.1f", ours.p99Millis(), theirs.p99Millis()));
        if (ours.perSecond() > 0 && theirs.perSecond() > 0) {
            lines.add("");
            lines.add(String.format(
                    Locale.ROOT,
                    "Coco does %,.0f times as much; measured over %,d blocks of the baseline%s",
                    ours.perSecond() / theirs.perSecond(),
                    theirs.blocks(),
                    theirs.done() < theirs.count() ? ", which was stopped before the end" : ""));
        }
        Comparison comparison = service.comparison();
        if (comparison != null) {
            lines.addAll(agreement(comparison.summary()));
        }
        race.complaints().forEach(complaint -> lines.add("  " + complaint));
        return lines;
    }

    private static List<String> agreement(Comparison.Summary summary) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "the networks agree on status and gas of %,d of %,d transactions",
                summary.agree(),
                summary.both()));
        if (summary.recorded() > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "status and gas are the recorded ones for %,d of %,d (%.1f %%); the others differ by",
                    summary.equal(),
                    summary.recorded(),
                    100.0 * summary.equal() / summary.recorded()));
            for (Map.Entry<Explainer.Kind, Integer> kind : summary.differences().entrySet()) {
                lines.add(String.format(
                        Locale.ROOT,
                        "  %,7d  %s",
                        kind.getValue(),
                        kind.getKey().words()));
            }
        }
        return lines;
    }

    private static String row(String name, String format, double ours, double theirs) {
        return String.format(
                Locale.ROOT,
                "%-34s %14s %14s",
                name,
                String.format(Locale.ROOT, format, ours),
                String.format(Locale.ROOT, format, theirs));
    }

    // ---- CSV ----

    /** A line for each transaction (RFC 4180), times in milliseconds since the first one was sent. */
    String csv() {
        StringBuilder out = new StringBuilder("number,hash,source_block,recorded_status,recorded_gas");
        for (String network : List.of("coco", "baseline")) {
            for (String column : List.of("sent_ms", "done_ms", "latency_ms", "block", "status", "gas")) {
                out.append(',').append(network).append('_').append(column);
            }
        }
        out.append(",difference\r\n");
        Choice choice = service.choice();
        Race race = service.current();
        if (choice == null || race == null) {
            return out.toString();
        }
        Comparison comparison = service.comparison();
        for (int i = 0; i < choice.transactions().size(); i++) {
            SourceTransaction source = choice.transactions().get(i);
            out.append(i)
                    .append(",0x")
                    .append(Hex.encode(source.transaction().hash()))
                    .append(',')
                    .append(source.block() < 0 ? "" : Long.toString(source.block()));
            outcome(out, source.recorded());
            times(out, race.cocoLane(), i);
            outcome(out, comparison == null ? null : comparison.coco(i));
            times(out, race.baselineLane(), i);
            outcome(out, comparison == null ? null : comparison.baseline(i));
            Explainer.Kind kind = comparison == null ? null : comparison.kind(i);
            out.append(',').append(kind == null ? "" : kind.name().toLowerCase(Locale.ROOT));
            out.append("\r\n");
        }
        return out.toString();
    }

    private static void outcome(StringBuilder out, SourceTransaction.@Nullable Outcome outcome) {
        out.append(',').append(outcome == null ? "" : outcome.success() ? "1" : "0");
        out.append(',').append(outcome == null ? "" : Long.toString(outcome.gasUsed()));
    }

    private static void times(StringBuilder out, Lane lane, int transaction) {
        long start = lane.firstSentNanos();
        long sent = lane.sentNanos(transaction);
        long done = lane.doneNanos(transaction);
        out.append(',').append(sent == Lane.NEVER ? "" : millis(sent - start));
        out.append(',').append(done == Lane.NEVER ? "" : millis(done - start));
        out.append(',').append(done == Lane.NEVER || sent == Lane.NEVER ? "" : millis(done - sent));
        out.append(',').append(lane.block(transaction) < 0 ? "" : Long.toString(lane.block(transaction)));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
    }

    private static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
