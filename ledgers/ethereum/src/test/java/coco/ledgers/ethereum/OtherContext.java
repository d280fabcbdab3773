package coco.ledgers.ethereum;

import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.Offer;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.View;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** A node's context with something else in place of a part of it. */
abstract class OtherContext implements LedgerContext {
    private final LedgerContext node;

    OtherContext(LedgerContext node) {
        this.node = node;
    }

    @Override
    public byte[] genesisDocument() {
        return node.genesisDocument();
    }

    @Override
    public RpcSettings settings() {
        return node.settings();
    }

    @Override
    public AccessSettings access() {
        return node.access();
    }

    @Override
    public InstantSource clock() {
        return node.clock();
    }

    @Override
    public View view(Caller caller) {
        return node.view(caller);
    }

    @Override
    public View linearizableView(Caller caller) throws InterruptedException {
        return node.linearizableView(caller);
    }

    @Override
    public Ticket submit(Offer offer) {
        return node.submit(offer);
    }

    @Override
    public CompletableFuture<byte[]> askLeader(byte[] question) {
        return node.askLeader(question);
    }

    @Override
    public <T> T compute(Callable<T> work) throws Exception {
        return node.compute(work);
    }

    @Override
    public <T> T computeLong(Callable<T> work) throws Exception {
        return node.computeLong(work);
    }

    @Override
    public Runnable background(Runnable work) {
        return node.background(work);
    }
}
