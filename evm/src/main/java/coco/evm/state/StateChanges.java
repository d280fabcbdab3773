package coco.evm.state;

import coco.evm.types.Address;
import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/**
 * Is told what one transaction changed: first every destroyed account, then every changed account, then every changed
 * slot, each once, in the order in which the transaction first touched them. Nothing that ends as it began is told.
 */
public interface StateChanges {
    /** The account that existed before the transaction is gone, and all of its slots with it. */
    void accountDestroyed(Address address);

    /**
     * The account is new, or one of its fields is different.
     *
     * @param codeHash 32 bytes, not to be written to
     * @param newCode the code, where the transaction changed it; the receiver may keep it
     */
    void accountChanged(Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode);

    /** The slot has this value now; zero means that it is to be removed. */
    void slotChanged(Address address, Word key, Word value);
}
