package coco.consensus.testing;

/**
 * How badly the simulated log behaves, within its contract. Times are simulated and drawn evenly between 0 and their
 * maximum; probabilities are per occasion.
 *
 * @param networkNanosMax one message between two nodes
 * @param diskNanosMax one fsync
 * @param applyNanosMax between two entries handed to a state machine
 * @param eventNanosMax how late {@code notLeader}, {@code leaderChanged} and replies of failure arrive: unordered
 *     against everything
 * @param refuse a proposal is refused without being appended, and the next one may be taken: a full queue, a transfer
 *     under way
 * @param unknownNotAppended the same, but the reply is Unknown
 * @param unknownAppended a proposal is appended, and the reply is Unknown all the same
 * @param repeatNotLeader {@code notLeader} comes once more, later
 * @param deposeLeader at each election tick: a healthy leader is deposed, and does not know it for a while
 * @param isolateNode at each election tick: a node is cut off for a while
 * @param isolationNanosMax for how long
 * @param failTransfer a transfer of leadership times out
 * @param replayEarlier replay after a start begins some way before the durable position
 * @param falseSuccess beyond the contract: success for a proposal that was never appended, as Ratis answers for a call
 *     id that it remembers; only for tests that show that this is noticed
 */
public record Faults(
        long networkNanosMax,
        long diskNanosMax,
        long applyNanosMax,
        long eventNanosMax,
        double refuse,
        double unknownNotAppended,
        double unknownAppended,
        double repeatNotLeader,
        double deposeLeader,
        double isolateNode,
        long isolationNanosMax,
        double failTransfer,
        double replayEarlier,
        double falseSuccess) {

    private static final long MILLISECOND = 1_000_000;

    /** Nothing fails; things take a millisecond. */
    public static Faults none() {
        return new Faults(MILLISECOND, MILLISECOND, MILLISECOND / 10, MILLISECOND, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Everything the contract allows, often: a leader lasts a few seconds, one proposal in ten goes wrong. */
    public static Faults harsh() {
        return new Faults(
                20 * MILLISECOND,
                10 * MILLISECOND,
                5 * MILLISECOND,
                400 * MILLISECOND,
                0.03,
                0.03,
                0.04,
                0.5,
                0.05,
                0.05,
                5_000 * MILLISECOND,
                0.3,
                0.5,
                0);
    }

    /** The same, with every reply of success a lie with this probability. */
    public Faults withFalseSuccess(double probability) {
        return new Faults(
                networkNanosMax,
                diskNanosMax,
                applyNanosMax,
                eventNanosMax,
                refuse,
                unknownNotAppended,
                unknownAppended,
                repeatNotLeader,
                deposeLeader,
                isolateNode,
                isolationNanosMax,
                failTransfer,
                replayEarlier,
                probability);
    }
}
