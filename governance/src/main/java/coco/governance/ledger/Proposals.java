package coco.governance.ledger;

import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.GovernanceLimits;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads proposals from a state, where each lies in parts: what it asks for, which is written once and may be large;
 * where it stands, which is small; and its ballots one by one.
 */
public final class Proposals {
    private Proposals() {}

    /**
     * A proposal in the list of those that the state holds.
     *
     * @param state as recorded, see {@link Proposal#stateAt}
     */
    public record Listed(String id, long openedAt, long expiresAt, ProposalState state) {
        /** The state as it is for the block at this height. */
        public ProposalState stateAt(long height) {
            return Proposals.stateAt(state, expiresAt, height);
        }
    }

    /** The open proposals and the newest closed ones, in order of their making. */
    public static List<Listed> listed(Reader state) {
        List<Listed> listed = new ArrayList<>();
        Cursor cursor = state.scanPrefix(GovernanceMaps.STANDINGS, new byte[0]);
        while (cursor.next()) {
            Fields standing = new Fields(Documents.json(cursor.value(), ""), "");
            listed.add(new Listed(
                    HexFormat.of().formatHex(cursor.key()),
                    standing.longInteger("openedAt"),
                    standing.longInteger("expiresAt"),
                    word(standing)));
        }
        listed.sort(Comparator.comparingLong(Listed::openedAt).thenComparing(Listed::id));
        return listed;
    }

    /** The proposal of that id (lower-case hexadecimal of 32 bytes); null if none was made, or it was forgotten. */
    public static @Nullable Proposal find(Reader state, String id) {
        byte[] key = HexFormat.of().parseHex(id);
        byte[] substance = state.get(GovernanceMaps.PROPOSALS, key);
        byte[] standing = state.get(GovernanceMaps.STANDINGS, key);
        return substance == null || standing == null ? null : parse(id, substance, standing, ballots(state, key));
    }

    /** Where it stands, without what it asks for; null as for {@link #find}. */
    static @Nullable Standing standing(Reader state, String id) {
        byte[] standing = state.get(GovernanceMaps.STANDINGS, HexFormat.of().parseHex(id));
        return standing == null ? null : Standing.parse(standing);
    }

    private static ProposalState stateAt(ProposalState recorded, long expiresAt, long height) {
        return recorded == ProposalState.OPEN && height >= expiresAt ? ProposalState.EXPIRED : recorded;
    }

    /**
     * A proposal, put together.
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
            return Proposals.stateAt(state, expiresAt, height);
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

        /** What it asks for: canonical JSON. */
        byte[] substance() {
            ObjectNode json = Documents.object().put("summary", summary).put("constitution", constitution);
            ArrayNode list = json.putArray("actions");
            actions.forEach(action -> list.add(action.toJson()));
            return bytes(json);
        }
    }

    /**
     * Where a proposal stands.
     *
     * @param reason cut where it is long
     */
    record Standing(
            String proposer,
            long openedAt,
            long expiresAt,
            ProposalState state,
            String reason,
            @Nullable Long decidedAt,
            @Nullable Long effectiveAt) {
        Standing {
            reason = cut(reason);
        }

        private static String cut(String reason) {
            int end = GovernanceLimits.REASON_CHARACTERS - 1;
            if (reason.length() <= end + 1) {
                return reason;
            }
            return reason.substring(0, Character.isHighSurrogate(reason.charAt(end - 1)) ? end - 1 : end) + "…";
        }

        /** After a decision, or another ballot. */
        Standing decided(ProposalState to, @Nullable Long at, @Nullable Long effective, String why) {
            return new Standing(proposer, openedAt, expiresAt, to, why, at, effective);
        }

        static Standing parse(byte[] record) {
            Fields f = new Fields(Documents.json(record, ""), "");
            return new Standing(
                    f.text("proposer"),
                    f.longInteger("openedAt"),
                    f.longInteger("expiresAt"),
                    word(f),
                    f.text("reason"),
                    f.ifPresent("decidedAt", f::longInteger),
                    f.ifPresent("effectiveAt", f::longInteger));
        }

        /** Canonical JSON. */
        byte[] encode() {
            ObjectNode json = Documents.object()
                    .put("proposer", proposer)
                    .put("openedAt", openedAt)
                    .put("expiresAt", expiresAt)
                    .put("state", state.word())
                    .put("reason", reason);
            if (decidedAt != null) {
                json.put("decidedAt", decidedAt);
            }
            if (effectiveAt != null) {
                json.put("effectiveAt", effectiveAt);
            }
            return bytes(json);
        }
    }

    /**
     * A member's ballot.
     *
     * @param height of the block that recorded it
     * @param message id of the signed message, lower-case hexadecimal
     */
    public record CastBallot(Choice choice, long height, String message) {}

    static byte[] ballotKey(byte[] proposal, String member) {
        byte[] name = member.getBytes(StandardCharsets.UTF_8);
        byte[] key = Arrays.copyOf(proposal, proposal.length + name.length);
        System.arraycopy(name, 0, key, proposal.length, name.length);
        return key;
    }

    static byte[] encode(CastBallot ballot) {
        return bytes(Documents.object()
                .put("choice", word(ballot.choice()))
                .put("height", ballot.height())
                .put("message", ballot.message()));
    }

    private static SortedMap<String, CastBallot> ballots(Reader state, byte[] proposal) {
        SortedMap<String, CastBallot> ballots = new TreeMap<>();
        Cursor cursor = state.scanPrefix(GovernanceMaps.BALLOTS, proposal);
        while (cursor.next()) {
            byte[] key = cursor.key();
            String member = new String(key, proposal.length, key.length - proposal.length, StandardCharsets.UTF_8);
            Fields ballot = new Fields(Documents.json(cursor.value(), ""), "");
            ballots.put(
                    member,
                    new CastBallot(
                            ballot.word("choice", List.of(Choice.values()), Proposals::word),
                            ballot.longInteger("height"),
                            ballot.text("message")));
        }
        return ballots;
    }

    private static Proposal parse(String id, byte[] substance, byte[] record, SortedMap<String, CastBallot> ballots) {
        Fields f = new Fields(Documents.json(substance, ""), "");
        Standing standing = Standing.parse(record);
        return new Proposal(
                id,
                standing.proposer(),
                f.list("actions", Action::read),
                f.text("summary"),
                f.text("constitution"),
                standing.openedAt(),
                standing.expiresAt(),
                standing.state(),
                standing.decidedAt(),
                standing.effectiveAt(),
                standing.reason(),
                ballots);
    }

    private static ProposalState word(Fields standing) {
        return standing.word("state", List.of(ProposalState.values()), ProposalState::word);
    }

    private static byte[] bytes(ObjectNode json) {
        return CanonicalJson.write(json, "").getBytes(StandardCharsets.UTF_8);
    }

    private static String word(Choice choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
