package coco.journal;

/** What came of reading a committed block of this node's own journal once more: its content, or a refusal. */
public sealed interface RereadResult permits RereadResult.Content, OpenResult.Refusal {
    /**
     * The content is the one that was committed.
     *
     * @param content the private part
     */
    record Content(BlockContent content) implements RereadResult {}
}
