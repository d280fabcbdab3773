package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.ledgers.api.AnswerGrid;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Quota;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.SocketEndpoint;
import coco.ledgers.api.View;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.chain.Sights;
import coco.ledgers.ethereum.pool.Admission;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Answers HTTP bodies and messages of connections that stay open; see the package. Safe for any number of threads. */
public final class JsonRpc {
    /** Longest number in a document: ids may be long, but not so long that reading them takes time. */
    private static final int MAX_NUMBER_LENGTH = 100;

    /** How many of the largest answers may be written at a time: 150 MB with growing and copying. */
    private static final int LARGEST_REPLIES = 2;

    private static final int ID_BYTES = 16;

    private final LedgerContext context;
    private final Sights sights;
    private final JsonMapper mapper;
    private final Map<String, Method> methods = new HashMap<>();
    private final Map<String, Integer> arities = OpenRpc.arities();
    private final PendingTransactions pending = new PendingTransactions();
    private final NewsHub hub;
    private final RandomGenerator random;
    private final SubmitMethods submit;
    private final ReplyMemory memory;
    private final AnswerGrid grid;

    /**
     * Answers for one chain.
     *
     * @param sights what callers see
     * @param clientVersion what web3_clientVersion answers
     * @param random for ids that nobody can guess; safe for any number of threads
     */
    public JsonRpc(
            LedgerContext context,
            Sights sights,
            Genesis genesis,
            Admission admission,
            Simulator simulator,
            String clientVersion,
            RandomGenerator random) {
        this.context = context;
        this.sights = sights;
        this.mapper = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(context.settings().maxNesting())
                                .maxNumberLength(MAX_NUMBER_LENGTH)
                                .build())
                        // RFC 8259: JSON is UTF-8. What else could be guessed from zero bytes is none.
                        .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                        .build())
                // What follows a parameter is the rest of the request.
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                // An id comes back as it was sent, whatever a double would make of it.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
        this.random = random;
        this.hub = new NewsHub(context, sights, mapper, pending);
        this.submit = new SubmitMethods(context, genesis, admission, this::pooled);
        this.grid = AnswerGrid.of(context);
        this.memory =
                new ReplyMemory((long) LARGEST_REPLIES * context.settings().maxReplyBytes());
        register(new NodeMethods(genesis, clientVersion)::register);
        register(new ConfigMethods(genesis.config().schedule())::register);
        register(new ChainMethods(genesis)::register);
        register(new StateMethods()::register);
        register(new FeeMethods(genesis)::register);
        register(new LogMethods()::register);
        register(new SubscribeMethods()::register);
        register(new FilterMethods(new Filters(context, this::newId), pending)::register);
        register(new CallMethods(genesis, simulator)::register);
        register(new DebugMethods(genesis, simulator, context)::register);
        register(new TraceMethods(genesis, simulator, context)::register);
        register(new RawMethods()::register);
        register(new ProofMethods()::register);
        register(new PoolMethods()::register);
        register(new AccessListMethods(genesis.config().chainId(), simulator)::register);
        register(new UnsignedMethods(genesis, simulator)::register);
        register(new SimulateMethods(genesis.config().chainId(), simulator)::register);
        NodeMethods.registerDiscovery(methods, clientVersion);
    }

    private void register(Consumer<Map<String, Method>> group) {
        Map<String, Method> own = new HashMap<>();
        group.accept(own);
        own.forEach((name, method) -> {
            if (methods.putIfAbsent(name, method) != null) {
                throw new IllegalStateException("the method " + name + " is registered twice");
            }
        });
    }

    /** Begins a session for a connection that stays open. */
    public SocketEndpoint.Session open(SocketEndpoint.Socket socket) {
        return new SocketSession(this, hub, socket, context.settings().live().maxSubscriptions(), this::newId);
    }

    /**
     * Whether a caller sees a transaction of the chain.
     *
     * @throws coco.ledgers.api.UnavailableException if it is an auditor, and its use of the grant cannot be recorded
     */
    public boolean shows(Caller caller, byte[] transactionHash) {
        if (caller instanceof Caller.Auditor auditor) {
            context.recordUse(auditor, "receipt", List.of());
        }
        try (View view = context.view(caller)) {
            return new ChainReader(view, sights.of(view)).find(transactionHash) != null;
        }
    }

    /**
     * Whether a caller sees a transaction that is in no block: its sender does.
     *
     * @throws coco.ledgers.api.UnavailableException if it is an auditor, and its use of the grant cannot be recorded
     */
    public boolean showsWaiting(Caller caller, Offer offer) {
        if (caller instanceof Caller.Auditor auditor) {
            context.recordUse(auditor, "receipt", List.of());
        }
        Admission.Recovered waiting = Admission.open(offer);
        try (View view = context.view(caller)) {
            return waiting != null && sights.of(view).showsPooled(waiting.sender());
        }
    }

    /** Whether nothing of the chain is hidden from a caller. */
    public boolean showsAll(Caller caller) {
        try (View view = context.view(caller)) {
            return sights.of(view).isWhole();
        }
    }

    /** A block can be read. Never waits. */
    public void published(long height) {
        hub.published(height);
    }

    /** A transaction that may execute is pooled here. Never waits. */
    public void pooled(Transaction transaction, Address sender) {
        if (pending.accepted(transaction, sender)) {
            hub.announced();
        }
    }

    /** A block is about to be published. Never waits. */
    public void applied(LedgerBlock block, long height) {
        if (pending.applied(block, height)) {
            hub.announced();
        }
    }

    /** An id that nobody can guess, in geth's form: 128 bits without leading zeros. */
    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return "0x" + new BigInteger(1, bytes).toString(16);
    }

    /** Answers one HTTP request. */
    public Endpoint.Reply handle(Endpoint.Request request) {
        RpcSettings settings = context.settings();
        ReplyBuffer out = new ReplyBuffer(settings.maxReplyBytes(), memory);
        try (Exchange exchange = new Exchange(context, sights, request)) {
            answer(exchange, new RequestReader(mapper, settings.maxBatch()), request.body(), out);
            settle(exchange);
            String status = exchange.transactionStatus();
            Map<String, String> headers = status == null ? Map.of() : Map.of("Coco-Transaction-Status", status);
            return exchange.isOverQuota()
                    ? new Endpoint.Reply(429, "application/json", out.toByteArray(), Map.of("Retry-After", "1"))
                    : new Endpoint.Reply(200, "application/json", out.toByteArray(), headers);
        } finally {
            out.release();
        }
    }

    /** Answers one message of a connection that stays open; nothing if it only told something. */
    byte[] answer(Caller caller, Quota quota, byte[] text, SocketSession.Turn turn) {
        RpcSettings settings = context.settings();
        ReplyBuffer out = new ReplyBuffer(settings.maxReplyBytes(), memory);
        Endpoint.Request request = new Endpoint.Request(caller, "", Map.of(), text, false, quota);
        try (Exchange exchange = new Exchange(context, sights, request, turn)) {
            answer(exchange, new RequestReader(mapper, settings.maxBatch()), text, out);
            settle(exchange);
            return out.toByteArray();
        } finally {
            out.release();
        }
    }

    /** Ends the reading, and lets the answer leave when it may. */
    private void settle(Exchange exchange) {
        exchange.close();
        if (exchange.isNarrow()) {
            grid.await(exchange.came());
        }
    }

    private void answer(Exchange exchange, RequestReader reader, byte[] body, ReplyBuffer out) {
        RequestReader.Requests requests;
        try {
            requests = reader.read(body);
        } catch (RpcException e) {
            new ReplyWriter(mapper, out, false).write(Call.invalid(null, e), Answer.NULL);
            return;
        }
        List<Call> calls = exchange.mayCall(requests.calls().size())
                ? requests.calls()
                : requests.calls().stream().map(Call::overQuota).toList();
        @Nullable Answer[] submitted = submit(exchange, calls);
        ReplyWriter writer = new ReplyWriter(mapper, out, requests.batch());
        for (int i = 0; i < submitted.length; i++) {
            Call call = calls.get(i);
            if (call.isNotification()) {
                continue;
            }
            Answer sent = submitted[i];
            if (sent == null) {
                // One after the other, so that no more than one result is in memory beside the answer.
                giveWay();
                writer.write(call, read(exchange, call, writer));
            } else if (call.method().equals(SubmitMethods.SEND)) {
                writer.writeAlways(call, sent);
            } else {
                writer.write(call, sent);
            }
        }
        writer.end();
    }

    /** Lets other requests have their turn between two reads: virtual threads are not time-sliced. */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on it.
    private static void giveWay() {
        Thread.yield();
    }

    /** Submits all transactions of an exchange before anything is waited for; null for calls that submit nothing. */
    private @Nullable Answer[] submit(Exchange exchange, List<Call> calls) {
        @Nullable Answer[] answers = new @Nullable Answer[calls.size()];
        List<Integer> submissions = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            Call call = calls.get(i);
            if (call.fault() == null && SubmitMethods.handles(call.method())) {
                Answer refused = refusal(exchange, call);
                if (refused != null) {
                    answers[i] = refused;
                    continue;
                }
                submissions.add(i);
            }
        }
        if (!submissions.isEmpty()) {
            if (submissions.size() < calls.size()) {
                exchange.look();
            }
            List<Answer> started = submit.submit(
                    exchange,
                    submissions.stream().map(i -> calls.get(i).method()).toList(),
                    submissions.stream().map(i -> calls.get(i).params()).toList());
            for (int i = 0; i < started.size(); i++) {
                answers[submissions.get(i)] = started.get(i);
            }
        }
        return answers;
    }

    /** What is answered to whoever may not send like this; null if nothing stands against it. */
    private static @Nullable Answer refusal(Exchange exchange, Call call) {
        try {
            return MethodRights.judge(exchange, call.method(), call.params());
        } catch (RpcException refused) {
            return out -> {
                throw refused;
            };
        }
    }

    /** Calls the method when its answer is due. */
    private Answer read(Exchange exchange, Call call, ReplyWriter writer) {
        return out -> {
            Method method = methods.get(call.method());
            if (method == null) {
                throw RpcException.noSuchMethod(call.method());
            }
            call.params().atMost(arities.getOrDefault(call.method(), Integer.MAX_VALUE));
            if (writer.exhausted()) {
                throw RpcException.responseTooLarge();
            }
            exchange.checkTime();
            Answer instead = MethodRights.judge(exchange, call.method(), call.params());
            (instead == null ? method.call(exchange, call.params()) : instead).write(out);
        };
    }
}
