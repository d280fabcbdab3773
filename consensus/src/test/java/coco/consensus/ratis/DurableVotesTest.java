package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.RaftRpcReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.junit.jupiter.api.Test;

final class DurableVotesTest {
    private final List<String> events = new ArrayList<>();

    /** A call whose replies go nowhere. */
    private final class Call extends ServerCall<RequestVoteRequestProto, RequestVoteReplyProto> {
        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(RequestVoteReplyProto message) {
            events.add("sent");
        }

        @Override
        public void close(Status status, Metadata trailers) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<RequestVoteRequestProto, RequestVoteReplyProto> getMethodDescriptor() {
            return RaftServerProtocolServiceGrpc.getRequestVoteMethod();
        }
    }

    private void answer(DurableVotes votes, boolean granted) {
        RequestVoteReplyProto reply = RequestVoteReplyProto.newBuilder()
                .setServerReply(RaftRpcReplyProto.newBuilder().setSuccess(granted))
                .build();
        var _ = votes.interceptCall(new Call(), new Metadata(), (call, headers) -> {
            call.sendMessage(reply);
            return new ServerCall.Listener<>() {};
        });
    }

    @Test
    void shouldForceBeforeAVoteLeavesWhenItIsGranted() {
        answer(new DurableVotes(() -> events.add("forced")), true);
        assertThat(events).containsExactly("forced", "sent");
    }

    @Test
    void shouldForceNothingWhenAVoteIsRefused() {
        answer(new DurableVotes(() -> events.add("forced")), false);
        assertThat(events).containsExactly("sent");
    }

    @Test
    void shouldSendNoVoteWhenItCannotBeMadeDurable() {
        DurableVotes votes = new DurableVotes(() -> {
            throw new IllegalStateException("no disk");
        });
        assertThatIllegalStateException().isThrownBy(() -> answer(votes, true));
        assertThat(events).isEmpty();
    }
}
