package coco.ledgers.api;

import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * What a ledger sees while a network is founded: its document. There is no state to read and nobody to ask.
 *
 * @param genesisDocument the ledger's part of the genesis document
 * @param clock for ledgers that want one before there is a network
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FoundingContext(byte[] genesisDocument, InstantSource clock) implements LedgerContext {
    @Override
    public RpcSettings settings() {
        return RpcSettings.DEFAULTS;
    }

    @Override
    public AccessSettings access() {
        return AccessSettings.OPEN;
    }

    @Override
    public View view(Caller caller) {
        throw founding();
    }

    @Override
    public View linearizableView(Caller caller) {
        throw founding();
    }

    @Override
    public Ticket submit(Offer offer) {
        throw founding();
    }

    @Override
    public CompletableFuture<byte[]> askLeader(byte[] question) {
        throw founding();
    }

    @Override
    public <T> T compute(Callable<T> work) throws Exception {
        return work.call();
    }

    @Override
    public <T> T computeLong(Callable<T> work) throws Exception {
        return work.call();
    }

    @Override
    public Runnable background(Runnable work) {
        // There is nobody to tell of anything.
        return () -> {};
    }

    private static IllegalStateException founding() {
        return new IllegalStateException("a ledger may not read, submit or ask while the network is founded");
    }
}
