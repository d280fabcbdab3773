package coco.consensus;

import java.time.Duration;

/**
 * Every limit of the replicated log, with the reason for its number. {@link #standard} is what runs everywhere, tests
 * included: shorter election timeouts make a loaded machine change leaders for nothing.
 *
 * @param payloadBytesMax the largest payload that is taken
 * @param entryBytesMax the largest log entry, and what one append message to a follower carries at most
 * @param electionTimeoutMin a follower that hears nothing for this long (up to the maximum, at random) asks for votes
 * @param electionTimeoutMax a leader that reaches no majority for this long steps down
 * @param requestTimeout how long an append to a follower may take before it is sent again; above {@code
 *     electionTimeoutMax}
 * @param segmentBytes preallocated size of one log file
 * @param cachedSegments closed log files kept in memory for slow followers
 * @param cachedBytesMax memory for those
 * @param checkpointEntries how many entries apart the log asks for {@link StateMachine#durable} in order to purge
 * @param preservedEntries entries kept below that position, so that a member that is a little behind needs no snapshot
 * @param retryMemory how long replies are remembered
 * @param connectionAgeMax after which a connection is made anew, and the certificates are looked at again
 * @param closeThreshold a pause of the whole process longer than this closes the server for good
 * @param readTimeout how long {@link ReplicatedLog#readIndex} waits for a majority and for apply
 * @param transferTimeout how long a transfer of leadership may take
 * @param changeTimeout how long {@link ReplicatedLog#changePeers} waits for an outcome
 * @param nudgesMax how many heartbeats one nudge sends to one follower that does not learn of the commit
 * @param nudgeInterval how often a nudge looks whether a follower is ready for one
 */
public record ConsensusLimits(
        int payloadBytesMax,
        int entryBytesMax,
        Duration electionTimeoutMin,
        Duration electionTimeoutMax,
        Duration requestTimeout,
        int segmentBytes,
        int cachedSegments,
        int cachedBytesMax,
        int checkpointEntries,
        int preservedEntries,
        Duration retryMemory,
        Duration connectionAgeMax,
        Duration closeThreshold,
        Duration readTimeout,
        Duration transferTimeout,
        Duration changeTimeout,
        int nudgesMax,
        Duration nudgeInterval) {

    /**
     * What an entry adds to its payload: term, index, client and call ids, lengths, checksum; measured at 60 to 90
     * bytes.
     */
    public static final int ENTRY_OVERHEAD_BYTES = 200;

    private static final int MEBIBYTE = 1 << 20;

    public ConsensusLimits {
        if (payloadBytesMax < 1 || payloadBytesMax > entryBytesMax - ENTRY_OVERHEAD_BYTES) {
            throw new IllegalArgumentException("A payload must fit into an entry with its overhead");
        }
        if (entryBytesMax > segmentBytes) {
            throw new IllegalArgumentException("An entry must fit into a segment");
        }
        if (electionTimeoutMin.compareTo(electionTimeoutMax) >= 0
                || requestTimeout.compareTo(electionTimeoutMax) <= 0) {
            throw new IllegalArgumentException("Election timeout minimum < maximum < request timeout must hold");
        }
        if (nudgesMax < 1 || checkpointEntries < 1 || preservedEntries < 0 || cachedSegments < 1) {
            throw new IllegalArgumentException("A count is out of range");
        }
    }

    /**
     * The numbers of production:
     *
     * <ul>
     *   <li>8 MiB entries: thirty times the block of the performance budget; a whole one crosses a 1 Gbit/s link in 70
     *   ms.
     *   <li>Elections 1 to 2 s: Ratis' own 150 to 300 ms flaps on a loaded machine, 600 to 1,200 ms did during
     *   start-up; requests 3 s.
     *   <li>32 MiB segments, two cached: Ratis' own six and 200 MB doubled the memory of a node.
     *   <li>Checkpoint each 1,000 entries (it costs one method call). 20,000 preserved: a member that was away for less
     *       finds all it lacks in the leader's log, thirteen minutes at 25 blocks a second, three at a hundred small
     *       ones; at 75 KB a block 1.5 GB of disk. With the 500 that were planned, a member killed under load came back
     *       too late and could not catch up.
     *   <li>Replies remembered 5 s: proposals are never retried, so this memory serves nobody; zero is not allowed.
     *   <li>Connections live 10 minutes: bounds how long an un-admitted peer may keep an idle connection.
     *   <li>Close threshold 1 h: Ratis' own 60 s would end a node whose virtual machine was suspended.
     *   <li>A change of peers 1 min: the preserved entries of full blocks, 1.5 GB, cross a 1 Gbit/s link in 12 s.
     *   <li>Nudges look every 5 ms, which costs nothing, and send at most three heartbeats: followers are up to date in
     *       5 to 7 ms (median); one that needs more is ill.
     * </ul>
     */
    public static ConsensusLimits standard() {
        return new ConsensusLimits(
                8 * MEBIBYTE - 4_096,
                8 * MEBIBYTE,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                32 * MEBIBYTE,
                2,
                64 * MEBIBYTE,
                1_000,
                20_000,
                Duration.ofSeconds(5),
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                3,
                Duration.ofMillis(5));
    }
}
