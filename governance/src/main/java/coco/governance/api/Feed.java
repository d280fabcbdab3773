package coco.governance.api;

import coco.governance.Constitution;
import coco.governance.document.Documents;
import coco.governance.ledger.GovernanceEvent;
import coco.governance.ledger.ProposalState;
import coco.governance.ledger.Proposals;
import coco.governance.ledger.Proposals.Proposal;
import coco.governance.rules.Choice;
import coco.kv.Reader;
import coco.ledgers.api.Caller;
import coco.ledgers.api.EventEndpoint;
import coco.ledgers.api.EventEndpoint.Event;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.SharedText;
import coco.ledgers.api.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells members what happens: the last events are kept, so that whoever was cut off for a while misses none. An event's
 * id is {@code height.ordinal}, the same at every node, so that a client may come back to another one.
 *
 * <p>Events come in on Coco's thread, which only leaves a note; they are made and handed out on another.
 */
final class Feed {
    /** What a consortium decides in a week; some hundred kilobytes. */
    private static final int KEPT_EVENTS = 1_000;

    /** Stands after all events of a block. */
    private static final int LAST = 999_999_999;

    private final LedgerContext context;
    private final ServiceRecords records;
    private final Runnable handOut;
    private final Object lock = new Object();
    private final List<Note> notes = new ArrayList<>();
    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    private final Set<EventEndpoint.Stream> streams = new HashSet<>();
    /** All events of later blocks are {@link #kept}. */
    private long since = Long.MAX_VALUE;

    private record Note(long height, List<GovernanceEvent> events) {}

    private record Place(long height, int ordinal) implements Comparable<Place> {
        static @Nullable Place parse(String id) {
            if (!id.matches("[0-9]{1,18}\\.[0-9]{1,9}")) {
                return null;
            }
            int dot = id.indexOf('.');
            return new Place(Long.parseLong(id.substring(0, dot)), Integer.parseInt(id.substring(dot + 1)));
        }

        @Override
        public int compareTo(Place other) {
            int byHeight = Long.compare(height, other.height);
            return byHeight != 0 ? byHeight : Integer.compare(ordinal, other.ordinal);
        }

        String id() {
            return height + "." + ordinal;
        }
    }

    private record Kept(Place place, Event event) {}

    Feed(LedgerContext context, ServiceRecords records) {
        this.context = context;
        this.records = records;
        this.handOut = context.background(this::handOut);
    }

    /** Leaves a note. Never waits long. */
    void happened(long height, List<GovernanceEvent> events) {
        synchronized (notes) {
            notes.add(new Note(height, events));
        }
        handOut.run();
    }

    /** Begins a stream: first where things stand, then what its client has missed, then what happens. */
    Runnable open(EventEndpoint.Opening opening, EventEndpoint.Stream stream) {
        String said = opening.lastEventId();
        Place left = said == null ? null : Place.parse(said);
        try (View view = context.view(opening.caller())) {
            Constitution constitution = Constitution.read(view.state());
            synchronized (lock) {
                // Whoever asked to go on, and cannot, is told so by what it is sent first.
                boolean resumed = left != null && left.height() > since;
                Place from = left != null && resumed ? left : new Place(view.height(), LAST);
                ObjectNode data = Documents.object()
                        .put("height", view.height())
                        .put("constitution", hex(constitution.digest()))
                        .put("generation", constitution.generation())
                        .put("resumed", resumed);
                stream.offer(event(from, "opened", data));
                kept.stream().filter(one -> one.place().compareTo(from) > 0).forEach(one -> stream.offer(one.event()));
                since = Math.min(since, view.height());
                streams.add(stream);
            }
        }
        return () -> {
            synchronized (lock) {
                streams.remove(stream);
            }
        };
    }

    private void handOut() {
        List<Note> taken;
        synchronized (notes) {
            taken = List.copyOf(notes);
            notes.clear();
        }
        for (Note note : taken) {
            try (View view = context.view(Caller.ANONYMOUS)) {
                Reader then = view.state(note.height());
                hand(note, tell(note, view.state(note.height() - 1), then == null ? view.state() : then));
            }
        }
    }

    private List<Told> tell(Note note, @Nullable Reader before, Reader after) {
        List<Told> told = new ArrayList<>();
        note.events().forEach(event -> told.addAll(told(event, before, after)));
        return told;
    }

    private void hand(Note note, List<Told> told) {
        synchronized (lock) {
            since = Math.min(since, note.height() - 1);
            for (int i = 0; i < told.size(); i++) {
                Place place = new Place(note.height(), i);
                ObjectNode data = told.get(i).data().put("height", note.height());
                Event event = event(place, told.get(i).type(), data);
                kept.add(new Kept(place, event));
                // A stream that does not take it is over, and says so to whoever began it.
                streams.forEach(stream -> stream.offer(event));
            }
            while (kept.size() > KEPT_EVENTS) {
                // The rest of its block may be kept, but not all of it.
                since = kept.removeFirst().place().height();
            }
        }
    }

    /** What clients are told. */
    private record Told(String type, ObjectNode data) {}

    private List<Told> told(GovernanceEvent event, @Nullable Reader before, Reader after) {
        return switch (event) {
            case GovernanceEvent.Proposed(String id, String proposer) ->
                List.of(new Told("proposal_opened", opened(id, proposer, after)));
            case GovernanceEvent.Voted(String id, String member, Choice choice) ->
                List.of(told("ballot_cast", "proposal", id, "member", member, "choice", Words.of(choice)));
            case GovernanceEvent.BallotWithdrawn(String id, String member) ->
                List.of(told("ballot_withdrawn", "proposal", id, "member", member));
            case GovernanceEvent.Compensated(String id, String ledger, String _, String reason) ->
                List.of(told("state_compensated", "proposal", id, "ledger", ledger, "reason", reason));
            case GovernanceEvent.Decided(String id, ProposalState state, String reason) ->
                List.of(told("proposal_decided", "proposal", id, "state", state.word(), "reason", reason));
            case GovernanceEvent.Recovered(String recovery, String node, int _) ->
                List.of(told("service_recovered", "recovery", recovery, "node", node));
            case GovernanceEvent.JoinRequested(String node) -> List.of(told("node_pending", "node", node));
            case GovernanceEvent.ConstitutionChanged(String digest) -> changed(digest, before, after);
        };
    }

    private static ObjectNode opened(String id, String proposer, Reader state) {
        ObjectNode data = Documents.object().put("proposal", id).put("proposer", proposer);
        Proposal proposal = Proposals.find(state, id);
        if (proposal != null) {
            data.put("summary", proposal.summary()).put("expiresAt", proposal.expiresAt());
            ArrayNode actions = data.putArray("actions");
            proposal.actions().forEach(action -> actions.add(action.name()));
        }
        return data;
    }

    /** What else a change means, where the state before it is still kept: right after the block it always is. */
    private List<Told> changed(String digest, @Nullable Reader before, Reader after) {
        List<Told> told = new ArrayList<>();
        told.add(told("constitution_changed", "constitution", digest));
        if (before == null) {
            return told;
        }
        Constitution old = Constitution.read(before);
        Constitution young = Constitution.read(after);
        Set<String> nodes = ids(young);
        nodes.stream()
                .filter(id -> old.nodes().byId(id) == null)
                .forEach(id -> told.add(told("node_admitted", "node", id)));
        ids(old).stream().filter(id -> !nodes.contains(id)).forEach(id -> told.add(told("node_removed", "node", id)));
        if (young.generation() != old.generation()) {
            ObjectNode data = Documents.object().put("generation", young.generation());
            told.add(new Told("generation_began", data));
        }
        if (records.epoch(before) != records.epoch(after)) {
            told.add(new Told("epoch_began", Documents.object().put("epoch", records.epoch(after))));
        }
        return told;
    }

    private static Told told(String type, String... namesAndValues) {
        ObjectNode data = Documents.object();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            data.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Told(type, data);
    }

    private static SortedSet<String> ids(Constitution constitution) {
        SortedSet<String> ids = new TreeSet<>();
        constitution.nodes().nodes().forEach(node -> ids.add(node.id()));
        return ids;
    }

    private static Event event(Place place, String type, JsonNode data) {
        return new Event(place.id(), type, new SharedText(data.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
