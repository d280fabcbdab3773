package coco.governance.ledger;

import coco.governance.Constitution;
import coco.governance.RaftNodes;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.script.ScriptCall;
import coco.governance.script.ScriptEngineProcess;
import coco.governance.script.ScriptOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The record of what one judgement took from outside: written on the leader, read where it is repeated. */
final class OutsideRecord {
    private OutsideRecord() {}

    /** Takes over what a record holds of this kind. */
    static void copy(Fields record, ObjectNode json) {
        for (String name : List.of("raft", "admitted", "scripts")) {
            JsonNode noted = record.optional(name);
            if (noted != null) {
                json.set(name, noted);
            }
        }
    }

    /** Asks the real world, and notes the answers. */
    static final class Writer implements Outside, RaftNodes, ScriptEngineProcess {
        private final Outside live;
        private final List<Set<String>> admitted = new ArrayList<>();
        private final List<ScriptOutcome<String>> outcomes = new ArrayList<>();
        private @Nullable Set<String> ids;

        Writer(Outside live) {
            this.live = live;
        }

        @Override
        public RaftNodes raftNodes() {
            return this;
        }

        @Override
        public ScriptEngineProcess scripts() {
            return this;
        }

        @Override
        public Set<String> ids() {
            Set<String> known = ids;
            if (known == null) {
                known = new TreeSet<>(live.raftNodes().ids());
                ids = known;
            }
            return known;
        }

        @Override
        public Set<String> admitted(Constitution candidate, long height) {
            Set<String> answer = new TreeSet<>(live.raftNodes().admitted(candidate, height));
            admitted.add(answer);
            return answer;
        }

        @Override
        public ScriptOutcome<String> run(ScriptCall call) {
            ScriptOutcome<String> outcome = live.scripts().run(call);
            outcomes.add(outcome);
            return outcome;
        }

        @Override
        public void close() {
            // The engine belongs to the node.
        }

        /** Adds what was noted; nothing where nothing was asked. */
        void writeTo(ObjectNode json) {
            if (ids != null) {
                words(json.putArray("raft"), ids);
            }
            if (!admitted.isEmpty()) {
                ArrayNode lists = json.putArray("admitted");
                admitted.forEach(list -> words(lists.addArray(), list));
            }
            if (!outcomes.isEmpty()) {
                ArrayNode scripts = json.putArray("scripts");
                outcomes.forEach(outcome -> {
                    switch (outcome) {
                        case ScriptOutcome.Done<String>(String value) ->
                            scripts.addObject().put("value", value);
                        case ScriptOutcome.Failed<String>(ScriptOutcome.Failure reason, String words) ->
                            scripts.addObject().put("failure", reason.name()).put("words", words);
                    }
                });
            }
        }

        private static void words(ArrayNode array, Collection<String> words) {
            words.forEach(array::add);
        }
    }

    /** Gives the answers that were noted, in their order. What was not asked then may not be asked now. */
    static final class Reader implements Outside, RaftNodes, ScriptEngineProcess {
        private final Deque<Set<String>> admitted = new ArrayDeque<>();
        private final Deque<ScriptOutcome<String>> outcomes = new ArrayDeque<>();
        private final @Nullable Set<String> ids;

        /**
         * Reads the record.
         *
         * @param inForce whose nodes, former ones included, are all that Raft can have
         * @throws DocumentException if it is none, or names other nodes
         */
        Reader(Fields outcome, Constitution inForce) {
            ids = outcome.optional("raft") == null ? null : new TreeSet<>(outcome.texts("raft"));
            if (outcome.optional("admitted") != null) {
                outcome.required("admitted")
                        .forEach(list -> admitted.add(new TreeSet<>(
                                new Fields(wrapped("list", list), outcome.at("admitted")).texts("list"))));
            }
            outcomes.addAll(outcome.listOrNone("scripts", Reader::outcome));
            Set<String> known = new TreeSet<>();
            inForce.nodes().nodes().forEach(node -> known.add(node.id()));
            inForce.formerNodes().forEach(node -> known.add(node.id()));
            Set<String> named = new TreeSet<>(ids == null ? Set.of() : ids);
            admitted.forEach(named::addAll);
            if (!known.containsAll(named)) {
                throw new DocumentException(outcome.at("raft"), "names a node that never was");
            }
        }

        private static ObjectNode wrapped(String name, JsonNode value) {
            ObjectNode object = Documents.object();
            object.set(name, value);
            return object;
        }

        private static ScriptOutcome<String> outcome(Fields script) {
            return script.optional("failure") == null
                    ? new ScriptOutcome.Done<>(script.text("value"))
                    : new ScriptOutcome.Failed<>(
                            script.word("failure", Arrays.asList(ScriptOutcome.Failure.values()), Enum::name),
                            script.text("words"));
        }

        @Override
        public RaftNodes raftNodes() {
            return this;
        }

        @Override
        public ScriptEngineProcess scripts() {
            return this;
        }

        @Override
        public Set<String> ids() {
            return recorded(ids);
        }

        @Override
        public Set<String> admitted(Constitution candidate, long height) {
            return recorded(admitted.poll());
        }

        @Override
        public ScriptOutcome<String> run(ScriptCall call) {
            return recorded(outcomes.poll());
        }

        private static <T> T recorded(@Nullable T answer) {
            if (answer == null) {
                throw new DocumentException("", "the record lacks an answer that the judgement depends on");
            }
            return answer;
        }

        @Override
        public void close() {
            // There is nothing to close in a record.
        }
    }
}
