package coco.journal;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What one ledger contributes to a block. Arrays are taken over, not copied.
 *
 * @param ledger the ledger's id, 1 to 64 bytes of UTF-8
 * @param entries the transactions in order
 * @param payload block-level bytes of the ledger, such as an Ethereum header
 * @param writes block-level private write set, serialised; for a ledger that does not split its writes by transaction,
 *     all of them
 */
public record Section(String ledger, List<Entry> entries, byte[] payload, byte[] writes) {
    static final int MAX_LEDGER_BYTES = 64;

    /** Copies the list, not the bytes. */
    public Section {
        int length = ledger.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAX_LEDGER_BYTES) {
            throw new IllegalArgumentException("a ledger id has 1 to " + MAX_LEDGER_BYTES + " bytes: " + ledger);
        }
        entries = List.copyOf(entries);
    }
}
