package coco.cli.bench;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a measurement showed, for people and for programs. */
public sealed interface Report permits BenchReport, IdleReport {
    /** A few lines. */
    List<String> lines();

    /** Everything. */
    ObjectNode tree();

    /** Whether transactions committed and none was refused. */
    boolean good();

    /** Text of a tree, for a file. */
    static String json(ObjectNode tree) {
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
    }
}
