package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.View;
import coco.ledgers.ethereum.chain.BlockIndex;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.chain.Outlook;
import coco.ledgers.ethereum.chain.StateReader;
import coco.ledgers.ethereum.pool.Admission;
import coco.ledgers.ethereum.pool.PoolLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Clients with an account each, who send transfers of 1 wei and calls of a counting contract, several at a time, and
 * send the same signed bytes somewhere else when they hear nothing. A client signs each nonce once, so that "nonce too
 * low" can only mean that this very transaction is committed.
 */
final class EthereumWorkload {
    static final String LEDGER = "ethereum";

    private static final long CHAIN_ID = 1337;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Secp256k1 CURVE = Secp256k1.fastest();
    private static final Address SINK = Address.of(0xdead_beefL);
    private static final Address COUNTER = Address.of(0xc0_0e7eL);

    /** Adds one to slot 0: PUSH1 0, SLOAD, PUSH1 1, ADD, PUSH1 0, SSTORE. */
    private static final String COUNTER_CODE = "0x600054600101600055";

    private final SimulatedCluster cluster;
    private final Admission admission;
    private final List<Client> clients = new ArrayList<>();
    private final Set<ByteBuffer> acknowledged = new HashSet<>();
    private final Map<ByteBuffer, Transaction> submitted = new HashMap<>();
    private int open;
    private boolean running = true;

    private static final class Client {
        final byte[] secret;
        final Address address;
        long nonce;

        Client(byte[] secret) {
            this.secret = secret;
            this.address = Transaction.Builder.addressOf(CURVE, secret);
        }
    }

    EthereumWorkload(SimulatedCluster cluster, int accounts) {
        this.cluster = cluster;
        Genesis genesis = Genesis.parse(document(accounts, ""));
        this.admission = new Admission(genesis, new Outlook(genesis), PoolLimits.DEFAULT, CURVE, LEDGER);
        for (int i = 0; i < accounts; i++) {
            clients.add(new Client(secret(i)));
        }
    }

    /** A key that depends on nothing but its number. */
    static byte[] secret(int account) {
        return Keccak256.hash(("account " + account).getBytes(StandardCharsets.UTF_8));
    }

    static Address address(int account) {
        return Transaction.Builder.addressOf(CURVE, secret(account));
    }

    /**
     * A genesis document with funded accounts and the counter.
     *
     * @param more entries of alloc, each followed by a comma
     */
    static byte[] document(int accounts, String more) {
        StringBuilder alloc = new StringBuilder(more);
        for (int i = 0; i < accounts; i++) {
            alloc.append("\"%s\":{\"balance\":\"0xde0b6b3a7640000\"},"
                    .formatted(address(i).hex()));
        }
        return """
                {"config": {"chainId": %d}, "gasLimit": "0x5f5e100", "baseFeePerGas": "0x0", "timestamp": "0x6553f100",
                 "alloc": {%s "%s": {"balance": "0x0", "code": "%s"}}}
                """.formatted(CHAIN_ID, alloc, COUNTER.hex(), COUNTER_CODE).getBytes(StandardCharsets.UTF_8);
    }

    /** A transaction, free of charge, to be completed and signed. */
    static Transaction.Builder call(long nonce, Address to, Word value) {
        return Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                .chainId(CHAIN_ID)
                .nonce(nonce)
                .gasLimit(100_000)
                .to(to)
                .value(value);
    }

    /** What a node makes of the bytes that a client sent it. */
    Offer offer(Transaction transaction) {
        return switch (admission.admit(transaction.encoded())) {
            case Admission.Admitted admitted -> admitted.offer();
            case Admission.Unproven _ -> throw new AssertionError("no blobs were sent");
            case Admission.Refused(Rejection reason) -> throw new AssertionError("not admitted: " + reason);
        };
    }

    static Transaction sign(int account, Transaction.Builder fields) {
        return fields.sign(CURVE, secret(account));
    }

    /** Each client has up to this many transactions open. */
    void start(int each) {
        for (Client client : clients) {
            for (int i = 0; i < each; i++) {
                think(client);
            }
        }
    }

    void stop() {
        running = false;
    }

    int open() {
        return open;
    }

    Set<ByteBuffer> acknowledged() {
        return acknowledged;
    }

    private void think(Client client) {
        cluster.simulation().schedule(cluster.simulation().random().nextLong(TimeUnit.MILLISECONDS.toNanos(80)), () -> {
            if (running) {
                boolean counts = cluster.simulation().random().nextInt(3) == 0;
                Transaction transaction = call(client.nonce++, counts ? COUNTER : SINK, counts ? Word.ZERO : Word.ONE)
                        .sign(CURVE, client.secret);
                open++;
                submitted.put(ByteBuffer.wrap(transaction.hash()), transaction);
                send(client, offer(transaction));
            }
        });
    }

    private void send(Client client, Offer offer) {
        List<SimulatedNode> nodes = cluster.nodes();
        SimulatedNode node = nodes.get(cluster.simulation().random().nextInt(nodes.size()));
        boolean[] settled = {false};
        if (node.running()) {
            Ticket ticket = node.core().replica().submit(offer);
            var _ = ticket.outcome().thenAccept(outcome -> {
                if (!settled[0] && isCommitted(outcome)) {
                    settled[0] = true;
                    acknowledged.add(ByteBuffer.wrap(offer.id()));
                    open--;
                    think(client);
                }
            });
        }
        cluster.simulation().schedule(PATIENCE_NANOS, () -> {
            if (!settled[0]) {
                settled[0] = true;
                send(client, offer);
            }
        });
    }

    private static boolean isCommitted(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Applied applied -> true;
            case Outcome.Rejected(Rejection reason) -> reason.message().startsWith("nonce too low");
            case Outcome.Expired expired -> false;
        };
    }

    /**
     * On this node: every acknowledged transaction once, nothing twice or unasked; blocks numbered and chained without
     * a gap; nonces, balances and the counter as the journal's transactions make them.
     */
    void verify(SimulatedNode node) {
        Map<ByteBuffer, Integer> counts = node.executed(LEDGER);
        assertThat(counts.values()).as("executions of one transaction").allMatch(count -> count == 1);
        assertThat(counts.keySet()).as("acknowledged but not in the journal").containsAll(acknowledged);
        assertThat(submitted.keySet()).as("in the journal but never submitted").containsAll(counts.keySet());
        verifyChain(node);
        try (View view = node.view(LEDGER)) {
            StateReader state = new StateReader(view.state());
            for (Client client : clients) {
                var account = state.account(client.address);
                assertThat(account).isNotNull();
                // Every nonce that was signed was acknowledged, once the cluster has settled.
                assertThat(account == null ? -1 : account.nonce()).isEqualTo(client.nonce);
            }
            long transfers = counts.keySet().stream()
                    .filter(id -> SINK.equals(transaction(id).to()))
                    .count();
            var sink = state.account(SINK);
            assertThat(sink == null ? Word.ZERO : sink.balance()).isEqualTo(Word.of(transfers));
            assertThat(state.storage(COUNTER, Word.ZERO)).isEqualTo(Word.of(counts.size() - transfers));
        }
    }

    private Transaction transaction(ByteBuffer id) {
        Transaction transaction = submitted.get(id);
        if (transaction == null) {
            throw new AssertionError("never submitted");
        }
        return transaction;
    }

    /** Numbers of an Ethereum ledger's blocks are its own, without gaps, and each block names the one before. */
    static List<String> verifyChain(SimulatedNode node) {
        List<String> hashes = new ArrayList<>();
        for (LedgerBlock block : node.blocks(LEDGER).values()) {
            var header = BlockIndex.header(block);
            assertThat(header.number()).as("block number on %s", node.id()).isEqualTo(hashes.size());
            if (!hashes.isEmpty()) {
                assertThat(HexFormat.of().formatHex(header.parentHash()))
                        .as("parent of block %d", header.number())
                        .isEqualTo(hashes.getLast());
            }
            hashes.add(HexFormat.of().formatHex(header.hash()));
        }
        return hashes;
    }
}
