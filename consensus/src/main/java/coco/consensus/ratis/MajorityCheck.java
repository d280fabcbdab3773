package coco.consensus.ratis;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a majority whether it has heard of a newer term.
 *
 * <p>Ratis' own read index does not ask again once a commit index was confirmed: a leader that has been cut off answers
 * at once, from what may be stale, until it steps down (Ratis 3.3.0, {@code
 * ReadIndexHeartbeats.addAppendEntriesListener}; the contract suite shows it). This closes the hole. If a majority,
 * this node included, says <em>after</em> the question was asked that its term is not above T, then no leader of a
 * later term can have been elected, let alone have committed anything, <em>before</em> it was asked: that would have
 * taken the votes of a majority, each recorded with its term, and terms do not go back. Whatever was acknowledged
 * before the question is then known to the leader of T, which is who Ratis' answer comes from.
 *
 * <p>The question is a request for a vote in a term before the first. Every member refuses it, whatever its log and its
 * role, and changes nothing; the answer carries the term. A pre-vote in the present term would not do: among empty logs
 * it is granted, and whoever grants one waits for another election timeout, so that readers who keep asking would keep
 * a new group from ever electing its first leader.
 */
final class MajorityCheck {
    private static final Logger LOG = LoggerFactory.getLogger(MajorityCheck.class);

    /** Below the term of a member that has never voted, 0. */
    private static final long NO_TERM = -1;

    private final RaftServer server;
    private final RaftServer.Division member;
    private final Reconnects reconnects;
    private final AtomicLong callIds = new AtomicLong();

    /** @param reconnects is told of members that could not be asked */
    MajorityCheck(RaftServer server, RaftServer.Division member, Reconnects reconnects) {
        this.server = server;
        this.member = member;
        this.reconnects = reconnects;
    }

    /**
     * Whether a majority of this moment's members, this one included, is at {@code term} or below; false also if they
     * cannot be heard.
     */
    CompletableFuture<Boolean> noneBeyond(long term) {
        RaftConfiguration configuration = member.getRaftConf();
        Set<RaftPeerId> current = ids(configuration.getCurrentPeers());
        // While the member list changes, both lists must agree, as for an election.
        Set<RaftPeerId> previous = ids(configuration.getPreviousPeers());
        Set<RaftPeerId> others = Stream.concat(current.stream(), previous.stream())
                .filter(id -> !id.equals(member.getId()))
                .collect(Collectors.toUnmodifiableSet());
        Set<RaftPeerId> agreeing = new HashSet<>(Set.of(member.getId()));
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        if (isMajority(agreeing, current) && isMajority(agreeing, previous)) {
            outcome.complete(member.getInfo().getCurrentTerm() == term);
            return outcome;
        }
        AtomicInteger unanswered = new AtomicInteger(others.size());
        for (RaftPeerId other : others) {
            // Ratis' call blocks until answered, or until the request timeout.
            Thread.ofVirtual().name("majority-check").start(() -> {
                boolean agrees = isAtOrBelow(other, term);
                synchronized (agreeing) {
                    if (agrees) {
                        agreeing.add(other);
                    }
                    if (isMajority(agreeing, current) && isMajority(agreeing, previous)) {
                        outcome.complete(member.getInfo().getCurrentTerm() == term);
                    }
                }
                if (unanswered.decrementAndGet() == 0) {
                    outcome.complete(false);
                }
            });
        }
        return outcome;
    }

    private boolean isAtOrBelow(RaftPeerId other, long term) {
        RequestVoteRequestProto question =
                question(member.getMemberId().getGroupId(), member.getId(), other, callIds.incrementAndGet());
        try {
            return server.getServerRpc().requestVote(question).getTerm() <= term;
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} did not say its term", other, e);
            reconnects.failed(other, e);
            return false;
        }
    }

    static RequestVoteRequestProto question(RaftGroupId group, RaftPeerId from, RaftPeerId to, long callId) {
        return RequestVoteRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(from.toByteString())
                        .setReplyId(to.toByteString())
                        .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(group))
                        .setCallId(callId))
                .setCandidateTerm(NO_TERM)
                .build();
    }

    private static boolean isMajority(Set<RaftPeerId> some, Set<RaftPeerId> all) {
        return all.isEmpty() || 2 * all.stream().filter(some::contains).count() > all.size();
    }

    private static Set<RaftPeerId> ids(Collection<RaftPeer> peers) {
        return peers.stream().map(RaftPeer::getId).collect(Collectors.toUnmodifiableSet());
    }
}
