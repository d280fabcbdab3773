package coco.governance.script;

import coco.governance.rules.Choice;
import coco.governance.rules.Decision;
import coco.governance.rules.ProposalInput;
import coco.governance.rules.ProposalInput.RequestedAction;
import coco.governance.rules.Voter;
import coco.governance.rules.VotingRules;
import coco.governance.script.ScriptOutcome.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The three questions to a consortium's own rules. Any thread. */
public final class RuleModule {
    /** Actions that one proposal may turn into. */
    private static final int ACTIONS_MAX = 1_000;

    /** What a module gives back is no deeper than what a document may be. */
    private static final int NESTING_MAX = 32;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_MAX)
                            .maxNumberLength(100)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private final VotingRules.Module module;
    private final ScriptEngineProcess engine;

    /**
     * Asks nothing yet.
     *
     * @param engine closed by whoever made it
     */
    public RuleModule(VotingRules.Module module, ScriptEngineProcess engine) {
        this.module = module;
        this.engine = engine;
    }

    /**
     * What the module says of a proposal before it is voted on.
     *
     * @param description why not, or what it is about; at most 300 characters
     */
    public record Validity(boolean valid, String description) {}

    /** Whether the module accepts the proposal for voting. */
    public ScriptOutcome<Validity> validate(ProposalInput proposal) {
        ArrayNode arguments = JSON.createArrayNode();
        arguments.add(json(proposal));
        return ask(ScriptCall.Function.VALIDATE, arguments).then(result -> {
            JsonNode valid = result.path("valid");
            JsonNode description = result.path("description");
            return valid.isBoolean() && (description.isString() || description.isMissingNode())
                    ? new ScriptOutcome.Done<>(
                            new Validity(valid.booleanValue(), ScriptOutcome.printable(description.stringValue(""))))
                    : wrong("validate gives {valid: boolean, description: string}");
        });
    }

    /**
     * Where the vote stands.
     *
     * @param ballots member id to choice; those of others than {@code members} are left out
     */
    public ScriptOutcome<Decision> resolve(ProposalInput proposal, List<Voter> members, Map<String, Choice> ballots) {
        ArrayNode arguments = JSON.createArrayNode();
        arguments.add(json(proposal));
        ObjectNode cast = arguments.addObject();
        ArrayNode voters = arguments.addArray();
        for (Voter member : members) {
            Choice choice = ballots.get(member.id());
            if (choice != null) {
                cast.put(member.id(), lower(choice));
            }
            ArrayNode roles = voters.addObject().put("id", member.id()).putArray("roles");
            member.roles().forEach(roles::add);
        }
        return ask(ScriptCall.Function.RESOLVE, arguments).then(result -> {
            for (Decision decision : Decision.values()) {
                if (result.isString() && result.stringValue().equals(lower(decision))) {
                    return new ScriptOutcome.Done<>(decision);
                }
            }
            return wrong("resolve gives \"open\", \"accepted\" or \"rejected\"");
        });
    }

    /** What an accepted proposal does: the actions to apply, in order, in place of the proposal's. */
    public ScriptOutcome<List<RequestedAction>> apply(ProposalInput proposal) {
        ArrayNode arguments = JSON.createArrayNode();
        arguments.add(json(proposal));
        return ask(ScriptCall.Function.APPLY, arguments).then(RuleModule::actions);
    }

    private static ScriptOutcome<List<RequestedAction>> actions(JsonNode result) {
        List<RequestedAction> actions = new ArrayList<>();
        boolean wellFormed = result.isArray() && result.size() <= ACTIONS_MAX;
        for (JsonNode item : result) {
            JsonNode name = item.path("name");
            JsonNode arguments = item.path("arguments");
            wellFormed &= item.size() == 2 && name.isString() && arguments.isObject();
            actions.add(new RequestedAction(name.stringValue(""), arguments));
        }
        return wellFormed
                ? new ScriptOutcome.Done<>(List.copyOf(actions))
                : wrong("apply gives at most " + ACTIONS_MAX + " of {name: string, arguments: object}");
    }

    /**
     * Whether a change of rules would pass, and would be done, if all of these members accepted it: the invariant of
     * rules that are a program. All three functions are asked; a module that accepts and then does something else
     * could never be replaced.
     */
    public ScriptOutcome<Boolean> canStillPass(List<Voter> members) {
        if (members.isEmpty()) {
            return new ScriptOutcome.Done<>(false);
        }
        Map<String, Choice> all = new TreeMap<>();
        members.forEach(member -> all.put(member.id(), Choice.ACCEPT));
        ObjectNode arguments = JSON.createObjectNode();
        arguments.putObject("rules").put("default", "unanimous");
        RequestedAction change = new RequestedAction("set_rules", arguments);
        ProposalInput proposal =
                new ProposalInput("0".repeat(64), members.getFirst().id(), List.of(change), null);
        return validate(proposal)
                .then(validity -> validity.valid() ? resolve(proposal, members, all) : done(Decision.REJECTED))
                .then(decision -> decision == Decision.ACCEPTED ? apply(proposal) : done(List.of()))
                .then(actions -> done(actions.contains(change)));
    }

    private static <T> ScriptOutcome<T> done(T value) {
        return new ScriptOutcome.Done<>(value);
    }

    private ScriptOutcome<JsonNode> ask(ScriptCall.Function function, ArrayNode arguments) {
        return engine.run(new ScriptCall(module.source(), function, arguments.toString()))
                .then(text -> {
                    try {
                        return new ScriptOutcome.Done<>(JSON.readTree(text));
                    } catch (JacksonException _) {
                        return wrong("deeper or larger than a document may be");
                    }
                });
    }

    private static <T> ScriptOutcome<T> wrong(String expected) {
        return ScriptOutcome.failed(Failure.RESULT, expected);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode json(ProposalInput proposal) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", proposal.id()).put("proposer", proposal.proposer());
        ArrayNode actions = node.putArray("actions");
        for (RequestedAction action : proposal.actions()) {
            actions.addObject().put("name", action.name()).set("arguments", action.arguments());
        }
        return node;
    }
}
