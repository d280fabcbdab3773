package coco.consensus.ratis;

import coco.consensus.ConsensusLimits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Ratis' settings. Every one that differs from Ratis' default, or must not drift with it, is here with its reason. */
final class RatisConfiguration {
    /**
     * A staged peer counts as caught up within this many entries; Ratis' own 1,000 makes voters of peers that hold
     * nothing.
     */
    private static final int STAGING_GAP = 10;
    /**
     * How often a follower that does not answer is tried: ten times at once, then twice a second (Ratis draws 250 to
     * 750 ms), for ever. Ratis' own waits grow to 5 s, so that a follower that is back hears nothing for up to 7.5 s
     * and cannot stand in for the next that fails.
     */
    private static final String APPENDER_RETRIES = "1ms,10, 500ms,1000000000";
    /** As on the node's other listeners. gRPC's own two minutes let strangers hold many connections for nothing. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);

    /** Room that a write buffer needs above the largest entry, and a message above the largest append. */
    private static final int MEBIBYTE = 1 << 20;

    private RatisConfiguration() {}

    static RaftProperties properties(RatisSettings settings, RaftFolder folder) {
        ConsensusLimits limits = settings.limits();
        RaftProperties properties = new RaftProperties();
        RaftConfigKeys.Rpc.setType(properties, Appenders.rpcType());
        RaftServerConfigKeys.setStorageDir(properties, List.of(folder.storage().toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(properties, folder.removed().toFile());
        RaftServerConfigKeys.setCloseThreshold(properties, time(limits.closeThreshold()));
        RaftServerConfigKeys.setStagingCatchupGap(properties, STAGING_GAP);
        elections(properties, limits);
        log(properties, limits);
        checkpoints(properties, limits);
        // Read index, not lease: a lease trusts the host's clock rate.
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, false);
        RaftServerConfigKeys.Read.setTimeout(properties, time(limits.readTimeout()));
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, time(limits.retryMemory()));
        GrpcConfigKeys.Server.setHost(properties, settings.listen().getHostString());
        GrpcConfigKeys.Server.setPort(properties, settings.listen().getPort());
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(limits.entryBytesMax() + 2L * MEBIBYTE));
        return properties;
    }

    private static void elections(RaftProperties properties, ConsensusLimits limits) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(limits.electionTimeoutMin()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(limits.electionTimeoutMax()));
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, time(limits.requestTimeout()));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
    }

    private static void log(RaftProperties properties, ConsensusLimits limits) {
        // A metadata entry for each advance of the commit index doubles entries
        // and fsyncs; nudges do the same for nothing.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        // Unsafe flush acknowledges before fsync; asynchronous flush publishes what was written after the flush began.
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
        // Only an upper bound: the log worker flushes whenever its queue is empty, which is group commit.
        RaftServerConfigKeys.Log.setForceSyncNum(properties, 128);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(limits.segmentBytes()));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, limits.cachedSegments());
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(limits.cachedBytesMax()));
        RaftServerConfigKeys.Log.setWriteBufferSize(
                properties, SizeInBytes.valueOf(limits.entryBytesMax() + (long) MEBIBYTE));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(limits.entryBytesMax()));
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, APPENDER_RETRIES);
        // Joining is ours: Ratis would ship files that we cannot check.
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, false);
        // The alternative drops every entry behind a bad one; TornLogCheck has looked before.
        RaftServerConfigKeys.Log.setCorruptionPolicy(properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    }

    private static void checkpoints(RaftProperties properties, ConsensusLimits limits) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, limits.checkpointEntries());
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
        // Otherwise one dead member keeps every log for ever.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, limits.checkpointEntries());
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, limits.preservedEntries());
    }

    /** Mutual TLS 1.3 by the JDK's own implementation, and what looks at everything that comes in. */
    static Parameters parameters(
            X509ExtendedKeyManager keys,
            AdmittingTrustManager admission,
            List<ServerInterceptor> interceptors,
            Appenders appenders,
            ConsensusLimits limits) {
        Parameters parameters = new Parameters();
        appenders.offer(parameters);
        // The JDK's TLS, not the bundled BoringSSL: no native code is unpacked to
        // a temporary folder of a confidential node.
        GrpcTlsConfig tls = GrpcTlsConfig.newBuilder()
                .setKeyManager(keys)
                .setTrustManager(admission)
                .setMutualTls(true)
                .setProtocols("TLSv1.3")
                .setSslProvider(SslProvider.JDK)
                .build();
        GrpcConfigKeys.TLS.setConf(parameters, tls);
        long ageMillis = limits.connectionAgeMax().toMillis();
        // Append streams never end by themselves: without an end to its grace an
        // old connection would live as long as they.
        long graceMillis = limits.requestTimeout().toMillis();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, (builder, types) -> {
            interceptors.forEach(builder::intercept);
            return builder.handshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS)
                    .maxConnectionAge(ageMillis, TimeUnit.MILLISECONDS)
                    .maxConnectionAgeGrace(graceMillis, TimeUnit.MILLISECONDS);
        });
        return parameters;
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
