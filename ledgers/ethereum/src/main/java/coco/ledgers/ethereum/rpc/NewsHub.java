package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Faults;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.SharedText;
import coco.ledgers.api.View;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.LogReader;
import coco.ledgers.ethereum.chain.Sights;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells subscribers of new blocks and transactions. One task does, woken by whoever has news; it takes one height after
 * the other, so that a task that falls behind costs time and no memory. Each caller has a view of its own at each
 * block, and subscriptions of a caller that ask for the same share one text.
 */
final class NewsHub {
    private static final Logger LOG = LoggerFactory.getLogger(NewsHub.class);

    /** Pending transactions that are told before blocks get their turn again. */
    private static final int PENDING_AT_ONCE = 1_000;

    private final LedgerContext context;
    private final Sights sights;
    private final JsonMapper mapper;
    private final PendingTransactions pending;
    private final Runnable wake;
    private final ConcurrentMap<String, Audience> audiences = new ConcurrentHashMap<>();
    private final AtomicInteger watched = new AtomicInteger();
    private volatile long published = -1;
    /** Of the task alone: up to where subscribers were told. */
    private long toldHeight = -1;

    private long toldPending;

    /** Everybody who is one caller, with their subscriptions by what they ask for. */
    private record Audience(Caller caller, ConcurrentMap<String, Group> groups) {
        void subscribers(Class<? extends Feed> kind, Consumer<Group> each) {
            groups.values().stream()
                    .filter(group -> kind.isInstance(group.feed()))
                    .forEach(each);
        }

        /**
         * Tells them something. Whoever cannot be told is cut off and subscribes again: a gap would not show.
         *
         * @param what for the log
         */
        void tell(String what, Runnable telling) {
            try {
                telling.run();
            } catch (RuntimeException e) {
                LOG.error("subscribers are cut off, {} cannot be told: {}", what, Faults.withoutText(e));
                groups.values().forEach(group -> group.subscriptions().forEach(Subscription::cutOff));
            }
        }
    }

    /** Subscriptions that are told the same. */
    private record Group(Feed feed, Set<Subscription> subscriptions) {}

    /** A log of a block, whose text is made when the first one asks for it. */
    private static final class Event {
        private final ChainReader.Writer writer;
        private final int index;
        private final Address address;
        private final List<byte[]> topics;
        private final Log log;
        private @Nullable SharedText text;

        Event(ChainReader.Writer writer, int index, LogReader at) {
            this.writer = writer;
            this.index = index;
            this.address = at.address();
            this.topics = at.topics();
            this.log = at.log();
        }
    }

    NewsHub(LedgerContext context, Sights sights, JsonMapper mapper, PendingTransactions pending) {
        this.context = context;
        this.sights = sights;
        this.mapper = mapper;
        this.pending = pending;
        this.wake = context.background(this::run);
    }

    /** Text that is equal for equal callers. */
    static String name(Caller caller) {
        return switch (caller) {
            case Caller.Anonymous _ -> "";
            case Caller.User(String ledger, byte[] address, Caller.Scope scope) ->
                ledger + " " + HexFormat.of().formatHex(address) + " " + scope.kind() + scope.contracts();
            case Caller.Auditor(String grant) -> "auditor " + grant;
        };
    }

    /** A block is there to be read. Never waits. */
    void published(long height) {
        published = height;
        wake.run();
    }

    /** Transactions were announced. Never waits. */
    void announced() {
        if (!audiences.isEmpty()) {
            wake.run();
        }
    }

    /** Adds a subscription; false if the node has too many. */
    boolean add(Caller caller, Subscription subscription) {
        int weight = subscription.feed().weight();
        if (watched.addAndGet(weight) > LiveLimits.WATCHED_MAX) {
            watched.addAndGet(-weight);
            return false;
        }
        // In one step with removal, so that none is added to what is being given up.
        audiences.compute(name(caller), (name, known) -> {
            Audience audience = known == null ? new Audience(caller, new ConcurrentHashMap<>()) : known;
            audience.groups()
                    .computeIfAbsent(
                            subscription.feed().key(),
                            key -> new Group(subscription.feed(), ConcurrentHashMap.newKeySet()))
                    .subscriptions()
                    .add(subscription);
            return audience;
        });
        return true;
    }

    void remove(Caller caller, Subscription subscription) {
        audiences.computeIfPresent(name(caller), (name, audience) -> {
            String key = subscription.feed().key();
            Group group = audience.groups().get(key);
            if (group != null && group.subscriptions().remove(subscription)) {
                watched.addAndGet(-subscription.feed().weight());
                if (group.subscriptions().isEmpty()) {
                    audience.groups().remove(key);
                }
            }
            return audience.groups().isEmpty() ? null : audience;
        });
    }

    // ---- the task ----

    private void run() {
        // Read before it is looked who listens: who comes later than that knows these.
        long target = published;
        long announced = pending.end();
        if (audiences.isEmpty()) {
            toldHeight = target;
            toldPending = announced;
            return;
        }
        tellPending(target);
        while (toldHeight < target) {
            long height = toldHeight + 1;
            for (Audience audience : audiences.values()) {
                audience.tell("block " + height, () -> tell(audience, height));
            }
            toldHeight = height;
            tellPending(target);
        }
    }

    /** @param target the newest block that every view shows; what is in a later one is told after it */
    private void tellPending(long target) {
        PendingTransactions.Portion portion;
        do {
            portion = pending.from(toldPending, PENDING_AT_ONCE);
            List<PendingTransactions.Announced> news = upTo(target, portion.transactions());
            toldPending = portion.end() - (portion.transactions().size() - news.size());
            for (Audience audience : audiences.values()) {
                audience.tell("pending transactions", () -> tellPending(audience, news));
            }
            if (news.size() < portion.transactions().size()) {
                return;
            }
        } while (portion.transactions().size() == PENDING_AT_ONCE);
    }

    private static List<PendingTransactions.Announced> upTo(
            long target, List<PendingTransactions.Announced> transactions) {
        for (int i = 0; i < transactions.size(); i++) {
            if (transactions.get(i) instanceof PendingTransactions.Announced.Applied applied
                    && applied.height() > target) {
                return transactions.subList(0, i);
            }
        }
        return transactions;
    }

    private void tellPending(Audience audience, List<PendingTransactions.Announced> news) {
        List<Group> groups = new ArrayList<>();
        audience.subscribers(Feed.Pending.class, groups::add);
        if (groups.isEmpty() || news.isEmpty()) {
            return;
        }
        try (View view = context.view(audience.caller())) {
            PendingTransactions.Window window = new PendingTransactions.Window(reader(view));
            for (PendingTransactions.Announced each : news) {
                PendingTransactions.Shown shown = window.show(each);
                if (shown != null) {
                    groups.forEach(group -> tell(group, shown));
                }
            }
        }
    }

    private void tell(Group group, PendingTransactions.Shown transaction) {
        boolean full = group.feed() instanceof Feed.Pending(boolean whole) && whole;
        SharedText text = text(out -> transaction.write(out, full));
        group.subscriptions().forEach(each -> each.tell(text));
    }

    private void tell(Audience audience, long height) {
        try (View view = context.view(audience.caller())) {
            ChainReader.Block block = reader(view).at(height);
            if (block == null) {
                return;
            }
            List<Event> events = new ArrayList<>();
            if (audience.groups().values().stream().anyMatch(group -> group.feed() instanceof Feed.Logs)) {
                read(block, events);
            }
            audience.subscribers(Feed.Logs.class, group -> tellLogs(group, block, events));
            // After its logs: who is told of a head has all of them.
            audience.subscribers(
                    Feed.Heads.class,
                    group -> tell(group, height, text(out -> {
                        out.writeStartObject();
                        BlockJson.header(out, block.header(), block.hash());
                        out.writeEndObject();
                    })));
        }
    }

    /** What the caller sees, by the permissions of now. */
    private ChainReader reader(View view) {
        return new ChainReader(view, sights.of(view));
    }

    private static void tell(Group group, long height, SharedText text) {
        group.subscriptions().forEach(each -> each.tell(height, text));
    }

    private static void read(ChainReader.Block block, List<Event> events) {
        int index = 0;
        for (ChainReader.Writer writer : block.writers()) {
            LogReader logs = new LogReader(writer.payload());
            while (logs.next()) {
                events.add(new Event(writer, index++, logs));
            }
        }
    }

    private void tellLogs(Group group, ChainReader.Block block, List<Event> events) {
        if (!(group.feed() instanceof Feed.Logs logs)
                || !logs.covers(block.header().number())) {
            return;
        }
        for (Event event : events) {
            if (logs.query().filter().matches(event.address, event.topics)) {
                SharedText text = event.text;
                if (text == null) {
                    text = text(out -> BlockJson.log(out, block, event.writer, event.log, event.index));
                    event.text = text;
                }
                tell(group, block.height(), text);
            }
        }
    }

    private SharedText text(Consumer<JsonGenerator> write) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out = mapper.createGenerator(bytes)) {
            write.accept(out);
        }
        return new SharedText(bytes.toByteArray());
    }
}
