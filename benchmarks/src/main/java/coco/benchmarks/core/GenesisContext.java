package coco.benchmarks.core;

import coco.ledgers.api.Caller;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.View;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** What a ledger gets where only its genesis is wanted. */
record GenesisContext(byte[] genesisDocument) implements LedgerContext {
    private static LedgerException unconnected() {
        return new LedgerException("no network yet");
    }

    @Override
    public RpcSettings settings() {
        return RpcSettings.DEFAULTS;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public View view(Caller caller) {
        throw unconnected();
    }

    @Override
    public View linearizableView(Caller caller) {
        throw unconnected();
    }

    @Override
    public Ticket submit(Offer offer) {
        throw unconnected();
    }

    @Override
    public CompletableFuture<byte[]> askLeader(byte[] question) {
        throw unconnected();
    }

    @Override
    public <T> T compute(Callable<T> work) throws Exception {
        return work.call();
    }

    @Override
    public <T> T computeLong(Callable<T> work) throws Exception {
        return work.call();
    }
}
