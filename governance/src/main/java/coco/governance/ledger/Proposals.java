package coco.governance.ledger;

import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.GovernanceMaps;
import coco.governance.Member;
import coco.governance.document.CanonicalJson;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.rules.Choice;
import coco.kv.Cursor;
import coco.kv.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads proposals from a state. */
public final class Proposals {
    private Proposals() {}

    /** All proposals ever made, in order of their ids. */
    public static List<Proposal> all(Reader state) {
        List<Proposal> all = new ArrayList<>();
        Cursor cursor = state.scanPrefix(GovernanceMaps.PROPOSALS, new byte[0]);
        while (cursor.next()) {
            all.add(parse(cursor.value()));
        }
        return all;
    }

    /** The proposal of that id (lower-case hexadecimal of 32 bytes), or null. */
    public static @Nullable Proposal find(Reader state, String id) {
        byte[] record = state.get(GovernanceMaps.PROPOSALS, HexFormat.of().parseHex(id));
        return record == null ? null : parse(record);
    }

    /**
     * A proposal as its record shows it.
     *
     * @param id lower-case hexadecimal of 32 bytes
     * @param proposer id of the member
     * @param summary the proposer's words
     * @param constitution digest of the constitution it was made under, lower-case hexadecimal
     * @param openedAt height of its block
     * @param expiresAt first height at which it takes no ballots
     * @param state as recorded: one that expired may still be recorded as open, see {@link #stateAt}
     * @param decidedAt height of the block that decided it; null while open
     * @param effectiveAt height of the block that its actions changed the constitution in, or will; null if none did
     * @param reason of the state, for people
     * @param ballots member id to its latest ballot
     */
    public record Proposal(
            String id,
            String proposer,
            List<Action> actions,
            String summary,
            String constitution,
            long openedAt,
            long expiresAt,
            ProposalState state,
            @Nullable Long decidedAt,
            @Nullable Long effectiveAt,
            String reason,
            SortedMap<String, CastBallot> ballots) {
        public Proposal {
            actions = List.copyOf(actions);
            ballots = Collections.unmodifiableSortedMap(new TreeMap<>(ballots));
        }

        /** The state as it is for the block at this height. */
        public ProposalState stateAt(long height) {
            return state == ProposalState.OPEN && height >= expiresAt ? ProposalState.EXPIRED : state;
        }

        /** Active members without a ballot, in order of the constitution; nobody once it is decided. */
        public List<String> waitingFor(Constitution constitution) {
            return state != ProposalState.OPEN
                    ? List.of()
                    : constitution.members().stream()
                            .map(Member::id)
                            .filter(member -> !ballots.containsKey(member))
                            .toList();
        }

        /** With this ballot in place of the member's earlier one; null takes it back. */
        Proposal withBallot(String member, @Nullable CastBallot ballot) {
            SortedMap<String, CastBallot> changed = new TreeMap<>(ballots);
            if (ballot == null) {
                changed.remove(member);
            } else {
                changed.put(member, ballot);
            }
            return new Proposal(
                    id,
                    proposer,
                    actions,
                    summary,
                    constitution,
                    openedAt,
                    expiresAt,
                    state,
                    decidedAt,
                    effectiveAt,
                    reason,
                    changed);
        }

        /** As it stands after a decision. */
        Proposal decided(ProposalState changed, @Nullable Long at, @Nullable Long effective, String why) {
            return new Proposal(
                    id,
                    proposer,
                    actions,
                    summary,
                    constitution,
                    openedAt,
                    expiresAt,
                    changed,
                    at,
                    effective,
                    why,
                    ballots);
        }

        /** With what a rule module put in place of the actions. */
        Proposal withActions(List<Action> changed) {
            return new Proposal(
                    id,
                    proposer,
                    changed,
                    summary,
                    constitution,
                    openedAt,
                    expiresAt,
                    state,
                    decidedAt,
                    effectiveAt,
                    reason,
                    ballots);
        }

        byte[] key() {
            return HexFormat.of().parseHex(id);
        }

        /** The record: canonical JSON. */
        byte[] encode() {
            ObjectNode json = Documents.object()
                    .put("id", id)
                    .put("proposer", proposer)
                    .put("summary", summary)
                    .put("constitution", constitution)
                    .put("openedAt", openedAt)
                    .put("expiresAt", expiresAt)
                    .put("state", state.word())
                    .put("reason", reason);
            ArrayNode list = json.putArray("actions");
            actions.forEach(action -> list.add(action.toJson()));
            if (decidedAt != null) {
                json.put("decidedAt", decidedAt);
            }
            if (effectiveAt != null) {
                json.put("effectiveAt", effectiveAt);
            }
            ObjectNode cast = json.putObject("ballots");
            ballots.forEach((member, ballot) -> cast.putObject(member)
                    .put("choice", word(ballot.choice()))
                    .put("height", ballot.height())
                    .put("message", ballot.message()));
            return CanonicalJson.write(json, "").getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * A member's ballot.
     *
     * @param height of the block that recorded it
     * @param message id of the signed message, lower-case hexadecimal
     */
    public record CastBallot(Choice choice, long height, String message) {}

    private static Proposal parse(byte[] record) {
        Fields f = new Fields(Documents.json(record, ""), "");
        SortedMap<String, CastBallot> ballots = new TreeMap<>();
        Fields cast = f.object("ballots");
        for (String member : f.required("ballots").propertyNames()) {
            Fields ballot = cast.object(member);
            ballots.put(
                    member,
                    new CastBallot(
                            ballot.word("choice", List.of(Choice.values()), Proposals::word),
                            ballot.longInteger("height"),
                            ballot.text("message")));
        }
        return new Proposal(
                f.text("id"),
                f.text("proposer"),
                f.list("actions", Action::read),
                f.text("summary"),
                f.text("constitution"),
                f.longInteger("openedAt"),
                f.longInteger("expiresAt"),
                f.word("state", List.of(ProposalState.values()), ProposalState::word),
                f.ifPresent("decidedAt", f::longInteger),
                f.ifPresent("effectiveAt", f::longInteger),
                f.text("reason"),
                ballots);
    }

    private static String word(Choice choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
