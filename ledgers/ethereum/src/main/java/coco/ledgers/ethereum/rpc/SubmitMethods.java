package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.ledgers.api.BusyException;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.Verdict;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.pool.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * eth_sendRawTransaction and eth_sendRawTransactionSync (EIP-7966). Both hand the transaction to the leader; the second
 * answers with the receipt, the first with the hash: by default when the block is applied at this node.
 */
final class SubmitMethods {
    static final String SEND = "eth_sendRawTransaction";
    static final String SEND_SYNC = "eth_sendRawTransactionSync";

    private static final String NOT_READY =
            "The transaction was added to the mempool but wasn't processed due to a missing nonce or insufficient "
                    + "funds. Please double-check your account and try again.";

    private final LedgerContext context;
    private final Genesis genesis;
    private final Admission admission;
    private final BiConsumer<Transaction, Address> accepted;

    /** @param accepted told of each transaction that may execute, with its sender */
    SubmitMethods(
            LedgerContext context, Genesis genesis, Admission admission, BiConsumer<Transaction, Address> accepted) {
        this.genesis = genesis;
        this.context = context;
        this.admission = admission;
        this.accepted = accepted;
    }

    static boolean handles(String method) {
        return method.equals(SEND) || method.equals(SEND_SYNC);
    }

    /** What was read of one request of an exchange. */
    private sealed interface Request {}

    @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
    private record Submission(boolean sync, byte[] raw, long timeoutMillis) implements Request {}

    private record Faulty(RpcException error) implements Request {}

    /** What became of each of some requests: an {@link Answer} or an error. */
    List<Answer> submit(Exchange exchange, List<String> methods, List<Params> params) {
        List<Request> submissions = new ArrayList<>(params.size());
        List<byte[]> raw = new ArrayList<>();
        for (int i = 0; i < params.size(); i++) {
            try {
                Submission submission = parse(methods.get(i).equals(SEND_SYNC), params.get(i));
                raw.add(submission.raw());
                submissions.add(submission);
            } catch (RpcException e) {
                submissions.add(new Faulty(e));
            }
        }
        List<Admission.Result> admitted = prove(exchange, admit(raw));
        List<Answer> answers = new ArrayList<>(submissions.size());
        int next = 0;
        for (Request submission : submissions) {
            answers.add(
                    switch (submission) {
                        case Submission s -> start(exchange, s, admitted.get(next++));
                        case Faulty(RpcException error) -> failing(error);
                    });
        }
        return answers;
    }

    private Submission parse(boolean sync, Params params) throws RpcException {
        params.atMost(sync ? 2 : 1);
        long limit = context.settings().replyTimeoutMillis();
        byte[] raw = params.bytes(0);
        long wanted = sync && params.has(1) ? params.count(1) : limit;
        return new Submission(sync, raw, wanted > 0 && wanted <= limit ? wanted : limit);
    }

    private List<Admission.Result> admit(List<byte[]> raw) {
        if (raw.isEmpty()) {
            return List.of();
        }
        try {
            return context.compute(() -> raw.stream().map(admission::admit).toList());
        } catch (BusyException e) {
            Admission.Result busy = new Admission.Refused(new Rejection(Rejection.UNAVAILABLE, "busy, try again"));
            return raw.stream().map(each -> busy).toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Admission.Result stopped = new Admission.Refused(new Rejection(Rejection.UNAVAILABLE, "shutting down"));
            return raw.stream().map(each -> stopped).toList();
        } catch (Exception e) {
            throw new IllegalStateException("admission failed", e);
        }
    }

    /**
     * Checks blobs only for a sender that could pay, only as many as a block takes, and where nobody's admission waits:
     * what is invalid costs its sender nothing.
     */
    private List<Admission.Result> prove(Exchange exchange, List<Admission.Result> results) {
        List<Admission.Result> proven = new ArrayList<>(results.size());
        int blobsLeft = admission.blobsPerRequest();
        ChainReader newest = null;
        for (Admission.Result result : results) {
            if (!(result instanceof Admission.Unproven unproven)) {
                proven.add(result);
                continue;
            }
            try {
                newest = newest == null ? exchange.newestChain() : newest;
                Admission.Refused against =
                        unproven.blobs() > blobsLeft ? tooManyBlobs() : unproven.unaffordable(newest.state());
                blobsLeft -= against == null ? unproven.blobs() : 0;
                proven.add(against == null ? exchange.compute(unproven::prove) : against);
            } catch (RpcException e) {
                proven.add(new Admission.Refused(new Rejection(e.code(), String.valueOf(e.getMessage()))));
            }
        }
        return proven;
    }

    private Admission.Refused tooManyBlobs() {
        return new Admission.Refused(new Rejection(
                Rejection.UNAVAILABLE, "too many blobs in one request, permitted " + admission.blobsPerRequest()));
    }

    private Answer start(Exchange exchange, Submission submission, Admission.Result result) {
        return switch (result) {
            case Admission.Refused(Rejection reason) -> failing(new RpcException(reason.code(), reason.message()));
            case Admission.Unproven _ -> throw new IllegalStateException("blobs that nobody checked");
            case Admission.Admitted admitted -> {
                Ticket ticket = context.submit(admitted.offer());
                announceOnceAccepted(ticket, admitted);
                long deadline = context.clock().millis() + submission.timeoutMillis();
                yield out -> finish(exchange, submission, admitted.transaction(), ticket, deadline)
                        .write(out);
            }
        };
    }

    private void announceOnceAccepted(Ticket ticket, Admission.Admitted admitted) {
        Address sender = Address.of(admitted.offer().payload(), 0);
        var _ = ticket.verdict().thenAccept(verdict -> {
            if (verdict instanceof Verdict.Accepted) {
                accepted.accept(admitted.transaction(), sender);
            }
        });
    }

    private static Answer failing(RpcException error) {
        return out -> {
            throw error;
        };
    }

    private Answer finish(
            Exchange exchange, Submission submission, Transaction transaction, Ticket ticket, long deadline)
            throws RpcException {
        String hash = Hexes.data(transaction.hash());
        Verdict verdict = await(ticket.verdict(), deadline);
        switch (verdict) {
            case null -> {}
            case Verdict.Rejected(Rejection reason) -> throw new RpcException(reason.code(), reason.message());
            case Verdict.Queued _ -> {
                exchange.sent(false);
                if (submission.sync()) {
                    throw new RpcException(RpcException.NOT_READY, NOT_READY, hash);
                }
                return Answer.text(hash);
            }
            case Verdict.Accepted _ -> {}
        }
        boolean waits = submission.sync() || context.settings().sendReply() == RpcSettings.SendReply.COMMITTED;
        Outcome outcome = waits ? await(ticket.outcome(), deadline) : null;
        if (outcome instanceof Outcome.Rejected(Rejection reason)) {
            throw new RpcException(reason.code(), reason.message());
        }
        boolean committed = outcome instanceof Outcome.Applied;
        exchange.sent(committed);
        if (!submission.sync()) {
            return Answer.text(hash);
        }
        ChainReader.Place place = committed ? exchange.newestChain().find(transaction.hash()) : null;
        if (place == null) {
            throw new RpcException(
                    RpcException.TIMED_OUT,
                    "The transaction was added to the transaction pool but wasn't processed in "
                            + Hexes.duration(submission.timeoutMillis()),
                    hash);
        }
        return ChainMethods.receipt(genesis, place);
    }

    /** The result, or null if it is not there in time. */
    private <T> @Nullable T await(CompletableFuture<T> future, long deadlineMillis) throws RpcException {
        try {
            return future.get(Math.max(0, deadlineMillis - context.clock().millis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(Rejection.UNAVAILABLE, "shutting down");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a ticket failed", e);
        }
    }
}
