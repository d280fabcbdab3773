package coco.governance.api;

import coco.governance.Constitution;
import coco.governance.GovernanceLimits;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.MalformedCoseException;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.ledger.GovernanceOffers;
import coco.governance.ledger.GovernanceOffers.Signer;
import coco.governance.ledger.Message;
import coco.governance.ledger.Proposals;
import coco.governance.ledger.Proposals.Proposal;
import coco.governance.ledger.Refusal;
import coco.ledgers.api.BusyException;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.UnavailableException;
import coco.ledgers.api.Verdict;
import coco.ledgers.api.View;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes signed messages to the leader and waits for what becomes of them. Here only what is no message of a member's is
 * refused, so that nobody else reaches the thread that makes blocks; whether it counts is judged by the ledger alone.
 */
final class Submissions {
    private final LedgerContext context;
    private final byte[] serviceId;
    private final RefusalPace pace;

    Submissions(LedgerContext context, byte[] serviceId) {
        this.context = context;
        this.serviceId = serviceId;
        this.pace = new RefusalPace(context.clock());
    }

    ApiReply propose(Endpoint.Request request) throws Exception {
        return submit(request, Message.Propose.class, "proposal");
    }

    ApiReply vote(Endpoint.Request request) throws Exception {
        return submit(request, Message.Vote.class, "ballot");
    }

    ApiReply withdraw(Endpoint.Request request) throws Exception {
        return submit(request, Message.Withdraw.class, "withdrawal");
    }

    private ApiReply submit(Endpoint.Request request, Class<? extends Message> kind, String word) throws Exception {
        Read read;
        try {
            CoseSign1 signed = CoseSign1.decode(request.body());
            if (!signed.contentType().equals(CoseSign1.GOVERNANCE_CONTENT)) {
                return ApiReply.problem(Problem.WRONG_KIND, "the content type is not " + CoseSign1.GOVERNANCE_CONTENT);
            }
            read = new Read(signed, Message.parse(signed.payload()));
        } catch (MalformedCoseException | DocumentException malformed) {
            return ApiReply.problem(Problem.MALFORMED_MESSAGE, String.valueOf(malformed.getMessage()));
        }
        if (!kind.isInstance(read.message())) {
            return ApiReply.problem(Problem.WRONG_KIND, "the signed content is no " + word);
        }
        Signer signer;
        try {
            signer = signer(read);
        } catch (BusyException busy) {
            return ApiReply.problem(Problem.UNAVAILABLE, "too many messages are being verified");
        }
        return switch (signer) {
            case Signer.Nobody(Rejection reason) -> refused(reason);
            case Signer.Of(String member) ->
                pace.begins(member)
                        ? submit(read, member)
                        : refused(Refusal.TOO_MANY_MESSAGES.because("messages of " + member
                                + " were refused one after the other; another one may come in "
                                + GovernanceLimits.REFUSAL_MILLIS + " ms"));
        };
    }

    private ApiReply submit(Read read, String member) throws InterruptedException {
        byte[] id = read.signed().contentDigest(CoseSign1.externalAad(serviceId));
        String proposal = switch (read.message()) {
            case Message.Propose _ -> HexFormat.of().formatHex(id);
            case Message.Vote vote -> vote.proposal();
            case Message.Withdraw withdrawal -> withdrawal.proposal();
            case Message.Recover recover -> recover.recovery();
        };
        Ticket ticket = context.submit(GovernanceOffers.signed(read.signed(), serviceId));
        ApiReply reply = settled(ticket, id, proposal);
        // What judges the network's state is none of the member's doing.
        boolean isRefused = ticket.outcome().getNow(null) instanceof Outcome.Rejected(Rejection reason)
                && reason.code() != Rejection.UNAVAILABLE;
        if (!isRefused) {
            pace.taken(member);
        }
        return reply;
    }

    private record Read(CoseSign1 signed, Message message) {}

    /**
     * Which member has signed it. A node may lag behind the one that has just told somebody of a new member: what
     * seems to be nobody's is looked at once more, by the state that a majority confirms.
     */
    private Signer signer(Read read) throws Exception {
        Signer signer;
        try (View view = context.view(Caller.ANONYMOUS)) {
            signer = context.compute(() -> signer(read, view));
        }
        if (!(signer instanceof Signer.Nobody(Rejection reason)) || Refusal.of(reason) == Refusal.SIGNATURE) {
            return signer;
        }
        try (View view = context.linearizableView(Caller.ANONYMOUS)) {
            return context.compute(() -> signer(read, view));
        } catch (UnavailableException alone) {
            return signer;
        }
    }

    private Signer signer(Read read, View view) {
        return GovernanceOffers.signer(
                read.signed(),
                read.message(),
                serviceId,
                Constitution.read(view.state()),
                context.clock().instant());
    }

    private ApiReply settled(Ticket ticket, byte[] id, String proposal) throws InterruptedException {
        try {
            Outcome outcome = ticket.outcome().get(context.settings().replyTimeoutMillis(), TimeUnit.MILLISECONDS);
            return switch (outcome) {
                case Outcome.Applied(long height, int _) -> committed(id, proposal, height);
                case Outcome.Rejected(Rejection reason) -> refused(reason);
                case Outcome.Expired() -> pending(id);
            };
        } catch (TimeoutException late) {
            Verdict verdict = ticket.verdict().getNow(null);
            return verdict instanceof Verdict.Rejected(Rejection reason) ? refused(reason) : pending(id);
        } catch (ExecutionException never) {
            throw new IllegalStateException("a ticket never fails", never);
        }
    }

    private ApiReply committed(byte[] id, String proposalId, long height) {
        try (View view = context.view(Caller.ANONYMOUS)) {
            ObjectNode json = Documents.object()
                    .put("id", HexFormat.of().formatHex(id))
                    .put("status", "committed")
                    .put("height", height);
            @Nullable Proposal proposal = Proposals.find(view.state(), proposalId);
            json.set(
                    "proposal",
                    proposal == null ? null : Views.proposal(proposal, Constitution.read(view.state()), view.height()));
            return ApiReply.ok(json);
        }
    }

    /** Nobody knows yet, and the same message may be sent again: it counts once. */
    private static ApiReply pending(byte[] id) {
        ObjectNode json = Documents.object()
                .put("id", HexFormat.of().formatHex(id))
                .put("status", "pending")
                .putNull("height")
                .putNull("proposal");
        return new ApiReply(202, json);
    }

    private static ApiReply refused(Rejection reason) {
        Refusal refusal = Refusal.of(reason);
        return refusal == null
                ? ApiReply.problem(Problem.UNAVAILABLE, reason.message())
                : ApiReply.problem(refusal.status(), refusal.word(), reason.message(), Documents.object());
    }
}
