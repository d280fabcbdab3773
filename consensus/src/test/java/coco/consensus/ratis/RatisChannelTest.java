package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coco.consensus.ConsensusLimits;
import coco.consensus.PeerId;
import coco.consensus.ProposeReply;
import coco.consensus.ReadReply;
import coco.consensus.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.proto.RaftProtos.RaftClientRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.TransferLeadershipRequestProto;
import org.apache.ratis.proto.grpc.AdminProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.RaftClientProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who may say what on the node channel; and how soon followers hear of the last commit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RatisChannelTest {
    @TempDir
    static Path directory = Path.of("");

    private RatisGroup group;
    private long nextCallId = 1;

    @BeforeAll
    void startGroup() {
        group = new RatisGroup(directory, 3, shortConnections());
        group.peers().forEach(group::start);
    }

    /** Connections live for two seconds, so that every test runs while they are being made anew. */
    private static ConsensusLimits shortConnections() {
        ConsensusLimits it = ConsensusLimits.standard();
        return new ConsensusLimits(
                it.payloadBytesMax(),
                it.entryBytesMax(),
                it.electionTimeoutMin(),
                it.electionTimeoutMax(),
                it.requestTimeout(),
                it.segmentBytes(),
                it.cachedSegments(),
                it.cachedBytesMax(),
                it.checkpointEntries(),
                it.preservedEntries(),
                it.retryMemory(),
                Duration.ofSeconds(2),
                it.closeThreshold(),
                it.readTimeout(),
                it.transferTimeout(),
                it.changeTimeout(),
                it.nudgesMax(),
                it.nudgeInterval());
    }

    @AfterAll
    void closeGroup() {
        group.close();
    }

    private PeerId awaitLeader() {
        List<PeerId> found = new ArrayList<>();
        group.await("a leader", () -> {
            found.clear();
            group.peers().stream()
                    .filter(peer ->
                            group.machine(peer).leads() > 0 && group.log(peer).role() == Role.LEADER)
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    private void commit(String payload) {
        boolean committed = false;
        while (!committed) {
            CompletableFuture<ProposeReply> reply =
                    group.log(awaitLeader()).propose(nextCallId++, payload.getBytes(StandardCharsets.UTF_8));
            group.await("a reply", reply::isDone);
            committed = reply.join() instanceof ProposeReply.Committed;
        }
    }

    // ---- lag

    @Test
    void shouldApplyTheLastBlockOnFollowersSoonWhenNudged() {
        List<Long> lagsMillis = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String payload = "lag " + i;
            commit(payload);
            long committed = System.nanoTime();
            group.log(awaitLeader()).nudge();
            for (PeerId peer : group.peers()) {
                group.await(peer + " applies", () -> group.machine(peer).hasApplied(payload));
            }
            lagsMillis.add((System.nanoTime() - committed) / 1_000_000);
        }
        long nearlyAll = lagsMillis.stream().sorted().toList().get(lagsMillis.size() * 9 / 10);
        // Without the nudge it is the heartbeat, every 500 ms; with Ratis' own read index in its place that was so in
        // one case of five.
        assertThat(nearlyAll).as("lags in ms: %s", lagsMillis).isLessThan(400);
    }

    // ---- admission

    @Test
    void shouldCutOffAMemberAtItsNextMessageWhenItIsNoLongerAdmitted() {
        commit("before");
        PeerId leader = awaitLeader();
        PeerId removed = group.peers().stream()
                .filter(peer -> !peer.equals(leader))
                .findFirst()
                .orElseThrow();
        group.await("the member is up to date", () -> group.machine(removed).hasApplied("before"));
        group.unadmit(removed);
        // It stops hearing heartbeats only where the leader's outgoing side asks
        // again; its own calls are refused at once.
        CompletableFuture<?> read = group.log(removed).readIndex();
        group.await("the refusal of a read", read::isDone);
        assertThat(read.join()).hasToString(read.join().toString()).isInstanceOf(ReadReply.Unavailable.class);
        commit("without it");
        group.admit(removed);
        commit("with it");
        group.await("it is back without a restart", () -> group.machine(removed).hasApplied("with it"));
    }

    @Test
    void shouldRefuseAStrangersHandshake() {
        Instant now = Instant.now();
        TestIdentity stranger = TestIdentity.of("node-1", now.minusSeconds(60), now.plusSeconds(600));
        assertRefused(stranger, group.peers().getFirst(), Status.Code.UNAVAILABLE, vote("node-1", "node-1"));
    }

    @Test
    void shouldHangUpOnWhoeverNeverFinishesTheHandshake() throws IOException {
        PeerId peer = group.peers().getFirst();
        try (Socket silent =
                new Socket(InetAddress.getLoopbackAddress(), group.address(peer).port())) {
            silent.setSoTimeout(30_000);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    // ---- what the guard looks at

    private static RequestVoteRequestProto vote(String from, String to) {
        return RequestVoteRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(ByteString.copyFromUtf8(from))
                        .setReplyId(ByteString.copyFromUtf8(to)))
                .setCandidateTerm(1_000_000)
                .build();
    }

    private SslContext tls(TestIdentity identity, AdmittingTrustManager admission) {
        try {
            return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                    .keyManager(identity.keyManager())
                    .trustManager(admission)
                    .protocols("TLSv1.3")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    private ManagedChannel channel(SslContext tls, PeerId to) {
        return NettyChannelBuilder.forAddress("127.0.0.1", group.address(to).port())
                .sslContext(tls)
                .build();
    }

    private ManagedChannel channel(TestIdentity identity, PeerId to) {
        return channel(tls(identity, new AdmittingTrustManager(group.membership(), InstantSource.system())), to);
    }

    @Test
    void shouldAskForAdmissionAtEveryHandshakeAndResumeNoSession() {
        AtomicInteger asked = new AtomicInteger();
        AdmittingTrustManager counting = new AdmittingTrustManager(group.membership(), () -> {
            asked.incrementAndGet();
            return Instant.now();
        });
        SslContext tls = tls(group.identity(new PeerId("node-2")), counting);
        for (int handshake = 1; handshake <= 3; handshake++) {
            ManagedChannel channel = channel(tls, new PeerId("node-1"));
            try {
                assertThatExceptionOfType(StatusRuntimeException.class)
                        .isThrownBy(() -> RaftServerProtocolServiceGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(30, TimeUnit.SECONDS)
                                .requestVote(vote("node-2", "node-3")));
            } finally {
                channel.shutdownNow();
            }
            assertThat(asked).as("handshake %d", handshake).hasValue(handshake);
        }
    }

    private void assertRefused(TestIdentity identity, PeerId to, Status.Code code, RequestVoteRequestProto request) {
        ManagedChannel channel = channel(identity, to);
        try {
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> RaftServerProtocolServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(30, TimeUnit.SECONDS)
                            .requestVote(request))
                    .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void shouldRefuseAMessageUnderAnotherPeersName() {
        long term = group.log(awaitLeader()).term();
        assertRefused(
                group.identity(new PeerId("node-2")),
                new PeerId("node-1"),
                Status.Code.PERMISSION_DENIED,
                vote("node-3", "node-1"));
        assertThat(group.log(new PeerId("node-1")).term())
                .isGreaterThanOrEqualTo(term)
                .isLessThan(1_000_000);
    }

    @Test
    void shouldRefuseAMessageForAnotherPeer() {
        // A host that redirects traffic would make one member acknowledge for two.
        assertRefused(
                group.identity(new PeerId("node-2")),
                new PeerId("node-1"),
                Status.Code.PERMISSION_DENIED,
                vote("node-2", "node-3"));
    }

    @Test
    void shouldRefuseClientAndAdministrationProtocolsEvenToPeers() throws InterruptedException {
        ManagedChannel channel = channel(group.identity(new PeerId("node-2")), new PeerId("node-1"));
        try {
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> AdminProtocolServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(30, TimeUnit.SECONDS)
                            .transferLeadership(TransferLeadershipRequestProto.getDefaultInstance()))
                    .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            StreamObserver<RaftClientRequestProto> requests = RaftClientProtocolServiceGrpc.newStub(channel)
                    .unordered(new StreamObserver<>() {
                        @Override
                        public void onNext(RaftProtos.RaftClientReplyProto reply) {
                            failure.complete(new AssertionError("answered"));
                        }

                        @Override
                        public void onError(Throwable t) {
                            failure.complete(t);
                        }

                        @Override
                        public void onCompleted() {
                            failure.complete(new AssertionError("completed"));
                        }
                    });
            requests.onNext(RaftClientRequestProto.getDefaultInstance());
            group.await("the refusal", failure::isDone);
            assertThat(Status.fromThrowable(failure.join()).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void shouldRefuseACertificateOutsideItsDates() {
        Instant now = Instant.now();
        AdmittingTrustManager later =
                new AdmittingTrustManager(group.membership(), InstantSource.fixed(now.plusSeconds(200_000)));
        AdmittingTrustManager today = new AdmittingTrustManager(group.membership(), InstantSource.fixed(now));
        var certificate = group.identity(new PeerId("node-1")).certificate();
        assertThatExceptionOfType(CertificateExpiredException.class).isThrownBy(() -> later.check(certificate));
        assertThat(catchNothing(today, certificate)).isTrue();
    }

    private static boolean catchNothing(AdmittingTrustManager manager, X509Certificate certificate) {
        try {
            manager.check(certificate);
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }
}
