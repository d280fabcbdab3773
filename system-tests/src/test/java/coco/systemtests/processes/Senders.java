package coco.systemtests.processes;

import coco.cli.network.KnownAccounts;
import coco.cli.network.NetworkPlan;
import coco.crypto.Hex;
import coco.crypto.Secp256k1;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Accounts that each send one transaction after the other, all at the same time, to all nodes in turn. */
final class Senders implements AutoCloseable {
    private static final Secp256k1 CURVE = Secp256k1.fastest();
    private static final int RPC_ATTEMPTS = 5;
    private static final long CALL_GAS = 200_000;

    /** Logs one event with the caller as topic: CALLER PUSH1 32 PUSH1 0 LOG1 STOP. */
    private static final byte[] EVENT = Hex.decode("3360206000a100");

    private final ProcessNetwork network;
    private final long paceNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final List<byte[]> secrets = new ArrayList<>();
    private final AtomicBoolean sending = new AtomicBoolean(true);
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private final Address contract;

    /** Gives each its ether, deploys the contract they call, and begins. */
    Senders(ProcessNetwork network, int count, long paceNanos) throws IOException, InterruptedException {
        this.network = network;
        this.paceNanos = paceNanos;
        byte[] founder = Hex.decode(KnownAccounts.ALL.getFirst().privateKey().substring(2));
        long nonce = 0;
        byte[] creation = Hex.decode("60%02x80600b6000396000f3".formatted(EVENT.length) + Hex.encode(EVENT));
        byte[] deployment =
                must(sign(transaction(nonce++).to(null).data(creation).gasLimit(CALL_GAS), founder));
        this.contract = Address.fromHex(network.result(1, "eth_getTransactionReceipt", "0x" + Hex.encode(deployment))
                .path("contractAddress")
                .asString());
        for (int i = 0; i < count; i++) {
            byte[] secret = new byte[32];
            Arrays.fill(secret, (byte) (i + 65));
            secrets.add(secret);
            must(sign(
                    transaction(nonce++)
                            .to(Transaction.Builder.addressOf(CURVE, secret))
                            .value(Word.of(1_000_000_000L)),
                    founder));
        }
        for (int i = 0; i < count; i++) {
            int first = i;
            threads.add(Thread.startVirtualThread(() -> send(first)));
        }
    }

    private static Transaction.Builder transaction(long nonce) {
        return Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                .chainId(NetworkPlan.DEFAULT_CHAIN_ID)
                .nonce(nonce)
                .gasLimit(21_000);
    }

    private static Transaction sign(Transaction.Builder transaction, byte[] secret) {
        return transaction.sign(CURVE, secret);
    }

    private byte[] must(Transaction transaction) throws IOException, InterruptedException {
        for (int i = 0; i < RPC_ATTEMPTS; i++) {
            if (attempt(transaction, 1)) {
                return transaction.hash();
            }
        }
        throw new IOException("the network takes no transactions");
    }

    private boolean attempt(Transaction transaction, int node) throws IOException, InterruptedException {
        HttpResponse<byte[]> reply =
                network.call(node, "eth_sendRawTransaction", "0x" + Hex.encode(transaction.encoded()));
        return reply.headers()
                        .firstValue("Coco-Transaction-Status")
                        .filter("committed"::equals)
                        .isPresent()
                || network.result(node, "eth_getTransactionReceipt", "0x" + Hex.encode(transaction.hash()))
                        .isObject();
    }

    private void send(int sender) {
        int node = 1 + sender % ProcessNetwork.NODES;
        long nonce = 0;
        while (sending.get()) {
            Transaction.Builder next = nonce % 2 == 0
                    ? transaction(nonce).to(contract).gasLimit(CALL_GAS)
                    : transaction(nonce).to(EthereumLoadClient.RECIPIENT).value(Word.ONE);
            Transaction transaction = sign(next, secrets.get(sender));
            long begun = System.nanoTime();
            while (!answered(transaction, node) && sending.get()) {
                failed.incrementAndGet();
                node = 1 + node % ProcessNetwork.NODES;
            }
            longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
            committed.incrementAndGet();
            nonce++;
            LockSupport.parkNanos(paceNanos);
        }
    }

    private boolean answered(Transaction transaction, int node) {
        try {
            return attempt(transaction, node);
        } catch (IOException unanswered) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    Address contract() {
        return contract;
    }

    int committed() {
        return committed.get();
    }

    /** Attempts that were not answered with a commit. */
    int failed() {
        return failed.get();
    }

    /** The longest that any of them waited for one transaction, all its attempts together. */
    long longestMillis() {
        return longestNanos.get() / 1_000_000;
    }

    List<Address> addresses() {
        return secrets.stream()
                .map(secret -> Transaction.Builder.addressOf(CURVE, secret))
                .toList();
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends the sending; returns when nothing is under way. */
    void stop() {
        sending.set(false);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
