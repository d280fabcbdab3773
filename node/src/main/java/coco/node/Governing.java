package coco.node;

import coco.core.ServiceMaps;
import coco.governance.Constitution;
import coco.governance.Genesis;
import coco.governance.RaftNodes;
import coco.governance.ledger.Compensations;
import coco.governance.ledger.GovernanceEvent;
import coco.governance.ledger.GovernanceLedgerFactory;
import coco.governance.ledger.GovernanceListener;
import coco.governance.ledger.GovernanceOffers;
import coco.governance.ledger.History;
import coco.governance.ledger.JoinRequest;
import coco.governance.script.ScriptCall;
import coco.governance.script.ScriptEngineProcess;
import coco.governance.script.ScriptOutcome;
import coco.journal.Electorate;
import coco.journal.ServiceId;
import coco.journal.ServiceIdentity;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.EventEndpoint;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.View;
import coco.node.join.ServiceIdentities;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The administrative ledger's ends in the node: what it is told of its state, and its routes, which the administrative
 * listener serves and plain HTTP, which only who has the host reaches.
 */
final class Governing implements GovernanceListener, GovernanceLedgerFactory.Surface {
    private volatile GovernanceLedgerFactory.Surface surface = GovernanceLedgerFactory.Surface.NONE;
    private volatile GovernanceListener others = GovernanceListener.NONE;
    private volatile @Nullable LedgerContext context;
    private volatile List<Endpoint> endpoints = List.of();
    private volatile List<EventEndpoint> events = List.of();
    /** Null until the core is open: what its replay passes over is of no interest. */
    private volatile @Nullable BiConsumer<Constitution, Long> onChange;

    private volatile GovernanceListener onEvents = GovernanceListener.NONE;

    /**
     * Gives the ledger routes; before the core is opened.
     *
     * @param routes makes them
     * @param listener who else hears of events
     */
    void serve(GovernanceLedgerFactory.Surface routes, GovernanceListener listener) {
        surface = routes;
        others = listener;
    }

    /**
     * Has changes that members decide on carried out by their ledgers, those decided shortly before included.
     *
     * @param background where, as it submits
     */
    void carryOut(Compensations changes, Executor background) {
        onEvents = (height, decided) -> background.execute(() -> changes.carryOut(height, decided));
        background.execute(() -> {
            try (View view = context().view(Caller.ANONYMOUS)) {
                changes.carryOutAgain(view.state());
            }
        });
    }

    /** Tells of each constitution that comes into force, with the height of the block that changed it. */
    void onChange(BiConsumer<Constitution, Long> listener) {
        onChange = listener;
    }

    /** The same factory, whose ledger's context is noted. */
    LedgerFactory capturing(LedgerFactory factory) {
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

    /** The core, which serves applications, gets none of them. */
    @Override
    public List<Endpoint> endpoints(LedgerContext ledgerContext) {
        endpoints = List.copyOf(surface.endpoints(ledgerContext));
        return List.of();
    }

    /** The ledger of a network that is being founded. */
    static Ledgers.Administrator founding(Genesis genesis, KeyPair service) {
        byte[] serviceId = ServiceId.of(genesis.bytes(), service.getPublic());
        GovernanceLedgerFactory factory = new GovernanceLedgerFactory(new GovernanceLedgerFactory.Parts(
                serviceId,
                RaftNodes.listed(List.of()),
                new NoScripts(),
                GovernanceLedgerFactory.Surface.NONE,
                GovernanceListener.NONE));
        return new Ledgers.Administrator(factory, genesis.bytes());
    }

    /** Founding runs no rules: there is nothing to decide yet. */
    private static final class NoScripts implements ScriptEngineProcess {
        @Override
        public ScriptOutcome<String> run(ScriptCall call) {
            throw new IllegalStateException("a network that is being founded runs no rule modules");
        }

        @Override
        public void close() {}
    }

    @Override
    public List<EventEndpoint> events(LedgerContext ledgerContext) {
        events = List.copyOf(surface.events(ledgerContext));
        return List.of();
    }

    /** What the administrative listener and plain HTTP serve. */
    List<Endpoint> endpoints() {
        return endpoints;
    }

    /** The streams that they serve. */
    List<EventEndpoint> events() {
        return events;
    }

    @Override
    public void published(long height, List<GovernanceEvent> events) {
        BiConsumer<Constitution, Long> told = onChange;
        if (told == null) {
            return;
        }
        if (events.stream().anyMatch(GovernanceEvent.ConstitutionChanged.class::isInstance)) {
            told.accept(constitution(), height);
        }
        onEvents.published(height, events);
        others.published(height, events);
    }

    /** The constitution in force after the last applied block. */
    Constitution constitution() {
        try (View view = context().view(Caller.ANONYMOUS)) {
            return Constitution.read(view.state());
        }
    }

    /** The service's identities, the first one first. */
    List<ServiceIdentity> identities() {
        try (View view = context().view(Caller.ANONYMOUS)) {
            return ServiceMaps.identities(view.state());
        }
    }

    /** What begins each generation that no key endorses: who decided it, and by whose word these were the ones. */
    List<ServiceIdentities.Recovery> recoveries() {
        try (View view = context().view(Caller.ANONYMOUS)) {
            List<ServiceIdentities.Recovery> recoveries = new ArrayList<>();
            ServiceIdentity before = null;
            for (ServiceIdentity identity : ServiceMaps.identities(view.state())) {
                if (before != null && identity.isByMembers()) {
                    Electorate electorate = ServiceMaps.electorate(view.state(), before.generation());
                    History.at(view.state(), identity.height()).stream()
                            .filter(entry -> electorate != null)
                            .map(entry -> new ServiceIdentities.Recovery(
                                    identity.generation(), entry.content(), Objects.requireNonNull(electorate)))
                            .forEach(recoveries::add);
                }
                before = identity;
            }
            return recoveries;
        }
    }

    /** Nodes that asked to join and are not admitted. */
    List<JoinRequest> joins() {
        try (View view = context().view(Caller.ANONYMOUS)) {
            return JoinRequest.all(view.state());
        }
    }

    /** Has a request recorded; what becomes of it shows in {@link #joins}. */
    void record(JoinRequest request) {
        context().submit(GovernanceOffers.join(request));
    }

    private LedgerContext context() {
        LedgerContext opened = context;
        if (opened == null) {
            throw new IllegalStateException("the administrative ledger is asked before the core was opened");
        }
        return opened;
    }
}
