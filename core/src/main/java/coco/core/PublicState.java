package coco.core;

import coco.journal.ChainHead;
import coco.journal.MalformedException;
import coco.journal.SealedBlock;
import coco.kv.Draft;
import coco.kv.MalformedWriteSetException;
import coco.kv.Reader;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.WriteSet;

/**
 * What the service's own maps hold after a chain of blocks, from what stands in clear in them: all that can be known of
 * a journal whose secrets are not here. Believes the blocks, which somebody else has verified. One thread.
 */
public final class PublicState {
    private final Store store = new Store(ServiceMaps.ALL, StoreLimits.DEFAULT);
    private ChainHead head = ChainHead.NONE;

    /**
     * Takes the next block.
     *
     * @throws MalformedException if its public writes do not parse
     */
    public void apply(SealedBlock block) throws MalformedException {
        if (block.publicWritesLength() > PublicWrites.NONE.length) {
            Draft draft = store.draft(store.head());
            try {
                draft.apply(WriteSet.parsePart(block.publicWrites(), ServiceMaps.ALL));
            } catch (MalformedWriteSetException e) {
                draft.discard();
                throw new MalformedException("the public write set is malformed");
            }
            draft.seal().close();
        }
        head = head.next(block);
    }

    /** After the last block. */
    public Reader state() {
        return store.head();
    }

    /** The last block. */
    public ChainHead head() {
        return head;
    }
}
