package coco.evm.transition;

import coco.evm.types.AccessListEntry;
import coco.evm.types.Fork;

/** What a transaction costs before anything runs, and what it costs at least (EIP-2, 2028, 2930, 3860, 7623, 7702). */
public final class IntrinsicGas {
    private static final long TRANSACTION = 21_000;
    private static final long CREATION = 32_000;
    private static final long ZERO_BYTE = 4;
    private static final long INIT_CODE_WORD = 2;
    private static final long LISTED_ADDRESS = 2_400;
    private static final long LISTED_SLOT = 1_900;
    static final long AUTHORIZATION = 25_000;
    private static final long FLOOR_TOKEN = 10;
    private static final long TOKENS_OF_NONZERO_BYTE = 4;

    private IntrinsicGas() {}

    /** What is charged before the first instruction. */
    public static long of(TransactionMessage tx, Fork fork) {
        long nonZero = nonZeroBytes(tx.data());
        long gas = TRANSACTION
                + ZERO_BYTE * (tx.data().length - nonZero)
                + (fork.has(Fork.ISTANBUL) ? 16 : 68) * nonZero
                + AUTHORIZATION * tx.authorizations().size();
        if (tx.to() == null) {
            gas += fork.has(Fork.HOMESTEAD) ? CREATION : 0;
            gas += fork.has(Fork.SHANGHAI) ? INIT_CODE_WORD * ((tx.data().length + 31L) >>> 5) : 0;
        }
        for (AccessListEntry entry : tx.accessList()) {
            gas += LISTED_ADDRESS + LISTED_SLOT * entry.storageKeys().size();
        }
        return gas;
    }

    /** What is charged at least, however little was executed (EIP-7623); zero before Prague. */
    public static long floor(TransactionMessage tx, Fork fork) {
        if (!fork.has(Fork.PRAGUE)) {
            return 0;
        }
        long nonZero = nonZeroBytes(tx.data());
        long tokens = tx.data().length - nonZero + TOKENS_OF_NONZERO_BYTE * nonZero;
        return TRANSACTION + FLOOR_TOKEN * tokens;
    }

    private static long nonZeroBytes(byte[] data) {
        long count = 0;
        for (byte b : data) {
            count += b == 0 ? 0 : 1;
        }
        return count;
    }
}
