package coco.governance.ledger;

import coco.crypto.Sha256;
import coco.governance.Action;
import coco.governance.GovernanceLimits;
import coco.governance.GovernanceMaps;
import coco.governance.document.CanonicalJson;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.kv.Cursor;
import coco.kv.Reader;
import coco.kv.Transaction;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands changes of state that members decided on to the ledgers that they are for. Every node does, and does it again
 * after a start; a ledger executes each once.
 */
public final class Compensations {
    private static final int ID_BYTES = 32;
    private static final int KEY_BYTES = Long.BYTES + ID_BYTES + Integer.BYTES;
    private static final byte[] LABEL = "coco compensation v2\0".getBytes(StandardCharsets.US_ASCII);

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

    /**
     * Records the compensations of a proposal that takes effect, for nodes that start, and forgets old ones.
     *
     * @param height of the block
     */
    static void record(Transaction state, long height, String proposal, List<Action.Compensate> compensations) {
        byte[] id = HexFormat.of().parseHex(proposal);
        for (int number = 0; number < compensations.size(); number++) {
            Action.Compensate each = compensations.get(number);
            byte[] key = ByteBuffer.allocate(KEY_BYTES)
                    .putLong(height)
                    .put(id)
                    .putInt(number)
                    .array();
            state.put(
                    GovernanceMaps.COMPENSATIONS,
                    key,
                    CanonicalJson.write(
                                    Documents.object()
                                            .put("ledger", each.ledger())
                                            .put("change", each.change()),
                                    "")
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Forgets those that have reached every ledger long ago. */
    static void forget(Transaction state, long height) {
        byte[] end = ByteBuffer.allocate(Long.BYTES)
                .putLong(Math.max(0, height - GovernanceLimits.COMPENSATION_BLOCKS))
                .array();
        List<byte[]> over = new ArrayList<>();
        Cursor cursor = state.scan(GovernanceMaps.COMPENSATIONS, new byte[0], end);
        while (over.size() < GovernanceLimits.ACTIONS && cursor.next()) {
            over.add(cursor.key());
        }
        over.forEach(key -> state.remove(GovernanceMaps.COMPENSATIONS, key));
    }

    /** Carries out what a block decided. Not on the thread that makes blocks: it submits. */
    public void carryOut(long height, List<GovernanceEvent> events) {
        Map<String, Integer> numbers = new HashMap<>();
        for (GovernanceEvent event : events) {
            if (event instanceof GovernanceEvent.Compensated(String proposal, String ledger, String change, var why)) {
                int number = numbers.merge(proposal, 1, Integer::sum) - 1;
                carryOut(new Decided(height, proposal, number, ledger, change));
            }
        }
    }

    /** Carries out again what was decided shortly before; for a node that has started. */
    public void carryOutAgain(Reader state) {
        Cursor cursor = state.scanPrefix(GovernanceMaps.COMPENSATIONS, new byte[0]);
        List<Decided> decided = new ArrayList<>();
        while (cursor.next()) {
            ByteBuffer key = ByteBuffer.wrap(cursor.key());
            long height = key.getLong();
            byte[] proposal = new byte[ID_BYTES];
            key.get(proposal);
            Fields fields = new Fields(Documents.json(cursor.value(), ""), "");
            decided.add(new Decided(
                    height,
                    HexFormat.of().formatHex(proposal),
                    key.getInt(),
                    fields.text("ledger"),
                    fields.text("change")));
        }
        decided.forEach(this::carryOut);
    }

    /**
     * One change that was decided.
     *
     * @param number among its proposal's
     */
    private record Decided(long height, String proposal, int number, String ledger, String change) {}

    private void carryOut(Decided event) {
        Ledger ledger = ledgers.apply(event.ledger());
        if (ledger == null) {
            log.accept("a change was decided for the ledger " + event.ledger() + ", which does not run here");
            return;
        }
        byte[] decision = Sha256.hash(
                LABEL,
                HexFormat.of().parseHex(event.proposal()),
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                        .putLong(event.height())
                        .putInt(event.number())
                        .array());
        try {
            submit.accept(ledger.compensation(decision, HexFormat.of().parseHex(event.change())));
        } catch (LedgerException refused) {
            log.accept("the ledger " + event.ledger() + " does not take the change that proposal " + event.proposal()
                    + " decided: " + refused.getMessage());
        }
    }
}
