package coco.systemtests.fuzzing;

import coco.crypto.Secp256k1;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Block;
import coco.evm.types.Bloom;
import coco.evm.types.Header;
import coco.evm.types.Log;
import coco.evm.types.Receipt;
import coco.evm.types.Transaction;
import coco.evm.types.Withdrawal;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Valid Ethereum objects of every kind, for mutators to spoil. */
final class Samples {
    private static final Secp256k1 CURVE = Secp256k1.fastest();
    private static final byte[] SECRET = filled(32, 7);
    private static final Address SOMEBODY = Address.of(0xdead_beefL);

    private Samples() {}

    static List<Transaction> transactions() {
        List<Transaction> transactions = new ArrayList<>();
        for (Transaction.Type type : Transaction.Type.values()) {
            for (int variant = 0; variant < 3; variant++) {
                transactions.add(transaction(type, variant));
            }
        }
        transactions.add(Transaction.builder(Transaction.Type.LEGACY)
                .nonce(3)
                .gasPrice(Word.ONE)
                .gasLimit(21_000)
                .to(SOMEBODY)
                .sign(CURVE, SECRET));
        return transactions;
    }

    private static Transaction transaction(Transaction.Type type, int variant) {
        Transaction.Builder builder = Transaction.builder(type)
                .chainId(1337)
                .nonce(variant * 1_000L)
                .gasLimit(100_000L << (8 * variant))
                .to(variant == 1 && type.code() < 3 ? null : SOMEBODY)
                .value(variant == 0 ? Word.ZERO : Word.of(1L << 40))
                .data(filled(variant * 60, 5));
        if (type.code() < 2) {
            builder.gasPrice(Word.of(7));
        } else {
            builder.fees(Word.ONE, Word.of(1_000));
        }
        if (type.code() >= 1) {
            builder.accessList(List.of(new AccessListEntry(SOMEBODY, List.of(Word.ONE, Word.MAX))));
        }
        if (type == Transaction.Type.BLOB) {
            byte[] hash = filled(32, 9);
            hash[0] = 1;
            builder.blobs(Word.ONE, List.of(hash));
        }
        if (type == Transaction.Type.SET_CODE) {
            builder.authorizations(List.of(new Authorization(Word.of(1337), SOMEBODY, 4, 1, Word.of(99), Word.of(98))));
        }
        return builder.sign(CURVE, SECRET);
    }

    static List<Receipt> receipts() {
        Log log = new Log(SOMEBODY, List.of(filled(32, 1), filled(32, 2)), filled(70, 3));
        return List.of(
                Receipt.of(Transaction.Type.LEGACY, true, 21_000, List.of()),
                Receipt.of(Transaction.Type.DYNAMIC_FEE, true, 90_000, List.of(log, log)),
                Receipt.of(Transaction.Type.SET_CODE, false, -1, List.of()),
                new Receipt(Transaction.Type.LEGACY, false, filled(32, 9), 0, List.of(log), new Bloom()));
    }

    static List<Header> headers() {
        return List.of(header(0), header(1), header(2), header(3));
    }

    /** Each later kind has the fields of one more fork. */
    private static Header header(int kind) {
        return new Header(
                filled(32, 1),
                Header.NO_OMMERS,
                SOMEBODY,
                filled(32, 2),
                filled(32, 3),
                filled(32, 4),
                new Bloom(),
                Word.ZERO,
                77,
                30_000_000,
                21_000,
                1_800_000_000,
                filled(32, 5),
                filled(32, 6),
                new byte[8],
                kind >= 1 ? Word.of(7) : null,
                kind >= 2 ? filled(32, 7) : null,
                kind >= 3 ? 0L : null,
                kind >= 3 ? 131_072L : null,
                kind >= 3 ? filled(32, 8) : null,
                kind >= 3 ? Header.NO_REQUESTS : null);
    }

    static List<Block> blocks() {
        List<Transaction> transactions = transactions();
        return List.of(
                new Block(header(3), transactions, List.of(), List.of(new Withdrawal(1, 2, SOMEBODY, 3))),
                new Block(header(1), transactions.subList(0, 1), List.of(header(0)), null),
                new Block(header(2), List.of(), List.of(), List.of()));
    }

    static byte[] filled(int length, int octet) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) octet);
        return bytes;
    }
}
