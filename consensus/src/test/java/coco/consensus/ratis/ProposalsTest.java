package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coco.consensus.Invariant;
import coco.consensus.LogPosition;
import coco.consensus.ProposeReply;
import coco.consensus.ratis.Proposals.Proposal;
import org.junit.jupiter.api.Test;

final class ProposalsTest {
    private final Proposals proposals = new Proposals();

    private Proposal proposal(long callId) {
        return proposals.begin(callId, new byte[] {1});
    }

    private ProposeReply outcome(Proposal proposal) {
        assertThat(proposal.reply()).isDone();
        return proposal.reply().join();
    }

    @Test
    void shouldRefuseWhenItFailedBeforeItPassedTheVeto() {
        Proposal proposal = proposal(1);
        proposals.failed(proposal, "a full queue");
        assertThat(outcome(proposal)).isEqualTo(new ProposeReply.Refused("a full queue"));
    }

    @Test
    void shouldBeUnknownWhenItFailedAfterItPassedTheVeto() {
        Proposal proposal = proposal(1);
        proposal.admitted();
        // Ratis answers "resource unavailable" after appending, too.
        proposals.failed(proposal, "a full queue");
        assertThat(outcome(proposal)).isEqualTo(new ProposeReply.Unknown("a full queue"));
    }

    @Test
    void shouldBeCommittedWhenItWasAppliedEvenIfRatisReportsFailure() {
        Proposal proposal = proposal(1);
        proposal.admitted();
        LogPosition position = new LogPosition(2, 7);
        assertThat(proposals.applying(proposal.clientId(), 1, position)).isSameAs(proposal);
        proposals.failed(proposal, "not the leader any more");
        assertThat(proposal.reply()).isNotDone();
        proposals.applied(proposal);
        assertThat(outcome(proposal)).isEqualTo(new ProposeReply.Committed(position));
    }

    @Test
    void shouldBreakAnInvariantWhenSuccessWasNeverApplied() {
        proposals.startAt(40);
        Proposal proposal = proposal(1);
        proposal.admitted();
        // What Ratis answers for a call id that it finds in its cache of replies: success, at an old index.
        assertThatExceptionOfType(Invariant.Broken.class).isThrownBy(() -> proposals.succeeded(proposal, 33));
    }

    @Test
    void shouldBreakAnInvariantWhenSuccessIsReportedAtAnotherIndex() {
        Proposal proposal = proposal(1);
        proposals.applying(proposal.clientId(), 1, new LogPosition(1, 5));
        proposals.succeeded(proposal, 5);
        assertThatExceptionOfType(Invariant.Broken.class).isThrownBy(() -> proposals.succeeded(proposal, 4));
    }

    @Test
    void shouldBreakAnInvariantWhenAnIndexIsAppliedTwice() {
        Proposal proposal = proposal(1);
        proposals.applying(proposal.clientId(), 1, new LogPosition(1, 5));
        assertThatExceptionOfType(Invariant.Broken.class)
                .isThrownBy(() -> proposals.applying(proposal.clientId(), 2, new LogPosition(1, 5)));
    }

    @Test
    void shouldKeepItsClientIdWithinAPipelineAndChangeItOtherwise() {
        Proposal first = proposal(1);
        Proposal second = proposal(2);
        assertThat(second.clientId()).isEqualTo(first.clientId());
        proposals.failed(second, "anything");
        Proposal third = proposal(3);
        assertThat(third.clientId()).as("after a failure").isNotEqualTo(first.clientId());
        Proposal again = proposal(3);
        assertThat(again.clientId()).as("for a call id used before").isNotEqualTo(third.clientId());
        proposals.newPipeline();
        assertThat(proposal(4).clientId()).as("of a new leadership").isNotEqualTo(again.clientId());
    }

    @Test
    void shouldAnswerUnknownToAllWhenAbandoned() {
        Proposal first = proposal(1);
        Proposal second = proposal(2);
        proposals.abandon("closed");
        assertThat(outcome(first)).isEqualTo(new ProposeReply.Unknown("closed"));
        assertThat(outcome(second)).isEqualTo(new ProposeReply.Unknown("closed"));
        assertThat(proposals.find(first.clientId(), 1)).isNull();
    }
}
