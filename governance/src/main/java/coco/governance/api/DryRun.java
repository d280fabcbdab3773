package coco.governance.api;

import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.Constitution.Application;
import coco.governance.Constitution.Consequences;
import coco.governance.GovernanceLimits;
import coco.governance.RaftNodes;
import coco.governance.cose.CoseSign1;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.ledger.ProposalState;
import coco.governance.ledger.Proposals;
import coco.governance.ledger.Proposals.Proposal;
import coco.governance.rules.Choice;
import coco.governance.rules.Judgement;
import coco.governance.rules.ProposalInput;
import coco.governance.rules.ProposalInput.RequestedAction;
import coco.governance.rules.Voter;
import coco.governance.rules.VotingRules;
import coco.kv.Reader;
import coco.ledgers.api.BusyException;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What would become of actions that nobody has proposed, or of a proposal that is open: what would change, what the
 * rule
 * says, and whose ballots are missing. Nothing is written, and nothing said here binds: the leader judges again when it
 * executes the deciding ballot.
 */
final class DryRun {
    private static final String NOT_PROPOSED = "0".repeat(64);

    private final LedgerContext context;
    private final byte[] serviceId;
    private final RaftNodes raftNodes;

    DryRun(LedgerContext context, byte[] serviceId, RaftNodes raftNodes) {
        this.context = context;
        this.serviceId = serviceId;
        this.raftNodes = raftNodes;
    }

    /** What is asked: actions, or the id of a proposal. */
    private record Question(@Nullable String proposal, String proposer, List<Action> actions) {}

    ApiReply run(Endpoint.Request request) throws Exception {
        if (request.body().length > CoseSign1.PAYLOAD_BYTES_MAX) {
            return ApiReply.problem(
                    Problem.MALFORMED_REQUEST,
                    "a proposal has at most " + CoseSign1.PAYLOAD_BYTES_MAX + " bytes, and so has a question");
        }
        try {
            // Actions are tried as a vote would: signatures of owners are verified, certificates compared.
            return context.compute(() -> judge(request));
        } catch (BusyException busy) {
            return ApiReply.problem(Problem.UNAVAILABLE, "too much is being asked at once");
        }
    }

    private ApiReply judge(Endpoint.Request request) {
        Question question;
        try {
            question = question(request.body());
        } catch (DocumentException malformed) {
            return ApiReply.problem(Problem.MALFORMED_REQUEST, String.valueOf(malformed.getMessage()));
        }
        try (View view = context.view(request.caller())) {
            Reader state = view.state();
            Constitution constitution = Constitution.read(state);
            String id = question.proposal();
            if (id == null) {
                return answer(state, constitution, view.height(), question, Map.of());
            }
            Proposal proposal = Proposals.find(state, id);
            if (proposal == null) {
                return ApiReply.problem(Problem.NO_SUCH_PROPOSAL, "there is no proposal of that id");
            }
            Map<String, Choice> ballots = new HashMap<>();
            proposal.ballots().forEach((member, ballot) -> ballots.put(member, ballot.choice()));
            return answer(
                    state,
                    constitution,
                    view.height(),
                    new Question(id, proposal.proposer(), proposal.actions()),
                    ballots);
        }
    }

    private static Question question(byte[] body) {
        Fields fields = new Fields(Documents.json(body, ""), "");
        String proposal = fields.ifPresent("proposal", fields::text);
        String proposer = fields.ifPresent("proposer", fields::text);
        List<Action> actions = fields.listOrNone("actions", Action::read);
        fields.finish();
        if (actions.size() > GovernanceLimits.ACTIONS) {
            throw new DocumentException("actions", "at most " + GovernanceLimits.ACTIONS);
        }
        if (proposal == null ? actions.isEmpty() : !actions.isEmpty() || !proposal.matches("[0-9a-f]{64}")) {
            throw new DocumentException("", "give either actions or the id of a proposal");
        }
        return new Question(proposal, proposer == null ? "" : proposer, actions);
    }

    private ApiReply answer(
            Reader state, Constitution constitution, long height, Question question, Map<String, Choice> ballots) {
        ObjectNode json = Views.binding(serviceId, constitution, height);
        Application application = constitution.apply(question.actions(), situation(height));
        switch (application) {
            case Application.Applied(Constitution after, Consequences consequences) -> {
                json.put("applies", true).putNull("reason");
                json.set("changes", Changes.between(Views.constitution(constitution), Views.constitution(after)));
                json.putObject("consequences")
                        .put("newGeneration", consequences.newGeneration())
                        .put("newEpoch", consequences.newEpoch())
                        .put("compensations", consequences.compensations().size())
                        .set("voids", voided(state, height, question, consequences));
            }
            case Application.Failed(String reason) -> {
                json.put("applies", false).put("reason", reason);
                json.putArray("changes");
                json.putNull("consequences");
            }
        }
        vote(json, constitution, question, ballots);
        return ApiReply.ok(json);
    }

    private Constitution.Situation situation(long height) {
        return new Constitution.Situation(height + 1, context.clock().instant().getEpochSecond(), raftNodes);
    }

    /** The open proposals that would be void. */
    private static ArrayNode voided(Reader state, long height, Question question, Consequences consequences) {
        ArrayNode ids = Documents.object().putArray("voids");
        if (consequences.voids()) {
            Proposals.listed(state).stream()
                    .filter(other -> other.stateAt(height + 1) == ProposalState.OPEN)
                    .filter(other -> !other.id().equals(question.proposal()))
                    .forEach(other -> ids.add(other.id()));
        }
        return ids;
    }

    private static void vote(
            ObjectNode json, Constitution constitution, Question question, Map<String, Choice> ballots) {
        ArrayNode waiting = json.putArray("waitingFor");
        Map<String, Choice> everybody = new HashMap<>(ballots);
        constitution.members().forEach(member -> {
            if (everybody.putIfAbsent(member.id(), Choice.ACCEPT) == null) {
                waiting.add(member.id());
            }
        });
        switch (constitution.rules()) {
            case VotingRules.ReadyMade rules -> {
                List<Voter> voters = constitution.members().stream()
                        .map(member -> {
                            TreeSet<String> roles = new TreeSet<>();
                            member.roles().forEach(role -> roles.add(Words.of(role)));
                            return new Voter(member.id(), roles);
                        })
                        .toList();
                ProposalInput input = new ProposalInput(
                        question.proposal() == null ? NOT_PROPOSED : question.proposal(),
                        question.proposer(),
                        question.actions().stream()
                                .map(action -> new RequestedAction(action.name(), action.arguments()))
                                .toList(),
                        null);
                json.set("now", judgement(rules.decide(input, voters, ballots)));
                json.set("ifTheOthersAccept", judgement(rules.decide(input, voters, everybody)));
            }
            case VotingRules.Module _ -> {
                // A process for each question that somebody asks would be somebody's means against the node.
                String words = "the rules are a script, which is asked when a ballot is executed";
                json.putObject("now").put("decision", "unknown").put("words", words);
                json.putObject("ifTheOthersAccept").put("decision", "unknown").put("words", words);
            }
        }
    }

    private static ObjectNode judgement(Judgement judgement) {
        return Documents.object()
                .put("decision", Words.of(judgement.decision()))
                .put("words", judgement.words());
    }
}
