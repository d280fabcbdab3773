package coco.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ConsensusValuesTest {
    private static ConsensusLimits limits(int payload, int entry, int segment, long electionMax, long request) {
        ConsensusLimits it = ConsensusLimits.standard();
        return new ConsensusLimits(
                payload,
                entry,
                it.electionTimeoutMin(),
                Duration.ofMillis(electionMax),
                Duration.ofMillis(request),
                segment,
                it.cachedSegments(),
                it.cachedBytesMax(),
                it.checkpointEntries(),
                it.preservedEntries(),
                it.retryMemory(),
                it.connectionAgeMax(),
                it.closeThreshold(),
                it.readTimeout(),
                it.transferTimeout(),
                it.changeTimeout(),
                it.nudgesMax(),
                it.nudgeInterval());
    }

    @Test
    void shouldAcceptLimitsThatFitTogether() {
        assertThat(limits(800, 1_000, 1_000, 2_000, 3_000).payloadBytesMax()).isEqualTo(800);
    }

    @Test
    void shouldRefuseLimitsThatContradictEachOther() {
        assertThatIllegalArgumentException().isThrownBy(() -> limits(801, 1_000, 1_000, 2_000, 3_000));
        assertThatIllegalArgumentException().isThrownBy(() -> limits(0, 1_000, 1_000, 2_000, 3_000));
        assertThatIllegalArgumentException().isThrownBy(() -> limits(800, 1_000, 999, 2_000, 3_000));
        assertThatIllegalArgumentException().isThrownBy(() -> limits(800, 1_000, 1_000, 1_000, 3_000));
        assertThatIllegalArgumentException().isThrownBy(() -> limits(800, 1_000, 1_000, 2_000, 2_000));
    }

    @Test
    void shouldRefusePeerIdsThatAreNotNames() {
        assertThat(new PeerId("node-1.a_B")).hasToString("node-1.a_B");
        for (String bad : new String[] {"", "a b", "../x", "x".repeat(65), "ä"}) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> new PeerId(bad));
        }
    }

    @Test
    void shouldWriteAddressesWithBracketsWhenTheHostIsIpv6() {
        assertThat(new Peer(new PeerId("a"), "::1", 80).address()).isEqualTo("[::1]:80");
        assertThat(new Peer(new PeerId("a"), "host", 80).address()).isEqualTo("host:80");
        assertThatIllegalArgumentException().isThrownBy(() -> new Peer(new PeerId("a"), "host", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Peer(new PeerId("a"), " ", 1));
    }

    @Test
    void shouldRefusePositionsThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LogPosition(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new LogPosition(0, -2));
    }
}
