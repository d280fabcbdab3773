package coco.node.identity;

import coco.governance.Constitution;
import coco.governance.users.Sessions;
import coco.governance.users.UserChange;
import coco.governance.users.UsersLedgerFactory;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.Verdict;
import coco.ledgers.api.View;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The node's end of the ledger of users. Any thread. */
public final class Users {
    private final InstantSource clock;
    private final SecureRandom random;
    private volatile @Nullable LedgerContext context;

    /** @param clock service time */
    public Users(InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** Makes the ledger, and notes its context. */
    public LedgerFactory factory() {
        UsersLedgerFactory factory = new UsersLedgerFactory();
        return new LedgerFactory() {
            @Override
            public String id() {
                return factory.id();
            }

            @Override
            public Ledger create(LedgerContext ledgerContext) {
                context = ledgerContext;
                return factory.create(ledgerContext);
            }
        };
    }

    LedgerContext context() {
        LedgerContext opened = context;
        if (opened == null) {
            throw new IllegalStateException("the ledger of users is asked before the core was opened");
        }
        return opened;
    }

    long seconds() {
        return clock.instant().getEpochSecond();
    }

    /** The newest state of this node. Close it. */
    View view() {
        return context().view(Caller.ANONYMOUS);
    }

    /** What sessions are judged by in a view. */
    Sessions.At at(View view) {
        return new Sessions.At(view.state(), view.access(), view.height() + 1, seconds());
    }

    Constitution constitution() {
        try (View view = view()) {
            return Constitution.read(view.state());
        }
    }

    /** Has a change carried out, and waits for it; null once this node's state has it, else what to answer. */
    @Nullable
    Reply carryOut(UserChange change) throws InterruptedException {
        byte[] nonce = new byte[UserChange.NONCE_BYTES];
        random.nextBytes(nonce);
        Ticket ticket = context().submit(change.offer(nonce));
        try {
            long patience = context().settings().replyTimeoutMillis();
            return switch (ticket.outcome().get(patience, TimeUnit.MILLISECONDS)) {
                case Outcome.Applied _ -> null;
                case Outcome.Rejected(var reason) -> Answers.problem(reason);
                case Outcome.Expired _ -> unknown();
            };
        } catch (TimeoutException late) {
            return ticket.verdict().getNow(null) instanceof Verdict.Rejected(var reason)
                    ? Answers.problem(reason)
                    : unknown();
        } catch (ExecutionException never) {
            throw new IllegalStateException("a ticket never fails", never);
        }
    }

    private static Reply unknown() {
        return Answers.problem(503, "unavailable", "no majority has confirmed it in time; it may have been done");
    }
}
