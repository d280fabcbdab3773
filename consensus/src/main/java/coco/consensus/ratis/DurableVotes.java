package coco.consensus.ratis;

import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;

/**
 * Lets a vote leave only when a power cut can no longer undo it. Ratis forces the file that holds term and vote and
 * renames it into place, but does not force the folder: after a power cut the old file may be back, and a member that
 * has forgotten its vote votes again in the same term, for somebody else. Two leaders in one term undo what a majority
 * acknowledged.
 *
 * <p>Refused votes promise nothing, so they leave at once. A member's vote for itself is made durable before it
 * proposes anything ({@link RatisStateMachine#notifyLeaderReady}).
 */
final class DurableVotes implements ServerInterceptor {
    private final Runnable forceNames;

    /** @param forceNames makes durable what Ratis has renamed; throws if it cannot, and no vote leaves */
    DurableVotes(Runnable forceNames) {
        this.forceNames = forceNames;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        return next.startCall(
                new SimpleForwardingServerCall<Q, R>(call) {
                    @Override
                    public void sendMessage(R message) {
                        if (message instanceof RequestVoteReplyProto vote
                                && vote.getServerReply().getSuccess()) {
                            forceNames.run();
                        }
                        super.sendMessage(message);
                    }
                },
                headers);
    }
}
