package coco.ledgers.ethereum.chain;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import coco.evm.trie.MerklePatricia;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An account as its map holds it: the RLP of [nonce, balance, storage root, code hash], where the last two are empty
 * for the great majority that has neither, which halves such an entry. The trie's leaf has them in full.
 *
 * @param nonce unsigned
 * @param balance wei
 * @param storageRoot 32 bytes; null for no storage
 * @param codeHash 32 bytes; null for no code
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by encoding only.
record Account(long nonce, Word balance, byte @Nullable [] storageRoot, byte @Nullable [] codeHash) {
    static final byte[] NO_STORAGE = MerklePatricia.emptyRoot();
    static final byte[] NO_CODE =
            HexFormat.of().parseHex("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");

    private static final byte[] ABSENT = {};
    private static final int HASH_ITEM = 33;

    byte[] encode() {
        RlpWriter out = new RlpWriter(112).beginList().unsigned(nonce);
        if (balance.fitsLong()) {
            out.unsigned(balance.l0());
        } else {
            out.unsigned(balance.toBytes32());
        }
        return out.string(storageRoot == null ? ABSENT : storageRoot)
                .string(codeHash == null ? ABSENT : codeHash)
                .endList()
                .toBytes();
    }

    static Account decode(byte[] bytes) {
        try {
            RlpReader in = new RlpReader(bytes);
            in.enterList();
            long nonce = in.unsigned64();
            Word balance = Word.ofBytes32(in.unsigned256(), 0);
            byte[] storageRoot = in.stringOrEmpty(32);
            byte[] codeHash = in.stringOrEmpty(32);
            in.leaveList();
            in.finish();
            return new Account(
                    nonce,
                    balance,
                    storageRoot.length == 0 ? null : storageRoot,
                    codeHash.length == 0 ? null : codeHash);
        } catch (RlpException e) {
            throw new LedgerException("an account in the state is damaged", e);
        }
    }

    /**
     * The leaf of the state trie: the same list with both hashes in full. Works on bytes, as it is called per hashing.
     */
    static int expand(byte[] slim, int length, byte[] out) {
        int at = (slim[0] & 0xff) < 0xf8 ? 1 : 2;
        int numbers = at;
        at += itemLength(slim[at]);
        at += itemLength(slim[at]);
        int payload = at - numbers + 2 * HASH_ITEM;
        out[0] = (byte) 0xf8;
        out[1] = (byte) payload;
        System.arraycopy(slim, numbers, out, 2, at - numbers);
        int to = 2 + at - numbers;
        at = expandHash(slim, at, NO_STORAGE, out, to);
        at = expandHash(slim, at, NO_CODE, out, to + HASH_ITEM);
        if (at != length) {
            throw new LedgerException("an account in the state is damaged");
        }
        return 2 + payload;
    }

    private static int expandHash(byte[] slim, int at, byte[] absent, byte[] out, int to) {
        out[to] = (byte) 0xa0;
        int item = itemLength(slim[at]);
        if (item == 1) {
            System.arraycopy(absent, 0, out, to + 1, 32);
        } else {
            System.arraycopy(slim, at + 1, out, to + 1, 32);
        }
        return at + item;
    }

    private static int itemLength(byte prefix) {
        return prefix >= 0 ? 1 : 1 + (prefix & 0xff) - 0x80;
    }
}
