package coco.cli.governance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Answers of a service in words. */
final class Texts {
    /** Longer values are files. */
    private static final int SHOWN_CHARACTERS = 100;

    private static final int SHORT_ID = 16;

    private Texts() {}

    /** Where a message was recorded, as far as the answer tells. */
    static String atHeight(JsonNode answer) {
        JsonNode height = answer.required("height");
        return height.isNull() ? "" : " at height " + height.asLong();
    }

    /** Where a proposal stands; nothing if there is none. */
    static List<String> standing(JsonNode proposal) {
        List<String> lines = new ArrayList<>();
        if (proposal.isObject()) {
            String reason = proposal.required("reason").asString();
            lines.add("it is " + proposal.required("state").asString() + (reason.isEmpty() ? "" : ": " + reason));
            String waiting = joined(proposal.required("waitingFor"));
            if (!waiting.isEmpty()) {
                lines.add("no ballot yet from " + waiting);
            }
        }
        return lines;
    }

    /** One line of a list. */
    static String line(JsonNode proposal) {
        return String.format(
                Locale.ROOT,
                "%-16s  %-9s  %-12s  %s",
                proposal.required("id").asString().substring(0, SHORT_ID),
                proposal.required("state").asString(),
                proposal.required("proposer").asString(),
                proposal.required("summary").asString().isEmpty()
                        ? actions(proposal)
                        : proposal.required("summary").asString());
    }

    private static String actions(JsonNode proposal) {
        List<String> names = new ArrayList<>();
        proposal.required("actions")
                .forEach(action -> names.add(action.required("name").asString()));
        return String.join(", ", names);
    }

    /** All of a proposal. */
    static List<String> whole(JsonNode proposal) {
        List<String> lines = new ArrayList<>();
        lines.add("proposal   " + proposal.required("id").asString());
        lines.add("proposer   " + proposal.required("proposer").asString());
        lines.add("summary    " + proposal.required("summary").asString());
        lines.add("opened at  " + proposal.required("openedAt").asLong() + ", takes ballots below "
                + proposal.required("expiresAt").asLong());
        for (JsonNode action : proposal.required("actions")) {
            lines.add("action     " + action.required("name").asString());
            action.required("arguments")
                    .propertyStream()
                    .forEach(each -> lines.add("             " + each.getKey() + ": " + value(each.getValue())));
        }
        for (JsonNode ballot : proposal.required("ballots")) {
            lines.add("ballot     " + ballot.required("member").asString() + " "
                    + ballot.required("choice").asString() + "s, at "
                    + ballot.required("height").asLong());
        }
        lines.addAll(standing(proposal));
        return lines;
    }

    /** A dry-run: what would change, and whose ballots are missing. */
    static List<String> dryRun(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        if (!answer.required("applies").asBoolean()) {
            lines.add("it would change nothing: " + answer.required("reason").asString());
        }
        for (JsonNode change : answer.required("changes")) {
            String path = change.required("path").asString();
            if (!change.required("before").isNull()) {
                lines.add("- " + path + ": " + value(change.required("before")));
            }
            if (!change.required("after").isNull()) {
                lines.add("+ " + path + ": " + value(change.required("after")));
            }
        }
        JsonNode consequences = answer.required("consequences");
        if (consequences.path("newGeneration").asBoolean(false)) {
            lines.add("the service takes a new key");
        }
        if (consequences.path("newEpoch").asBoolean(false)) {
            lines.add("a new epoch begins");
        }
        consequences.path("voids").forEach(id -> lines.add("the open proposal " + id.asString() + " would be void"));
        lines.add("now: " + judgement(answer.required("now")));
        String waiting = joined(answer.required("waitingFor"));
        if (!waiting.isEmpty()) {
            lines.add("no ballot yet from " + waiting + "; if they accept: "
                    + judgement(answer.required("ifTheOthersAccept")));
        }
        return lines;
    }

    private static String judgement(JsonNode judgement) {
        return judgement.required("decision").asString() + " ("
                + judgement.required("words").asString() + ")";
    }

    /** A value on one line. */
    private static String value(JsonNode value) {
        String text = (value.isString() ? value.asString() : value.toString()).replaceAll("\\s+", " ");
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    }

    private static String joined(JsonNode names) {
        List<String> list = new ArrayList<>();
        names.forEach(name -> list.add(name.asString()));
        return String.join(", ", list);
    }
}
