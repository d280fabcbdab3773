package coco.cli.bench;

import coco.client.load.RequestBuffer;
import coco.client.load.Workload;
import java.util.Random;

/**
 * Puts of the key-value ledger: keys drawn evenly from as many as there would be accounts, values of 64 bytes, about
 * what a transfer changes. Written as they are sent; there is nothing to sign.
 *
 * @param batchesPerConnection how many there are
 * @param batch puts of one request
 * @param keys how many different keys
 * @param seed makes two runs alike
 */
record KvBatches(int batchesPerConnection, int batch, int keys, long seed) implements Workload {
    private static final String VALUE = "0123456789abcdef".repeat(4);

    @Override
    public String path() {
        return "/kv";
    }

    @Override
    public int batches(int connection) {
        return batchesPerConnection;
    }

    @Override
    public int transactions(int connection, int number) {
        return batch;
    }

    @Override
    public void write(int connection, int number, RequestBuffer request) {
        Random random = new Random(seed ^ ((long) connection << 32) ^ number);
        request.ascii("[");
        for (int i = 0; i < batch; i++) {
            request.ascii(i == 0 ? "{\"key\":\"k" : ",{\"key\":\"k")
                    .decimal(random.nextInt(keys))
                    .ascii("\",\"value\":\"")
                    .ascii(VALUE)
                    .ascii("\"}");
        }
        request.ascii("]");
    }

    @Override
    public int accepted(byte[] body, int length, int transactions) {
        return Math.min(transactions, Occurrences.count(body, length, "\"committed"));
    }
}
