package coco.evm.types;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a block commits to about one transaction's execution (EIP-658, EIP-2718).
 *
 * @param type the transaction's type
 * @param success whether it ran to its end; meaningless where there is a {@code postState}
 * @param postState the state root after the transaction, as receipts before Byzantium had it; null since
 * @param cumulativeGasUsed gas used in the block up to and with this transaction, unsigned
 * @param logs the events, none where it failed
 * @param bloom the filter over the logs
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by encoding only.
public record Receipt(
        Transaction.Type type,
        boolean success,
        byte @Nullable [] postState,
        long cumulativeGasUsed,
        List<Log> logs,
        Bloom bloom) {
    public Receipt {
        logs = List.copyOf(logs);
    }

    /** A receipt with a status, its filter computed. */
    public static Receipt of(Transaction.Type type, boolean success, long cumulativeGasUsed, List<Log> logs) {
        return new Receipt(type, success, null, cumulativeGasUsed, logs, Bloom.ofLogs(logs));
    }

    /** The encoding that the receipts root is made of: the type's byte (none for legacy) and a list. */
    public byte[] encode() {
        RlpWriter out = new RlpWriter(320 + 128 * logs.size());
        writeTo(out);
        return out.toBytes();
    }

    /** Appends what {@link #encode} gives. */
    public void writeTo(RlpWriter out) {
        if (type != Transaction.Type.LEGACY) {
            out.raw(type.code());
        }
        out.beginList();
        if (postState != null) {
            out.string(postState);
        } else {
            out.unsigned(success ? 1 : 0);
        }
        out.unsigned(cumulativeGasUsed).string(bloom.bytes()).beginList();
        byte[] address = new byte[Address.SIZE];
        for (Log log : logs) {
            log.address().writeTo(address, 0);
            out.beginList().string(address).beginList();
            for (byte[] topic : log.topics()) {
                out.string(topic);
            }
            out.endList().string(log.data()).endList();
        }
        out.endList().endList();
    }

    /**
     * Decodes what {@link #encode} gives.
     *
     * @throws MalformedException if the bytes are not the canonical encoding of a receipt
     */
    public static Receipt decode(byte[] bytes) throws MalformedException {
        int first = bytes.length == 0 ? 0 : bytes[0] & 0xff;
        boolean typed = first < 0xc0;
        Transaction.Type type = !typed ? Transaction.Type.LEGACY : first == 0 ? null : Transaction.Type.of(first);
        if (type == null) {
            throw new MalformedException("receipt type not supported");
        }
        int skip = typed ? 1 : 0;
        try {
            RlpReader in = new RlpReader(bytes, skip, bytes.length - skip);
            Receipt receipt = read(type, in);
            in.finish();
            return receipt;
        } catch (RlpException e) {
            throw new MalformedException(e);
        }
    }

    private static Receipt read(Transaction.Type type, RlpReader in) throws RlpException, MalformedException {
        in.enterList();
        byte[] outcome = in.string();
        boolean success = outcome.length == 1 && outcome[0] == 1;
        if (!success && outcome.length != 0 && outcome.length != 32) {
            throw new MalformedException("receipt status not canonical");
        }
        long cumulativeGasUsed = in.unsigned64();
        Bloom bloom = Bloom.of(in.string(Bloom.SIZE));
        List<Log> logs = new ArrayList<>();
        in.enterList();
        while (in.hasNext()) {
            logs.add(readLog(in));
        }
        in.leaveList();
        in.leaveList();
        return new Receipt(type, success, outcome.length == 32 ? outcome : null, cumulativeGasUsed, logs, bloom);
    }

    private static Log readLog(RlpReader in) throws RlpException, MalformedException {
        in.enterList();
        Address address = Address.of(in.string(Address.SIZE));
        List<byte[]> topics = new ArrayList<>(4);
        in.enterList();
        while (in.hasNext()) {
            topics.add(in.string(32));
        }
        in.leaveList();
        if (topics.size() > 4) {
            throw new MalformedException("a log has at most four topics");
        }
        byte[] data = in.string();
        in.leaveList();
        return new Log(address, topics, data);
    }
}
