package coco.consensus.ratis;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * The objects by which this node, as leader, sends to its followers: Ratis makes them through a factory that users may
 * replace, and this is the only way to them. They know what each follower has, and can be told to send at once.
 */
final class Appenders {
    private static final String PARAMETER = "coco.appenders";

    /** The newest per follower; those of an earlier leadership have stopped. */
    private final ConcurrentMap<RaftPeerId, LogAppender> newest = new ConcurrentHashMap<>();

    /** What {@code raft.rpc.type} must be for this to work. */
    static RpcType rpcType() {
        return new Grpc();
    }

    /** Makes the factory find this object. */
    void offer(Parameters parameters) {
        parameters.put(PARAMETER, this, Appenders.class);
    }

    List<LogAppender> running() {
        return newest.values().stream().filter(LogAppender::isRunning).toList();
    }

    /** gRPC as it comes; Ratis finds this class by its name and makes it by reflection. */
    static final class Grpc implements RpcType {
        @Override
        public String name() {
            return Grpc.class.getName();
        }

        @Override
        public RpcFactory newFactory(Parameters parameters) {
            return new Factory(parameters);
        }
    }

    private static final class Factory extends GrpcFactory {
        private final Appenders appenders;

        Factory(Parameters parameters) {
            super(parameters);
            this.appenders = parameters.get(PARAMETER, Appenders.class);
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            LogAppender made = super.newLogAppender(server, state, follower);
            appenders.newest.put(follower.getId(), made);
            return made;
        }
    }
}
