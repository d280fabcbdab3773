package coco.governance.ledger;

import coco.crypto.Sha256;
import coco.kv.Reader;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands changes of state that members decided on to the ledgers that they are for. Every node does, and does it again
 * after a start; a ledger executes each once.
 */
public final class Compensations {
    /** Blocks before the newest in which a node that starts looks for changes that may not have reached a ledger. */
    private static final long LOOK_BACK = 1_024;

    private static final byte[] LABEL = "coco compensation v1\0".getBytes(StandardCharsets.US_ASCII);

    private final Function<String, @Nullable Ledger> ledgers;
    private final Consumer<Offer> submit;
    private final Consumer<String> log;

    /**
     * Does nothing yet.
     *
     * @param ledgers the service's ledgers by id
     * @param submit hands an offer to the leader; what becomes of it is in the ledger's blocks
     * @param log hears of changes that a ledger does not take, without their content
     */
    public Compensations(Function<String, @Nullable Ledger> ledgers, Consumer<Offer> submit, Consumer<String> log) {
        this.ledgers = ledgers;
        this.submit = submit;
        this.log = log;
    }

    /** Carries out what a block decided. Not on the thread that makes blocks: it submits. */
    public void carryOut(long height, List<GovernanceEvent> events) {
        int ordinal = 0;
        for (GovernanceEvent event : events) {
            if (event instanceof GovernanceEvent.Compensated compensated) {
                carryOut(height, ordinal, compensated);
            }
            ordinal++;
        }
    }

    /** Carries out again what was decided shortly before; for a node that has started. */
    public void carryOutAgain(Reader state, long height) {
        for (long at = Math.max(0, height - LOOK_BACK); at <= height; at++) {
            List<GovernanceEvent> events = History.at(state, at).stream()
                    .flatMap(entry -> GovernanceEvent.of(entry).stream())
                    .toList();
            carryOut(at, events);
        }
    }

    private void carryOut(long height, int ordinal, GovernanceEvent.Compensated event) {
        Ledger ledger = ledgers.apply(event.ledger());
        if (ledger == null) {
            log.accept("a change was decided for the ledger " + event.ledger() + ", which does not run here");
            return;
        }
        byte[] decision = Sha256.hash(
                LABEL,
                HexFormat.of().parseHex(event.proposal()),
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                        .putLong(height)
                        .putInt(ordinal)
                        .array());
        try {
            submit.accept(ledger.compensation(decision, HexFormat.of().parseHex(event.change())));
        } catch (LedgerException refused) {
            log.accept("the ledger " + event.ledger() + " does not take the change that proposal " + event.proposal()
                    + " decided: " + refused.getMessage());
        }
    }
}
