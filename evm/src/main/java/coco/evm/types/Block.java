package coco.evm.types;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole block as Ethereum's clients exchange it.
 *
 * @param header the header
 * @param transactions in order
 * @param ommers headers of ommers, none since Paris
 * @param withdrawals null before Shanghai
 */
public record Block(
        Header header,
        List<Transaction> transactions,
        List<Header> ommers,
        @Nullable List<Withdrawal> withdrawals) {
    public Block {
        transactions = List.copyOf(transactions);
        ommers = List.copyOf(ommers);
        withdrawals = withdrawals == null ? null : List.copyOf(withdrawals);
    }

    /** The block's RLP. */
    public byte[] encode() {
        RlpWriter out = new RlpWriter(1024);
        out.beginList();
        header.writeTo(out);
        out.beginList();
        for (Transaction transaction : transactions) {
            if (transaction.type() == Transaction.Type.LEGACY) {
                out.raw(transaction.encoded());
            } else {
                out.string(transaction.encoded());
            }
        }
        out.endList().beginList();
        ommers.forEach(ommer -> ommer.writeTo(out));
        out.endList();
        if (withdrawals != null) {
            out.beginList();
            withdrawals.forEach(withdrawal -> withdrawal.writeTo(out));
            out.endList();
        }
        return out.endList().toBytes();
    }

    /**
     * Decodes what {@link #encode} gives.
     *
     * @throws MalformedException if the bytes are not the canonical encoding of a block
     */
    public static Block decode(byte[] bytes) throws MalformedException {
        try {
            RlpReader in = new RlpReader(bytes);
            Block block = read(in);
            in.finish();
            return block;
        } catch (RlpException e) {
            throw new MalformedException(e);
        }
    }

    private static Block read(RlpReader in) throws RlpException, MalformedException {
        in.enterList();
        Header header = Header.read(in);
        List<Transaction> transactions = new ArrayList<>();
        in.enterList();
        while (in.hasNext()) {
            boolean legacy = in.isList();
            byte[] encoded = legacy ? in.encodedItem() : in.string();
            Transaction transaction = Transaction.decode(encoded);
            if (legacy != (transaction.type() == Transaction.Type.LEGACY)) {
                throw new MalformedException("a legacy transaction wrapped in a string");
            }
            transactions.add(transaction);
        }
        in.leaveList();
        List<Header> ommers = new ArrayList<>();
        in.enterList();
        while (in.hasNext()) {
            ommers.add(Header.read(in));
        }
        in.leaveList();
        List<Withdrawal> withdrawals = in.hasNext() ? readWithdrawals(in) : null;
        in.leaveList();
        return new Block(header, transactions, ommers, withdrawals);
    }

    private static List<Withdrawal> readWithdrawals(RlpReader in) throws RlpException {
        List<Withdrawal> withdrawals = new ArrayList<>();
        in.enterList();
        while (in.hasNext()) {
            withdrawals.add(Withdrawal.read(in));
        }
        in.leaveList();
        return withdrawals;
    }
}
