package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.PeerId;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group whose logs are all empty must come to its first leader, however often its clients ask for reads. */
final class FirstElectionTest {
    private static final PeerId ONE = new PeerId("node-1");
    private static final PeerId TWO = new PeerId("node-2");

    @TempDir
    Path directory = Path.of("");

    private @Nullable RatisGroup group;

    @AfterEach
    void stop() {
        RatisGroup used = group;
        if (used != null) {
            used.peers().stream().filter(used::runs).forEach(used::stop);
        }
    }

    private RequestVoteReplyProto ask(RatisGroup asked, RequestVoteRequestProto request) throws SSLException {
        AdmittingTrustManager admission = new AdmittingTrustManager(asked.membership(), InstantSource.system());
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", asked.address(ONE).port())
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                        .keyManager(asked.identity(TWO).keyManager())
                        .trustManager(admission)
                        .protocols("TLSv1.3")
                        .build())
                .build();
        try {
            return RaftServerProtocolServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .requestVote(request);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void shouldRefuseTheQuestionForItsTermWhenItsLogIsEmpty() throws SSLException {
        RatisGroup alone = new RatisGroup(directory, 3);
        group = alone;
        alone.start(ONE);
        RequestVoteRequestProto question = MajorityCheck.question(
                RaftGroupId.valueOf(alone.settings(ONE).group()),
                RaftPeerId.valueOf(TWO.value()),
                RaftPeerId.valueOf(ONE.value()),
                1);
        RequestVoteReplyProto reply = ask(alone, question);
        // What a member grants puts off its own election.
        assertThat(reply.getServerReply().getSuccess()).isFalse();
        assertThat(reply.getTerm()).isZero();
        assertThat(reply.getShouldShutdown()).isFalse();
    }
}
