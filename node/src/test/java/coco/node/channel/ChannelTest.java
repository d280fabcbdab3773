package coco.node.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.consensus.PeerId;
import coco.core.NodeChannel.Verdicts;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Verdict;
import coco.node.http.BrowserRules;
import coco.node.http.HttpLimits;
import coco.node.http.HttpListener;
import coco.node.http.HttpObserver;
import coco.node.http.ListenerSettings;
import coco.node.http.ListenerSettings.ClientCertificates;
import coco.node.tls.TestIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Client and server of the channel over real mutual TLS on loopback. */
@Timeout(60)
final class ChannelTest {
    private static final PeerId LEADER = new PeerId("leader");
    private static final long CLOCK_MILLIS = 1_800_000_000_123L;
    private static final ChannelLimits LIMITS =
            new ChannelLimits(100, 1 << 20, 150, 2, 3, Duration.ofSeconds(10), Duration.ofSeconds(20));

    private final TestIdentity leader = TestIdentity.of("leader");
    private final TestIdentity follower = TestIdentity.of("follower");
    private final Set<X509Certificate> admitted = ConcurrentHashMap.newKeySet();
    private final HoldingDesk desk = new HoldingDesk();
    private final List<ChannelClient> clients = new ArrayList<>();
    private final HttpListener listener = listener(HttpLimits.defaults());

    @BeforeEach
    void start() {
        admitted.add(follower.certificate());
        listener.start();
    }

    @AfterEach
    void stop() {
        clients.forEach(ChannelClient::close);
        listener.stop();
    }

    @Test
    void shouldBringBackVerdictsInTheOrderOfOffers() throws Exception {
        ChannelClient client = client(follower, leader.certificate());

        CompletableFuture<Verdicts> reply = client.forward(LEADER, offers(1, 3), false);
        desk.next().answer(7, Verdict.ACCEPTED, Verdict.rejected(-1, "no"), Verdict.QUEUED);

        assertThat(reply.get())
                .isEqualTo(new Verdicts(7, List.of(Verdict.ACCEPTED, Verdict.rejected(-1, "no"), Verdict.QUEUED)));
    }

    @Test
    void shouldSendTogetherWhatWaitedForTheMessageInFlight() throws Exception {
        ChannelClient client = client(follower, leader.certificate());
        CompletableFuture<Verdicts> first = client.forward(LEADER, offers(1, 1), false);
        Held inFlight = desk.next();
        CompletableFuture<Verdicts> second = client.forward(LEADER, offers(2, 2), false);
        CompletableFuture<Verdicts> third = client.forward(LEADER, offers(4, 1), false);
        CompletableFuture<Verdicts> again = client.forward(LEADER, offers(5, 1), true);
        inFlight.answer(1, Verdict.ACCEPTED);

        Held together = desk.next();
        assertThat(together.offers().stream().map(offer -> offer.payload()[0]))
                .containsExactly((byte) 2, (byte) 3, (byte) 4);
        assertThat(together.again()).isFalse();
        together.answer(2, Verdict.QUEUED, Verdict.ACCEPTED, Verdict.rejected(3, "third"));
        Held last = desk.next();
        assertThat(last.again()).isTrue();
        last.answer(3, Verdict.ACCEPTED);

        assertThat(first.get().verdicts()).containsExactly(Verdict.ACCEPTED);
        assertThat(second.get().verdicts()).containsExactly(Verdict.QUEUED, Verdict.ACCEPTED);
        assertThat(third.get()).isEqualTo(new Verdicts(2, List.of(Verdict.rejected(3, "third"))));
        assertThat(again.get().height()).isEqualTo(3);
    }

    @Test
    void shouldCarryQuestionsBesideOffersInFlight() throws Exception {
        ChannelClient client = client(follower, leader.certificate());
        CompletableFuture<Verdicts> pending = client.forward(LEADER, offers(1, 1), false);
        Held held = desk.next();

        assertThat(client.ask(LEADER, "kv", new byte[] {5}).get()).containsExactly(5, 'k', 'v');
        held.answer(1, Verdict.ACCEPTED);
        assertThat(pending.get().height()).isEqualTo(1);
    }

    @Test
    void shouldAskAFewQuestionsAtATimeWhenManyComeAtOnce() throws Exception {
        ChannelClient client = client(follower, leader.certificate());
        desk.holdingQuestions = true;
        List<CompletableFuture<byte[]>> replies = new ArrayList<>();
        for (byte i = 0; i < LIMITS.questionsMax() + LIMITS.questionsWaitingMax(); i++) {
            replies.add(client.ask(LEADER, "kv", new byte[] {i}));
        }

        CompletableFuture<byte[]> newest = client.ask(LEADER, "kv", new byte[] {9});
        CompletableFuture<byte[]> oldestWaiting = replies.remove(LIMITS.questionsMax());
        assertThatThrownBy(oldestWaiting::get).hasMessageContaining("too many questions wait");
        Deque<HeldQuestion> inFlight = new ArrayDeque<>();
        for (int i = 0; i < LIMITS.questionsMax(); i++) {
            inFlight.add(desk.nextQuestion());
        }
        // One place is free at a time: questions on connections of their own may overtake each other.
        for (int i = LIMITS.questionsMax(); i < replies.size() + 1; i++) {
            assertThat(desk.questions).isEmpty();
            inFlight.remove().answer();
            HeldQuestion next = desk.nextQuestion();
            if (i == LIMITS.questionsMax()) {
                assertThat(next.first()).as("the newest comes first").isEqualTo((byte) 9);
            }
            inFlight.add(next);
        }
        inFlight.forEach(HeldQuestion::answer);
        assertThat(newest.get()).containsExactly(9, 'k', 'v');
        for (CompletableFuture<byte[]> reply : replies) {
            assertThat(reply.get()).hasSize(3);
        }
    }

    @Test
    void shouldBoundTheBytesOfQuestionsThatWait() throws Exception {
        ChannelClient client = client(follower, leader.certificate());
        desk.holdingQuestions = true;
        List<CompletableFuture<byte[]>> replies = new ArrayList<>();
        for (int i = 0; i < LIMITS.questionsMax() + 2; i++) {
            replies.add(client.ask(LEADER, "kv", new byte[LIMITS.messageBytesMax() * 3 / 4]));
        }

        assertThatThrownBy(() -> replies.get(LIMITS.questionsMax()).get())
                .hasMessageContaining("too many questions wait");
        assertThat(replies.getLast()).isNotDone();
    }

    @Test
    void shouldFailEveryQuestionThatCannotBeSent() {
        // The JDK's client throws for such a name instead of answering with a failure.
        ChannelClient client = new ChannelClient(
                List.of(new ChannelClient.Target(LEADER, "no_host", 1)),
                (certificate, node) -> leader.certificate().equals(certificate),
                follower.identity(),
                InstantSource.system(),
                LIMITS);
        clients.add(client);
        for (int i = 0; i < 3 * LIMITS.questionsMax(); i++) {
            assertThatThrownBy(() -> client.ask(LEADER, "kv", new byte[0]).get())
                    .hasCauseInstanceOf(ChannelException.class)
                    .hasMessageContaining("IllegalArgumentException");
        }
        assertThatThrownBy(() -> client.forward(LEADER, offers(1, 1), false).get())
                .hasCauseInstanceOf(ChannelException.class);
    }

    @Test
    void shouldAskFurtherWhenEarlierQuestionsAreNeverAnswered() throws Exception {
        ChannelClient client = client(listener.port(), Duration.ofSeconds(2));
        desk.holdingQuestions = true;
        List<CompletableFuture<byte[]>> stuck = new ArrayList<>();
        for (int i = 0; i < LIMITS.questionsMax() + 1; i++) {
            stuck.add(client.ask(LEADER, "kv", new byte[0]));
        }
        for (CompletableFuture<byte[]> reply : stuck) {
            assertThatThrownBy(reply::get).hasCauseInstanceOf(ChannelException.class);
        }
        desk.holdingQuestions = false;

        assertThat(client.ask(LEADER, "kv", new byte[] {5}).get()).containsExactly(5, 'k', 'v');
    }

    @Test
    void shouldAskMoreAtATimeWithEachAnswer() throws Exception {
        ChannelClient client = client(listener.port(), limits(10, LIMITS.connectTimeout(), LIMITS.replyTimeout()));
        desk.holdingQuestions = true;
        List<CompletableFuture<byte[]>> replies = new ArrayList<>();
        for (byte i = 0; i < 30; i++) {
            replies.add(client.ask(LEADER, "kv", new byte[] {i}));
        }
        Deque<HeldQuestion> inFlight = new ArrayDeque<>();
        for (int i = 0; i < ChannelLimits.QUESTIONS_AT_FIRST; i++) {
            inFlight.add(desk.nextQuestion());
        }
        assertThat(desk.questions).isEmpty();
        for (int answered = 0; answered < 2; answered++) {
            inFlight.remove().answer();
            inFlight.add(desk.nextQuestion());
            inFlight.add(desk.nextQuestion());
        }
        assertThat(inFlight).hasSize(10);
        inFlight.remove().answer();
        inFlight.add(desk.nextQuestion());
        assertThat(desk.questions).as("no more than may be").isEmpty();
        desk.holdingQuestions = false;
        inFlight.forEach(HeldQuestion::answer);
        for (CompletableFuture<byte[]> reply : replies) {
            assertThat(reply.get()).isNotEmpty();
        }
    }

    @Test
    void shouldAskOnceMoreWhenAConnectionIsNotMadeInTime() throws Exception {
        Thread silentAtFirst;
        try (ServerSocket front = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            AtomicInteger connections = new AtomicInteger();
            silentAtFirst = Thread.ofVirtual().start(() -> {
                List<Socket> open = new ArrayList<>();
                try {
                    while (true) {
                        Socket connection = front.accept();
                        open.add(connection);
                        // The first one hears nothing: no handshake.
                        if (connections.incrementAndGet() > 1) {
                            Socket node = new Socket(InetAddress.getLoopbackAddress(), listener.port());
                            open.add(node);
                            copy(connection, node);
                            copy(node, connection);
                        }
                    }
                } catch (IOException closed) {
                    open.forEach(ChannelTest::close);
                }
            });
            ChannelClient client =
                    client(front.getLocalPort(), limits(2, Duration.ofSeconds(2), Duration.ofSeconds(20)));

            assertThat(client.ask(LEADER, "kv", new byte[] {5}).get()).containsExactly(5, 'k', 'v');
            assertThat(connections.get()).isGreaterThan(1);
            client.close();
        }
        silentAtFirst.join();
    }

    @Test
    void shouldGiveUpAQuestionWhenNoConnectionIsMadeAsLongAsItsAskerWaits() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            ChannelClient client =
                    client(silent.getLocalPort(), limits(2, Duration.ofSeconds(1), Duration.ofMillis(1_500)));

            assertThatThrownBy(() -> client.ask(LEADER, "kv", new byte[] {5}).get())
                    .as("a second attempt ends later than its asker waits")
                    .hasMessageContaining("HttpConnectTimeoutException");
            assertThatThrownBy(() -> client.forward(LEADER, offers(1, 1), false).get())
                    .as("an offer, of which only core knows whether it may be repeated")
                    .hasMessageContaining("HttpConnectTimeoutException");
        }
    }

    private static void copy(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException over) {
                close(from);
            }
            close(to);
        });
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException closedAlready) {
            throw new UncheckedIOException(closedAlready);
        }
    }

    @Test
    void shouldTellItsClockWhenANodeAsks() throws Exception {
        ChannelClient client = client(follower, leader.certificate());

        assertThat(client.clock(LEADER).get()).isEqualTo(CLOCK_MILLIS);
        assertThatThrownBy(() -> client.clock(new PeerId("nobody")).get()).hasMessageContaining("no such node");
        assertThatThrownBy(() -> client.state(new PeerId("nobody")).get()).hasMessageContaining("no such node");
    }

    @Test
    void shouldTellWhetherItHasSpaceWhenANodeAsks() throws Exception {
        ChannelClient client = client(follower, leader.certificate());

        assertThat(client.hasSpace(LEADER).get()).isTrue();
        desk.leading = false;
        assertThat(client.hasSpace(LEADER).get()).isFalse();
        assertThatThrownBy(() -> client.hasSpace(new PeerId("nobody")).get()).hasMessageContaining("no such node");
    }

    @Test
    void shouldNotTellItsClockWhenAStrangerAsks() {
        admitted.clear();
        ChannelClient client = client(follower, leader.certificate());

        assertThatThrownBy(() -> client.clock(LEADER).get()).hasMessageContaining("status 403");
    }

    @Test
    void shouldFailAtOnceWhenTheOtherDoesNotLead() {
        ChannelClient client = client(follower, leader.certificate());
        desk.leading = false;

        assertThatThrownBy(() -> client.forward(LEADER, offers(1, 1), false).get())
                .hasCauseInstanceOf(ChannelException.class)
                .hasMessageContaining("status 409");
        assertThatThrownBy(() -> client.ask(LEADER, "kv", new byte[0]).get()).hasMessageContaining("status 409");
        assertThatThrownBy(() -> client.forward(new PeerId("nobody"), offers(1, 1), false)
                        .get())
                .hasMessageContaining("no such node");
    }

    @Test
    void shouldRefuseClientsThatAreNoNodesEvenOnOpenConnections() throws Exception {
        ChannelClient client = client(follower, leader.certificate());
        assertThat(client.ask(LEADER, "kv", new byte[0]).get()).isNotEmpty();

        admitted.clear();

        assertThatThrownBy(() -> client.ask(LEADER, "kv", new byte[0]).get()).hasMessageContaining("status 403");
        ChannelClient stranger = client(TestIdentity.of("follower"), leader.certificate());
        assertThatThrownBy(() -> stranger.forward(LEADER, offers(1, 1), false).get())
                .hasMessageContaining("status 403");
    }

    @Test
    void shouldRefuseServersOtherThanTheNodeThatWasCalled() {
        ChannelClient client = client(follower, TestIdentity.of("leader").certificate());

        assertThatThrownBy(() -> client.ask(LEADER, "kv", new byte[0]).get())
                .hasCauseInstanceOf(ChannelException.class);
        assertThat(desk.held).isEmpty();
    }

    @Test
    void shouldRefuseClientsWithoutACertificateAndMalformedMessages() throws Exception {
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(follower.clientOf(leader.certificate()))
                .build()) {
            assertThat(post(http, "/channel/offers", new byte[] {1, 2, 3})).isEqualTo(400);
            assertThat(post(http, "/channel/questions", new byte[0])).isEqualTo(400);
        }
        var anonymous = javax.net.ssl.SSLContext.getInstance("TLSv1.3");
        anonymous.init(
                null,
                new javax.net.ssl.TrustManager[] {
                    new coco.node.tls.ServerTrust(leader.certificate()::equals, InstantSource.system())
                },
                null);
        try (HttpClient http = HttpClient.newBuilder().sslContext(anonymous).build()) {
            assertThat(post(http, "/channel/offers", new byte[] {1, 0, 0, 0, 0, 0}))
                    .isEqualTo(403);
        }
    }

    @Test
    void shouldBoundWhatWaits() throws Exception {
        ChannelClient client = client(follower, leader.certificate());
        var _ = client.forward(LEADER, offers(0, 1), false);
        Held inFlight = desk.next();
        var _ = client.forward(LEADER, offers(0, 100), false);

        assertThatThrownBy(() -> client.forward(LEADER, offers(0, 60), false).get())
                .hasMessageContaining("too many offers wait");
        assertThatThrownBy(() -> client.forward(LEADER, offers(0, 101), false).get())
                .hasMessageContaining("more offers than one message carries");
        inFlight.answer(0, Verdict.ACCEPTED);
    }

    @Test
    void shouldSendLaterMessagesWhenAnAnswerNeverEnds() throws Exception {
        byte[] verdict = ChannelCodec.encodeVerdicts(new Verdicts(7, List.of(Verdict.ACCEPTED)));
        try (ServerSocket stalling = stallingLeader("Content-Length: 100", new byte[] {1, 2, 3}, verdict)) {
            ChannelClient client = client(stalling.getLocalPort(), Duration.ofMillis(500));

            CompletableFuture<Verdicts> stuck = client.forward(LEADER, offers(1, 1), false);
            CompletableFuture<Verdicts> later = client.forward(LEADER, offers(2, 1), false);

            assertThatThrownBy(stuck::get).hasCauseInstanceOf(ChannelException.class);
            assertThat(later.get()).isEqualTo(new Verdicts(7, List.of(Verdict.ACCEPTED)));
        }
    }

    @Test
    void shouldRefuseAnswersLargerThanAMessage() throws Exception {
        byte[] large = new byte[LIMITS.messageBytesMax() + 1];
        byte[] verdict = ChannelCodec.encodeVerdicts(new Verdicts(7, List.of(Verdict.ACCEPTED)));
        try (ServerSocket talkative = stallingLeader("Content-Length: " + 2 * large.length, large, verdict)) {
            ChannelClient client = client(talkative.getLocalPort(), Duration.ofSeconds(40));

            assertThatThrownBy(() -> client.forward(LEADER, offers(1, 1), false).get())
                    .hasCauseInstanceOf(ChannelException.class);
            assertThat(client.forward(LEADER, offers(2, 1), false).get().height())
                    .isEqualTo(7);
            assertThat(client.forwardedOffers()).isEqualTo(2);
        }
    }

    /** A leader whose first answer begins and never ends, and whose second one is whole. */
    private ServerSocket stallingLeader(String header, byte[] begun, byte[] whole) throws IOException {
        ServerSocket socket =
                leader.server().getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                Socket first = accept(socket, "HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n", begun);
                accept(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + whole.length + "\r\n\r\n", whole)
                        .close();
                first.close();
            } catch (IOException closed) {
                // The test is over, or its client has gone.
                return;
            }
        });
        return socket;
    }

    /** Reads a request and begins to answer it. */
    private static Socket accept(ServerSocket socket, String head, byte[] body) throws IOException {
        Socket connection = socket.accept();
        InputStream in = connection.getInputStream();
        int newlines = 0;
        while (newlines < 2) {
            int c = in.read();
            newlines = c == '\n' ? newlines + 1 : c == '\r' ? newlines : 0;
        }
        OutputStream out = connection.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        try {
            out.write(body);
            out.flush();
        } catch (IOException refused) {
            // Too large for the client, which is what the test is about.
            return connection;
        }
        return connection;
    }

    private ChannelClient client(int port, Duration replyTimeout) {
        return client(port, limits(LIMITS.questionsMax(), LIMITS.connectTimeout(), replyTimeout));
    }

    private static ChannelLimits limits(int questionsMax, Duration connectTimeout, Duration replyTimeout) {
        return new ChannelLimits(
                LIMITS.offersMax(),
                LIMITS.messageBytesMax(),
                LIMITS.waitingMax(),
                questionsMax,
                40,
                connectTimeout,
                replyTimeout);
    }

    private ChannelClient client(int port, ChannelLimits limits) {
        ChannelClient client = new ChannelClient(
                List.of(new ChannelClient.Target(LEADER, "127.0.0.1", port)),
                (certificate, node) -> leader.certificate().equals(certificate),
                follower.identity(),
                InstantSource.system(),
                limits);
        clients.add(client);
        return client;
    }

    private HttpListener listener(HttpLimits limits) {
        return new HttpListener(
                new ListenerSettings(
                        "administrative",
                        "127.0.0.1",
                        0,
                        leader.server(),
                        ClientCertificates.OPTIONAL,
                        new ChannelServer(desk, admitted::contains, LIMITS).routes(),
                        BrowserRules.NO_BROWSERS,
                        true),
                limits,
                HttpObserver.NONE);
    }

    private ChannelClient client(TestIdentity identity, X509Certificate server) {
        ChannelClient client = new ChannelClient(
                List.of(new ChannelClient.Target(LEADER, "127.0.0.1", listener.port())),
                (certificate, node) -> server.equals(certificate),
                identity.identity(),
                InstantSource.system(),
                LIMITS);
        clients.add(client);
        return client;
    }

    private int post(HttpClient http, String path, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + listener.port() + path))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    private static List<Offer> offers(int first, int count) {
        List<Offer> offers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            offers.add(new Offer("kv", new byte[32], new byte[] {(byte) (first + i)}));
        }
        return offers;
    }

    /** A message that the test answers when it likes. */
    private record Held(List<Offer> offers, boolean again, CompletableFuture<Verdicts> reply) {
        void answer(long height, Verdict... verdicts) {
            reply.complete(new Verdicts(height, List.of(verdicts)));
        }
    }

    /** A question likewise. */
    private record HeldQuestion(byte first, CompletableFuture<byte[]> reply) {
        void answer() {
            reply.complete(new byte[] {first, 'k', 'v'});
        }
    }

    private static final class HoldingDesk implements ChannelServer.Desk {
        @Override
        public long clockMillis() {
            return CLOCK_MILLIS;
        }

        @Override
        public boolean hasSpace() {
            return leading;
        }

        private final LinkedBlockingQueue<Held> held = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<HeldQuestion> questions = new LinkedBlockingQueue<>();
        private volatile boolean leading = true;
        private volatile boolean holdingQuestions;

        @Override
        public CompletableFuture<Verdicts> forwarded(List<Offer> offers, boolean again) {
            if (!leading) {
                return CompletableFuture.failedFuture(new LedgerException("this node does not lead"));
            }
            Held message = new Held(offers, again, new CompletableFuture<>());
            held.add(message);
            return message.reply();
        }

        @Override
        public CompletableFuture<byte[]> asked(String ledger, byte[] question) {
            if (!leading) {
                return CompletableFuture.failedFuture(new LedgerException("this node does not lead"));
            }
            HeldQuestion held = new HeldQuestion(question.length > 0 ? question[0] : 0, new CompletableFuture<>());
            if (holdingQuestions) {
                questions.add(held);
            } else {
                held.answer();
            }
            return held.reply();
        }

        HeldQuestion nextQuestion() throws InterruptedException {
            return java.util.Objects.requireNonNull(questions.poll(30, TimeUnit.SECONDS), "no question came");
        }

        Held next() throws InterruptedException {
            Held message = held.poll(30, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            return java.util.Objects.requireNonNull(message);
        }
    }
}
