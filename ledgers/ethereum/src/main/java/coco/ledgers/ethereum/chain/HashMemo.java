package coco.ledgers.ethereum.chain;

import coco.crypto.Keccak256;
import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the hashes of recently used slots: a slot that is read and then written would be hashed twice.
 * Direct-mapped and bounded: a newer slot takes the place of an older one. One thread.
 */
final class HashMemo {
    private static final int SIZE = 1 << 12;

    private final @Nullable Word[] words = new Word[SIZE];
    private final byte[] hashes = new byte[SIZE * 32];
    private final byte[] input = new byte[32];

    /** Writes keccak256 of the word's 32 bytes at {@code offset}. */
    void hash(Word word, byte[] out, int offset) {
        int place = word.hashCode() & (SIZE - 1);
        if (!word.equals(words[place])) {
            word.writeTo(input, 0);
            Keccak256.hash(input, 0, 32, hashes, place * 32);
            words[place] = word;
        }
        System.arraycopy(hashes, place * 32, out, offset, 32);
    }
}
