package coco.governance.ledger;

import coco.governance.RaftNodes;
import coco.governance.script.ScriptEngineProcess;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.EventEndpoint;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;
import java.util.List;

/** Makes the administrative ledger. Not found by the service loader: every service has it, and it needs parts. */
public final class GovernanceLedgerFactory implements LedgerFactory {
    /** See {@link Ledger#id}. */
    public static final String ID = "governance";

    private final Parts parts;

    /** With these parts. */
    public GovernanceLedgerFactory(Parts parts) {
        this.parts = parts;
    }

    /**
     * What the ledger needs from its node.
     *
     * @param serviceId 32 bytes, part of everything that is signed
     * @param raftNodes what this node knows of consensus; asked on the leader
     * @param scripts runs rule modules
     * @param surface makes the HTTP routes
     * @param listener hears on every node what was decided
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Parts(
            byte[] serviceId,
            RaftNodes raftNodes,
            ScriptEngineProcess scripts,
            Surface surface,
            GovernanceListener listener) {}

    /** Makes the routes of the ledger. */
    @FunctionalInterface
    public interface Surface {
        /** No routes: for tools and tests. */
        Surface NONE = context -> List.of();

        List<Endpoint> endpoints(LedgerContext context);

        /** Where clients listen to what happens. */
        default List<EventEndpoint> events(LedgerContext context) {
            return List.of();
        }
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Ledger create(LedgerContext context) {
        return new GovernanceLedger(parts, context);
    }
}
