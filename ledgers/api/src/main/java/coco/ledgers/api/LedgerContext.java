package coco.ledgers.api;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** What Coco offers to a ledger. All methods may be called by any thread. */
public interface LedgerContext {
    /** This ledger's part of the genesis document, as it was given when the network was made. */
    byte[] genesisDocument();

    /** What the operator and the constitution set for requests. */
    RpcSettings settings();

    /** What is in force after the last applied block. */
    AccessSettings access();

    InstantSource clock();

    /** The committed state as this caller may see it. Close it: an open view keeps old state in memory. */
    View view(Caller caller);

    /**
     * The same, of a state at least as new as everything that was acknowledged anywhere before this call. Costs a round
     * trip to a majority, shared by all that wait for one; waits for it. The view is opened afterwards, so that whoever
     * gives up waiting leaves none open.
     *
     * @throws UnavailableException if no majority confirms the state within the time of one call
     */
    View linearizableView(Caller caller) throws InterruptedException;

    /** Hands a transaction to the leader, wherever that is. */
    Ticket submit(Offer offer);

    /**
     * Puts a question to this ledger on the leader; see {@link Ledger#answer}. Fails with a {@link LedgerException}
     * when no leader answers in time.
     */
    CompletableFuture<byte[]> askLeader(byte[] question);

    /**
     * Has it recorded that an auditor asks for something by its grant, and waits until that is committed. To be called
     * before anything is answered that the grant shows; the same question in the same minute costs nothing more.
     *
     * @param kind of question, such as the name of a method: a letter, then letters, digits, {@code _} and {@code -}
     * @param names contracts or keys that it names, as in {@link AccessSettings.ContractRule}; empty if it is about the
     *     whole ledger
     * @throws UnavailableException if it cannot be recorded now, or the grant is over: then nothing may be answered
     */
    default void recordUse(Caller.Auditor auditor, String kind, List<String> names) {
        throw new UnavailableException("nobody records here how grants are used");
    }

    /**
     * Runs work that needs a processor for milliseconds at most, such as recovering signatures, on a small pool of
     * platform threads, and waits for it. Admission runs here, so nothing long may.
     *
     * @throws BusyException if too much is waiting already
     */
    <T> T compute(Callable<T> work) throws Exception;

    /**
     * The same for work that may take seconds: simulated calls and scans. It runs on threads of its own, which are
     * fewer, so that admission never waits for it. The work minds a deadline itself.
     *
     * @throws BusyException if too much is waiting already
     */
    <T> T computeLong(Callable<T> work) throws Exception;

    /**
     * Prepares work of the ledger's own that nobody waits for, such as telling subscribers of a block. Running what is
     * returned never waits: {@code work} then runs soon, on a thread that is not Coco's; never twice at a time, and
     * once more if it was asked for while it ran.
     */
    Runnable background(Runnable work);
}
