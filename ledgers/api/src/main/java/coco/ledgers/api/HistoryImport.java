package coco.ledgers.api;

import coco.kv.Draft;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Another network's blocks on their way into a network that is being founded. */
public interface HistoryImport {
    /**
     * Reads the next block, checks it and executes it on a draft that holds the state after the block before it.
     *
     * @return the block, whose writes the draft then has; null at the end, with the draft untouched
     * @throws LedgerException if the block is not valid; the text names it and says why
     * @throws IOException if the history cannot be read
     */
    @Nullable
    LedgerBlock next(Draft state) throws IOException;
}
