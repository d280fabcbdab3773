package coco.consensus.ratis;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has channels made anew whose peers could not be connected to.
 *
 * <p>After each failed attempt gRPC lets a channel rest for longer, for two minutes in the end, and fails at once
 * whatever is asked meanwhile. After a long partition neither a vote nor a read index would go out for as long,
 * although the way is free. Ratis ends such rests for a leader's appenders only (3.3.0, {@code
 * GrpcLogAppender.resetClient}). A channel that is made anew tries at once.
 */
final class Reconnects {
    /** Between two of them to one peer: an attempt costs a connection, and whoever asks does so again and again. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Reconnects.class);

    /** Closes the channel to a peer; the next request opens another. */
    interface Channels {
        void reset(RaftPeerId peer, Exception cause);
    }

    private final Channels channels;
    private final LongSupplier nanoTime;
    private final Map<RaftPeerId, Long> lastAt = new ConcurrentHashMap<>();

    /** @param nanoTime monotonic */
    Reconnects(Channels channels, LongSupplier nanoTime) {
        this.channels = channels;
        this.nanoTime = nanoTime;
    }

    /** Something asked of a peer has failed. May take as long as closing a channel does. */
    void failed(RaftPeerId peer, Exception cause) {
        if (isUnreachable(cause) && isTime(peer)) {
            LOG.debug("another channel to {}", peer);
            channels.reset(peer, cause);
        }
    }

    private boolean isTime(RaftPeerId peer) {
        long now = nanoTime.getAsLong();
        Long before = lastAt.putIfAbsent(peer, now);
        return before == null || (now - before >= PAUSE.toNanos() && lastAt.replace(peer, before, now));
    }

    /** A peer that answered late, or refused, has a channel that works. */
    private static boolean isUnreachable(Throwable cause) {
        for (@Nullable Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof StatusRuntimeException status) {
                return status.getStatus().getCode() == Status.Code.UNAVAILABLE;
            }
        }
        return false;
    }
}
