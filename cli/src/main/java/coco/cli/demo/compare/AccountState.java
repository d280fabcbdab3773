package coco.cli.demo.compare;

import coco.evm.types.Word;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An account before a block.
 *
 * @param nonce unsigned
 * @param balance wei
 * @param codeHash of its code, hexadecimal with 0x; null if it has none
 * @param storage the slots that the block reads or writes; zero for one that was empty
 */
record AccountState(long nonce, Word balance, @Nullable String codeHash, SortedMap<Word, Word> storage) {
    AccountState {
        storage = Collections.unmodifiableSortedMap(new TreeMap<>(storage));
    }

    /** EIP-161: what counts as not there. */
    boolean isEmpty() {
        return nonce == 0 && balance.isZero() && codeHash == null;
    }

    /** The same account with slots that a later block names beside these. */
    AccountState withMore(SortedMap<Word, Word> later) {
        TreeMap<Word, Word> all = new TreeMap<>(later);
        all.putAll(storage);
        return new AccountState(nonce, balance, codeHash, all);
    }

    AccountState withNonce(long other) {
        return new AccountState(other, balance, codeHash, storage);
    }
}
