package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.junit.jupiter.api.Test;

final class ReconnectsTest {
    private static final RaftPeerId PEER = RaftPeerId.valueOf("peer");
    private static final RaftPeerId OTHER = RaftPeerId.valueOf("other");
    private final Exception unreachable = Status.UNAVAILABLE.asRuntimeException();

    private final List<RaftPeerId> reset = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5;
    private final Reconnects reconnects = new Reconnects((peer, cause) -> reset.add(peer), () -> now);

    @Test
    void shouldResetOnceInAPauseWhenAPeerStaysUnreachable() {
        reconnects.failed(PEER, unreachable);
        reconnects.failed(PEER, unreachable);
        reconnects.failed(OTHER, unreachable);
        assertThat(reset).containsExactly(PEER, OTHER);

        now += Reconnects.PAUSE.toNanos() - 1;
        reconnects.failed(PEER, unreachable);
        assertThat(reset).hasSize(2);
        now++;
        reconnects.failed(PEER, new IOException(unreachable));
        assertThat(reset).containsExactly(PEER, OTHER, PEER);
    }

    @Test
    void shouldLeaveAChannelAloneWhenThePeerAnswersOrIsLate() {
        reconnects.failed(PEER, Status.DEADLINE_EXCEEDED.asRuntimeException());
        reconnects.failed(PEER, Status.PERMISSION_DENIED.asRuntimeException());
        reconnects.failed(PEER, new IOException("this server is no leader"));
        assertThat(reset).isEmpty();
    }
}
