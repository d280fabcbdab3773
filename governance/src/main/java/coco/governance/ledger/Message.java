package coco.governance.ledger;

import coco.governance.Action;
import coco.governance.GovernanceLimits;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.rules.Choice;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a member signs: the payload of a COSE_Sign1 message of content type {@code CoseSign1.GOVERNANCE_CONTENT}. */
public sealed interface Message {
    /** What every message binds. */
    Binding binding();

    /**
     * What every message binds.
     *
     * @param service lower-case hexadecimal service id
     * @param generation of the service at signing
     * @param expires first height at which the message no longer counts
     * @param nonce 16 random bytes, lower-case hexadecimal
     */
    record Binding(String service, int generation, long expires, String nonce) {}

    /**
     * Asks for changes.
     *
     * @param constitution digest of the constitution in force at signing, lower-case hexadecimal
     */
    record Propose(Binding binding, String constitution, List<Action> actions, String summary) implements Message {
        public Propose {
            actions = List.copyOf(actions);
        }
    }

    /**
     * Votes, or changes a vote.
     *
     * @param electorate {@link coco.governance.Constitution#electorateDigest} at signing, lower-case hexadecimal
     * @param proposal id, lower-case hexadecimal
     */
    record Vote(Binding binding, String electorate, String proposal, Choice choice) implements Message {}

    /**
     * Takes something back.
     *
     * @param of the proposal, which only its proposer can, or the signer's own ballot
     */
    record Withdraw(Binding binding, String electorate, String proposal, Subject of) implements Message {}

    /**
     * Votes for a recovery, outside of any block.
     *
     * @param recovery {@link RecoveryProposal#digest}
     * @param kept newest head that the signer kept, and demands to be in the journal or given up by all; null for none
     * @param rollback that the signer agrees to give up the heads that the proposal names
     */
    record Recover(Binding binding, String recovery, RecoveryProposal.@Nullable KeptHead kept, boolean rollback)
            implements Message {}

    /** What is taken back. */
    enum Subject {
        /** The proposal itself. */
        PROPOSAL,
        /** The signer's ballot. */
        BALLOT
    }

    /**
     * Reads a payload.
     *
     * @throws DocumentException if it is no message, or not in canonical form
     */
    static Message parse(byte[] payload) {
        Fields fields = new Fields(Documents.json(payload, ""), "");
        String kind = fields.text("kind");
        Binding binding = new Binding(
                hex(fields, "service", 32),
                fields.integer("generation"),
                fields.longInteger("expires"),
                hex(fields, "nonce", 16));
        Message message = switch (kind) {
            case "proposal" -> proposal(fields, binding);
            case "ballot" ->
                new Vote(
                        binding,
                        hex(fields, "electorate", 32),
                        hex(fields, "proposal", 32),
                        fields.word("choice", List.of(Choice.values()), Message::word));
            case "withdrawal" ->
                new Withdraw(
                        binding,
                        hex(fields, "electorate", 32),
                        hex(fields, "proposal", 32),
                        fields.word("of", List.of(Subject.values()), Message::word));
            case "recovery" -> new Recover(binding, hex(fields, "recovery", 32), kept(fields), fields.bool("rollback"));
            default -> throw new DocumentException("kind", "must be proposal, ballot, withdrawal or recovery");
        };
        fields.finish();
        if (!Arrays.equals(message.payload(), payload)) {
            throw new DocumentException("", "not in canonical form");
        }
        return message;
    }

    private static Message proposal(Fields fields, Binding binding) {
        List<Action> actions = fields.list("actions", Action::read);
        if (actions.isEmpty() || actions.size() > GovernanceLimits.ACTIONS) {
            throw new DocumentException("actions", "1 to " + GovernanceLimits.ACTIONS + ", found " + actions.size());
        }
        String summary = fields.text("summary");
        if (summary.length() > GovernanceLimits.SUMMARY_CHARACTERS) {
            throw new DocumentException("summary", "at most " + GovernanceLimits.SUMMARY_CHARACTERS + " characters");
        }
        return new Propose(binding, hex(fields, "constitution", 32), actions, summary);
    }

    private static RecoveryProposal.@Nullable KeptHead kept(Fields fields) {
        List<RecoveryProposal.KeptHead> kept = fields.listOrNone("kept", RecoveryProposal.KeptHead::read);
        if (kept.size() > 1) {
            throw new DocumentException("kept", "at most one head");
        }
        return kept.isEmpty() ? null : kept.getFirst();
    }

    private static String hex(Fields fields, String name, int bytes) {
        return HexFormat.of().formatHex(fields.hex(name, bytes, bytes));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The bytes to be signed: canonical JSON. */
    default byte[] payload() {
        ObjectNode json = Documents.object()
                .put("service", binding().service())
                .put("generation", binding().generation())
                .put("expires", binding().expires())
                .put("nonce", binding().nonce());
        switch (this) {
            case Propose(var binding, String constitution, var actions, String summary) -> {
                json.put("kind", "proposal").put("constitution", constitution).put("summary", summary);
                ArrayNode list = json.putArray("actions");
                actions.forEach(action -> list.add(action.toJson()));
            }
            case Vote(var binding, String electorate, String proposal, Choice choice) ->
                json.put("kind", "ballot")
                        .put("electorate", electorate)
                        .put("proposal", proposal)
                        .put("choice", word(choice));
            case Withdraw(var binding, String electorate, String proposal, Subject of) ->
                json.put("kind", "withdrawal")
                        .put("electorate", electorate)
                        .put("proposal", proposal)
                        .put("of", word(of));
            case Recover(var binding, String recovery, RecoveryProposal.KeptHead kept, boolean rollback) -> {
                json.put("kind", "recovery").put("recovery", recovery).put("rollback", rollback);
                if (kept != null) {
                    json.putArray("kept").add(kept.toJson());
                }
            }
        }
        return CanonicalJson.write(json, "").getBytes(StandardCharsets.UTF_8);
    }
}
