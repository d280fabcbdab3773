package coco.node.channel;

import coco.consensus.PeerId;
import coco.core.NodeChannel;
import coco.ledgers.api.Offer;
import coco.node.tls.NodeIdentity;
import coco.node.tls.ServerTrust;
import coco.node.tls.TlsContexts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The follower's end of the channel. Any thread; no call blocks. */
public final class ChannelClient implements NodeChannel, AutoCloseable {
    private final ChannelLimits limits;
    private final NodeIdentity identity;
    private final InstantSource clock;
    private final Admission admission;
    private final Map<PeerId, Peer> peers = new ConcurrentHashMap<>();
    private final LongAdder forwarded = new LongAdder();
    private volatile boolean closed;

    /** A node that may be called. */
    public record Target(PeerId id, String host, int port) {}

    /** Whether a certificate speaks for a node, asked at each handshake. */
    @FunctionalInterface
    public interface Admission {
        boolean speaksFor(X509Certificate certificate, PeerId node);
    }

    /** Channels to these nodes, none of which is opened before it is needed. */
    public ChannelClient(
            List<Target> targets,
            Admission admission,
            NodeIdentity identity,
            InstantSource clock,
            ChannelLimits limits) {
        this.limits = limits;
        this.identity = identity;
        this.clock = clock;
        this.admission = admission;
        update(targets);
    }

    /** From now on these are the nodes; connections to others are dropped, and what is in flight there fails. */
    public void update(List<Target> targets) {
        Map<PeerId, Target> wanted = new HashMap<>();
        targets.forEach(target -> wanted.put(target.id(), target));
        for (Peer peer : List.copyOf(peers.values())) {
            if (!peer.target.equals(wanted.remove(peer.target.id()))) {
                peers.remove(peer.target.id());
                peer.http.shutdownNow();
            }
        }
        for (Target target : targets) {
            peers.computeIfAbsent(target.id(), _ -> new Peer(target));
        }
    }

    /**
     * Makes new connections from the next message on: this node shows another certificate now, and the other side
     * looks at that of the connection for every message. What is in flight is finished.
     */
    public void renew() {
        peers.values().forEach(Peer::renew);
    }

    private HttpClient connect(Target target) {
        ServerTrust trust = new ServerTrust(certificate -> admission.speaksFor(certificate, target.id()), clock);
        // HTTP/1.1: the administrative listener asks for certificates, and so speaks nothing newer.
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limits.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(TlsContexts.of(identity, trust))
                .build();
    }

    @Override
    public CompletableFuture<Verdicts> forward(PeerId leader, List<Offer> offers, boolean again) {
        Peer peer = peers.get(leader);
        return peer == null
                ? CompletableFuture.failedFuture(new ChannelException("no such node: " + leader))
                : peer.forward(offers, again);
    }

    @Override
    public CompletableFuture<byte[]> ask(PeerId leader, String ledger, byte[] question) {
        Peer peer = peers.get(leader);
        return peer == null
                ? CompletableFuture.failedFuture(new ChannelException("no such node: " + leader))
                : peer.ask(ChannelCodec.encodeQuestion(ledger, question));
    }

    /** What a node's clock shows, in milliseconds since 1970. */
    public CompletableFuture<Long> clock(PeerId node) {
        Peer peer = peers.get(node);
        return peer == null
                ? CompletableFuture.failedFuture(new ChannelException("no such node: " + node))
                : peer.clock();
    }

    /** Whether a node's disks have space. */
    public CompletableFuture<Boolean> hasSpace(PeerId node) {
        Peer peer = peers.get(node);
        return peer == null
                ? CompletableFuture.failedFuture(new ChannelException("no such node: " + node))
                : peer.space();
    }

    /** What a node says of itself: the JSON of its {@code /node/state}, of which nothing was looked at. */
    public CompletableFuture<byte[]> state(PeerId node) {
        Peer peer = peers.get(node);
        return peer == null
                ? CompletableFuture.failedFuture(new ChannelException("no such node: " + node))
                : peer.state();
    }

    /** Every other node, as one that may be asked for entries of the journal. */
    public List<TransferClient> journals() {
        return peers.values().stream()
                .map(peer -> new TransferClient(peer.http, peer.base, limits))
                .toList();
    }

    /** How many offers were handed to other nodes so far, those handed over again included. */
    public long forwardedOffers() {
        return forwarded.sum();
    }

    /** Drops all connections; what is in flight fails. */
    @Override
    public void close() {
        closed = true;
        peers.values().forEach(peer -> peer.http.shutdownNow());
    }

    /** Offers that go together or not at all: what one call handed over. */
    private record Batch(List<Offer> offers, boolean again, int bytes, CompletableFuture<Verdicts> reply) {}

    /** A question that may have to wait for its turn. */
    private record Question(byte[] message, long sinceNanos, CompletableFuture<byte[]> reply) {}

    private final class Peer {
        private final Target target;
        private volatile HttpClient http;
        private final URI base;
        private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
        private int waitingOffers;
        private boolean inFlight;
        private final ArrayDeque<Question> questions = new ArrayDeque<>();
        private long questionBytes;
        private int questionsInFlight;
        private int questionsAtOnce = Math.min(ChannelLimits.QUESTIONS_AT_FIRST, limits.questionsMax());

        Peer(Target target) {
            this.target = target;
            this.http = connect(target);
            String host = target.host().indexOf(':') >= 0 ? "[" + target.host() + "]" : target.host();
            this.base = URI.create("https://" + host + ":" + target.port());
        }

        void renew() {
            HttpClient before = http;
            http = connect(target);
            before.shutdown();
        }

        CompletableFuture<Verdicts> forward(List<Offer> offers, boolean again) {
            int bytes = offers.stream().mapToInt(ChannelCodec::size).sum();
            Batch batch = new Batch(List.copyOf(offers), again, bytes, new CompletableFuture<>());
            if (offers.size() > limits.offersMax() || bytes > limits.messageBytesMax() - 64) {
                return CompletableFuture.failedFuture(new ChannelException("more offers than one message carries"));
            }
            synchronized (this) {
                if (waitingOffers + offers.size() > limits.waitingMax()) {
                    return CompletableFuture.failedFuture(new ChannelException("too many offers wait"));
                }
                waiting.add(batch);
                waitingOffers += offers.size();
            }
            sendNext();
            return batch.reply();
        }

        private void sendNext() {
            List<Batch> together;
            synchronized (this) {
                if (inFlight || waiting.isEmpty()) {
                    return;
                }
                inFlight = true;
                together = take();
            }
            List<Offer> offers = new ArrayList<>();
            together.forEach(batch -> offers.addAll(batch.offers()));
            boolean again = together.getFirst().again();
            forwarded.add(offers.size());
            var _ = post(ChannelServer.OFFERS_PATH, ChannelCodec.encodeOffers(offers, again))
                    .whenComplete((reply, failure) -> {
                        synchronized (this) {
                            inFlight = false;
                        }
                        // The next message leaves before this one's verdicts are worked on.
                        sendNext();
                        settle(together, offers.size(), reply, failure);
                    });
        }

        /** As many waiting batches of one kind as fit one message; the caller holds the lock. */
        private List<Batch> take() {
            List<Batch> together = new ArrayList<>();
            int offers = 0;
            int bytes = 64;
            for (Batch next = waiting.peek(); next != null; next = waiting.peek()) {
                offers += next.offers().size();
                bytes += next.bytes();
                boolean fits = offers <= limits.offersMax() && bytes <= limits.messageBytesMax();
                if (!together.isEmpty()
                        && (!fits || next.again() != together.getFirst().again())) {
                    break;
                }
                together.add(waiting.remove());
                waitingOffers -= next.offers().size();
            }
            return together;
        }

        private void settle(List<Batch> together, int offers, byte @Nullable [] reply, @Nullable Throwable failure) {
            try {
                if (reply == null) {
                    throw new ChannelException(failure == null ? "no reply" : words(failure));
                }
                Verdicts verdicts = ChannelCodec.decodeVerdicts(reply, limits);
                if (verdicts.verdicts().size() != offers) {
                    throw new ChannelException("verdicts and offers differ in number");
                }
                int from = 0;
                for (Batch batch : together) {
                    int to = from + batch.offers().size();
                    batch.reply()
                            .complete(new Verdicts(
                                    verdicts.height(), verdicts.verdicts().subList(from, to)));
                    from = to;
                }
            } catch (ChannelException unanswered) {
                together.forEach(batch -> batch.reply().completeExceptionally(unanswered));
            } catch (ChannelCodec.Malformed malformed) {
                ChannelException unreadable = new ChannelException("the reply is malformed: " + malformed.getMessage());
                together.forEach(batch -> batch.reply().completeExceptionally(unreadable));
            }
        }

        /** Never waits behind other messages: how long it took is half of what it says. */
        CompletableFuture<Long> clock() {
            return ask(ChannelServer.CLOCK_PATH, ChannelCodec::decodeClock);
        }

        CompletableFuture<Boolean> space() {
            return ask(ChannelServer.SPACE_PATH, ChannelCodec::decodeSpace);
        }

        CompletableFuture<byte[]> state() {
            return exchange(() ->
                    HttpRequest.newBuilder(base.resolve("/node/state")).GET().build());
        }

        /** A question without words. */
        private <T> CompletableFuture<T> ask(String path, TransferClient.Decoding<T> decoding) {
            return post(path, ChannelCodec.encodeClockQuestion())
                    .thenApply(reply -> TransferClient.read(reply, decoding));
        }

        CompletableFuture<byte[]> ask(byte[] message) {
            if (message.length > limits.messageBytesMax()) {
                return CompletableFuture.failedFuture(new ChannelException("a question larger than a message"));
            }
            Question question = new Question(message, System.nanoTime(), new CompletableFuture<>());
            synchronized (this) {
                questions.add(question);
                questionBytes += message.length;
            }
            askNext();
            giveUpOldest();
            return question.reply();
        }

        /** Makes room: the askers of the oldest will be the first to go anyway. */
        private void giveUpOldest() {
            List<Question> late = new ArrayList<>();
            List<Question> tooMany = new ArrayList<>();
            synchronized (this) {
                for (Question oldest = questions.peek(); oldest != null; oldest = questions.peek()) {
                    boolean full =
                            questions.size() > limits.questionsWaitingMax() || questionBytes > limits.messageBytesMax();
                    if (!full && !waitedTooLong(oldest)) {
                        break;
                    }
                    (full ? tooMany : late).add(oldest);
                    questionBytes -= questions.remove().message().length;
                }
            }
            late.forEach(each -> each.reply().completeExceptionally(new ChannelException("not asked in time")));
            tooMany.forEach(
                    each -> each.reply().completeExceptionally(new ChannelException("too many questions wait")));
        }

        private void askNext() {
            for (Question next = takeQuestion(); next != null; next = takeQuestion()) {
                Question question = next;
                if (closed || waitedTooLong(question)) {
                    settle(question, null, new ChannelException("not asked in time"));
                    continue;
                }
                var _ = post(ChannelServer.QUESTIONS_PATH, question.message()).whenComplete((reply, failure) -> {
                    boolean unsent = isUnsent(failure);
                    pace(unsent);
                    if (!unsent || !putBack(question)) {
                        settle(question, reply, failure);
                    }
                    askNext();
                    giveUpOldest();
                });
            }
        }

        /** One more at a time for each that was heard; half as many once one of them found no connection. */
        private synchronized void pace(boolean unsent) {
            questionsAtOnce =
                    unsent ? Math.max(1, questionsAtOnce / 2) : Math.min(limits.questionsMax(), questionsAtOnce + 1);
        }

        /**
         * Has a question asked once more that found no connection: on a busy machine the handshakes of a burst take
         * longer than a connection may, and those that succeed are free for the next question. False if it has waited
         * as long as its asker does.
         */
        private synchronized boolean putBack(Question question) {
            if (closed || waitedTooLong(question)) {
                return false;
            }
            questionsInFlight--;
            questions.add(question);
            questionBytes += question.message().length;
            return true;
        }

        /** The newest: under overload the oldest would be answered just when nobody waits for them any more. */
        private synchronized @Nullable Question takeQuestion() {
            if (questionsInFlight >= questionsAtOnce || questions.isEmpty()) {
                return null;
            }
            questionsInFlight++;
            Question newest = questions.removeLast();
            questionBytes -= newest.message().length;
            return newest;
        }

        /** Whether it waited as long as an answer may take: its asker has gone, or soon will. */
        private boolean waitedTooLong(Question question) {
            return System.nanoTime() - question.sinceNanos()
                    > limits.replyTimeout().toNanos();
        }

        private void settle(Question question, byte @Nullable [] reply, @Nullable Throwable failure) {
            synchronized (this) {
                questionsInFlight--;
            }
            if (reply != null) {
                question.reply().complete(reply);
            } else {
                question.reply().completeExceptionally(failure == null ? new ChannelException("no reply") : failure);
            }
        }

        private CompletableFuture<byte[]> post(String path, byte[] body) {
            return exchange(() -> HttpRequest.newBuilder(base.resolve(path))
                    .header("content-type", "application/octet-stream")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build());
        }

        private CompletableFuture<byte[]> exchange(Supplier<HttpRequest> request) {
            CompletableFuture<HttpResponse<byte[]>> exchange;
            try {
                exchange = http.sendAsync(
                        request.get(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.messageBytesMax()));
            } catch (RuntimeException | OutOfMemoryError refused) {
                // Told like every other failure, or its place in flight were lost; later, or many would nest.
                ChannelException words = new ChannelException(words(refused));
                return CompletableFuture.supplyAsync(() -> {
                    throw words;
                });
            }
            // HttpRequest's own timeout ends with the reply's headers; one that stops in its body would hold up every
            // later message for good.
            return exchange.copy()
                    .orTimeout(limits.replyTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .handle((reply, failure) -> {
                        if (failure != null) {
                            exchange.cancel(true);
                        }
                        return body(reply, failure);
                    });
        }

        private byte[] body(@Nullable HttpResponse<byte[]> reply, @Nullable Throwable failure) {
            if (reply == null) {
                throw failure == null
                        ? new ChannelException("no reply")
                        : new ChannelException(words(failure), cause(failure) instanceof HttpConnectTimeoutException);
            }
            if (reply.statusCode() != 200) {
                throw new ChannelException("status " + reply.statusCode());
            }
            return reply.body();
        }

        private static boolean isUnsent(@Nullable Throwable failure) {
            return failure != null && cause(failure) instanceof ChannelException known && known.isUnsent();
        }

        private static Throwable cause(Throwable failure) {
            Throwable cause = failure.getCause();
            return cause == null ? failure : cause;
        }

        /** Names the failure without its text, which may quote addresses and contents. */
        private static String words(Throwable failure) {
            Throwable cause = cause(failure);
            return cause instanceof ChannelException
                    ? String.valueOf(cause.getMessage())
                    : cause.getClass().getSimpleName();
        }
    }
}
