package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.ConsensusLimits;
import coco.consensus.PeerId;
import coco.consensus.ratis.RatisSettings.Recovery;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.retry.RetryPolicy;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.Test;

/** Every setting by the reader that Ratis itself uses, so that a renamed key is noticed. */
final class RatisConfigurationTest {
    private static final int MEBIBYTE = 1 << 20;

    private final RatisSettings settings = new RatisSettings(
            new PeerId("a"),
            new UUID(1, 2),
            Path.of("/nowhere"),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 4_242),
            Recovery.RESUME,
            ConsensusLimits.standard());
    private final RaftProperties properties = RatisConfiguration.properties(settings, new RaftFolder(settings));

    private static long millis(TimeDuration duration) {
        return duration.toLong(java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    @Test
    void shouldNeverAcknowledgeBeforeFsync() {
        assertThat(Log.unsafeFlushEnabled(properties)).isFalse();
        assertThat(Log.asyncFlushEnabled(properties)).isFalse();
        assertThat(Log.forceSyncNum(properties)).isEqualTo(128);
        assertThat(Log.corruptionPolicy(properties)).isEqualTo(Log.CorruptionPolicy.EXCEPTION);
    }

    @Test
    void shouldSetElections() {
        assertThat(millis(RaftServerConfigKeys.Rpc.timeoutMin(properties))).isEqualTo(1_000);
        assertThat(millis(RaftServerConfigKeys.Rpc.timeoutMax(properties))).isEqualTo(2_000);
        assertThat(millis(RaftServerConfigKeys.Rpc.requestTimeout(properties))).isEqualTo(3_000);
        assertThat(RaftServerConfigKeys.LeaderElection.preVote(properties)).isTrue();
        assertThat(millis(RaftServerConfigKeys.closeThreshold(properties))).isEqualTo(3_600_000);
        assertThat(RaftServerConfigKeys.stagingCatchupGap(properties)).isEqualTo(10);
    }

    @Test
    void shouldTryAFollowerTwiceASecondHoweverLongItWasAway() {
        RetryPolicy retries = RetryPolicy.parse(Log.Appender.retryPolicy(properties), "retries");
        for (int attempt : new int[] {11, 1_000, 1_000_000}) {
            long waitMillis = millis(retries.handleAttemptFailure(() -> attempt).getSleepTime());
            assertThat(waitMillis).as("attempt %d", attempt).isBetween(250L, 750L);
        }
    }

    @Test
    void shouldSetSizesThatFitTogether() {
        assertThat(Log.segmentSizeMax(properties).getSize()).isEqualTo(32L * MEBIBYTE);
        assertThat(Log.segmentCacheNumMax(properties)).isEqualTo(2);
        assertThat(Log.segmentCacheSizeMax(properties).getSize()).isEqualTo(64L * MEBIBYTE);
        assertThat(Log.Appender.bufferByteLimit(properties).getSize()).isEqualTo(8L * MEBIBYTE);
        assertThat(Log.writeBufferSize(properties).getSize()).isEqualTo(9L * MEBIBYTE);
        assertThat(GrpcConfigKeys.messageSizeMax(properties, message -> {}).getSize())
                .isEqualTo(10L * MEBIBYTE);
    }

    @Test
    void shouldPurgeBehindTheJournalAndSendNoSnapshots() {
        assertThat(RaftServerConfigKeys.Snapshot.autoTriggerEnabled(properties)).isTrue();
        assertThat(RaftServerConfigKeys.Snapshot.autoTriggerThreshold(properties))
                .isEqualTo(1_000);
        assertThat(RaftServerConfigKeys.Snapshot.triggerWhenStopEnabled(properties))
                .isFalse();
        assertThat(RaftServerConfigKeys.Snapshot.retentionFileNum(properties)).isEqualTo(2);
        assertThat(Log.purgeUptoSnapshotIndex(properties)).isTrue();
        assertThat(Log.purgeGap(properties)).isEqualTo(1_000);
        assertThat(Log.purgePreservationLogNum(properties)).isEqualTo(20_000);
        assertThat(Log.Appender.installSnapshotEnabled(properties)).isFalse();
        assertThat(Log.logMetadataEnabled(properties)).isFalse();
    }

    @Test
    void shouldReadByReadIndexAndForgetRepliesSoon() {
        assertThat(RaftServerConfigKeys.Read.option(properties))
                .isEqualTo(RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        assertThat(RaftServerConfigKeys.Read.leaderLeaseEnabled(properties)).isFalse();
        assertThat(millis(RaftServerConfigKeys.Read.timeout(properties))).isEqualTo(5_000);
        assertThat(millis(RaftServerConfigKeys.RetryCache.expiryTime(properties)))
                .isEqualTo(5_000);
    }

    @Test
    void shouldListenAndStoreWhereItIsTold() {
        assertThat(GrpcConfigKeys.Server.host(properties)).isEqualTo("localhost");
        assertThat(GrpcConfigKeys.Server.port(properties)).isEqualTo(4_242);
        assertThat(RaftServerConfigKeys.storageDir(properties))
                .containsExactly(Path.of("/nowhere/raft").toFile());
        assertThat(RaftServerConfigKeys.removedGroupsDir(properties))
                .isEqualTo(Path.of("/nowhere/removed").toFile());
    }
}
