package coco.cli.bench;

import coco.client.load.RequestBuffer;
import coco.client.load.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Signed transfers, cut into JSON-RPC batches. Account {@code a} belongs to connection {@code a mod connections}; each
 * connection goes round its accounts, so that the next transaction of an account is far behind the one before it.
 */
final class EthereumBatches implements Workload {
    private static final String OPEN = "{\"jsonrpc\":\"2.0\",\"id\":";
    private static final String METHOD = ",\"method\":\"eth_sendRawTransaction\",\"params\":[\"0x";
    private static final String CLOSE = "\"]}";

    /** By connection and batch, the signed transactions. */
    private final List<byte[][][]> batches;

    private EthereumBatches(List<byte[][][]> batches) {
        this.batches = batches;
    }

    /**
     * Signs everything.
     *
     * @param accounts senders and recipients are 0 to this
     * @param transfer makes the transaction of one sender, nonce and recipient
     * @param total transactions of all connections together
     */
    static EthereumBatches sign(int accounts, Transfer transfer, int total, int connections, int batch, long seed) {
        List<byte[][][]> all = new ArrayList<>();
        int perConnection = Math.ceilDiv(total, connections);
        for (int connection = 0; connection < connections; connection++) {
            byte[][] signed = signAll(accounts, transfer, perConnection, connection, connections, seed);
            byte[][][] cut = new byte[Math.ceilDiv(perConnection, batch)][][];
            for (int i = 0; i < cut.length; i++) {
                cut[i] = Arrays.copyOfRange(signed, i * batch, Math.min((i + 1) * batch, perConnection));
            }
            all.add(cut);
        }
        return new EthereumBatches(all);
    }

    private static byte[][] signAll(
            int accounts, Transfer transfer, int count, int connection, int connections, long seed) {
        int owned = (accounts - connection + connections - 1) / connections;
        Random random = new Random(seed + connection);
        int[] recipients = random.ints(count, 0, accounts).toArray();
        byte[][] signed = new byte[count][];
        IntStream.range(0, count).parallel().forEach(i -> {
            int sender = connection + connections * (i % owned);
            signed[i] = transfer.sign(sender, i / owned, recipients[i]);
        });
        return signed;
    }

    @Override
    public String path() {
        return "/";
    }

    @Override
    public int batches(int connection) {
        return batches.get(connection).length;
    }

    @Override
    public int transactions(int connection, int batch) {
        return batches.get(connection)[batch].length;
    }

    @Override
    public void write(int connection, int batch, RequestBuffer request) {
        byte[][] transactions = batches.get(connection)[batch];
        if (transactions.length == 1) {
            call(request, 1, transactions[0]);
            return;
        }
        request.ascii("[");
        for (int i = 0; i < transactions.length; i++) {
            call(request.ascii(i == 0 ? "" : ","), i + 1, transactions[i]);
        }
        request.ascii("]");
    }

    /** The transactions of a batch. */
    List<byte[]> sent(int connection, int batch) {
        return List.of(batches.get(connection)[batch]);
    }

    private static void call(RequestBuffer request, int id, byte[] transaction) {
        request.ascii(OPEN).decimal(id).ascii(METHOD).hex(transaction).ascii(CLOSE);
    }

    @Override
    public int accepted(byte[] body, int length, int transactions) {
        return Math.min(transactions, Occurrences.count(body, length, "\"result\""));
    }

    /** Makes one signed transfer. Called by several threads. */
    @FunctionalInterface
    interface Transfer {
        byte[] sign(int sender, int nonce, int recipient);
    }
}
