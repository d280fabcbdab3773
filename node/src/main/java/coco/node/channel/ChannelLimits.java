package coco.node.channel;

import java.time.Duration;

/**
 * Bounds of the node channel.
 *
 * @param offersMax offers in one message; about four blocks' worth
 * @param messageBytesMax body of one message, and of one answer: core sends at most 4 MiB of payloads, or a single
 * larger one
 * @param waitingMax offers that wait for one peer; core keeps at most 50,000 for its clients, so more is a fault
 * @param questionsMax questions in flight to one peer, each on a connection of its own. A burst of wallets that ask for
 * their next nonce would open hundreds, whose handshakes together outlast the connect timeout
 * @param questionsWaitingMax questions that wait for those, of together no more bytes than one message; as many as the
 * requests that a listener works on, twice
 * @param connectTimeout to a node of the same network; shorter than an election
 * @param replyTimeout for a whole answer, from the request on: the leader's core thread answers between two blocks
 */
public record ChannelLimits(
        int offersMax,
        int messageBytesMax,
        int waitingMax,
        int questionsMax,
        int questionsWaitingMax,
        Duration connectTimeout,
        Duration replyTimeout) {
    /** Questions in flight to one peer before any was answered: so many handshakes at a time. */
    static final int QUESTIONS_AT_FIRST = 8;

    /** A ledger's id. */
    static final int LEDGER_ID_BYTES_MAX = 32;

    /** A challenge. */
    static final int NONCE_BYTES = 32;

    /** How long a challenge may be answered: evidence takes some hundred milliseconds on hardware. */
    static final Duration CHALLENGE_LIFE = Duration.ofSeconds(60);

    /** Challenges that are open at a time, one for each node; the oldest goes. */
    static final int CHALLENGES_MAX = 256;

    /** The text of a rejection; longer ones are cut. */
    static final int REJECTION_BYTES_MAX = 1024;

    /** What a node runs with. */
    public static final ChannelLimits DEFAULT =
            new ChannelLimits(4_000, 9 << 20, 60_000, 32, 4_096, Duration.ofSeconds(1), Duration.ofSeconds(3));
}
