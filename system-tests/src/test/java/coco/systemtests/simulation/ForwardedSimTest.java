package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.testing.Faults;
import coco.core.CoreLimits;
import coco.core.NodeChannel;
import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.Offer;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.kv.KvLedgerFactory;
import coco.ledgers.kv.KvTransaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What another node sends is input too: whatever a leader is offered or asked, it refuses, and goes on leading. */
class ForwardedSimTest {
    private static final long SEED = Long.getLong("coco.fuzz.seed", 20_261_123L);
    private static final int OFFERS = 1_000;
    private static final Secp256k1 CURVE = Secp256k1.fastest();
    private static final byte[] SECRET = filled(32, 7);
    private static final Address SENDER = Transaction.Builder.addressOf(CURVE, SECRET);
    private static final String GENESIS = """
            {"config": {"chainId": 1337}, "gasLimit": "0x5f5e100", "baseFeePerGas": "0x0", "timestamp": "0x6553f100",
             "alloc": {"%s": {"balance": "0x3635c9adc5dea00000"}}}
            """.formatted(SENDER.hex());

    private final SimulatedCluster cluster = new SimulatedCluster(
            5,
            Faults.none(),
            List.of(new EthereumLedgerFactory(), new KvLedgerFactory()),
            Map.of("ethereum", GENESIS.getBytes(StandardCharsets.UTF_8), "kv", new byte[0]),
            CoreLimits.DEFAULTS,
            UnaryOperator.identity());

    @BeforeEach
    void awaitLeader() {
        cluster.startAll();
        for (int i = 0; i < 600 && cluster.nodes().stream().noneMatch(ForwardedSimTest::leads); i++) {
            cluster.runFor(100);
        }
    }

    private static boolean leads(SimulatedNode node) {
        return node.core().replica().status().leading();
    }

    private SimulatedNode leader() {
        return cluster.nodes().stream()
                .filter(ForwardedSimTest::leads)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldRefuseQuestionsThatMakeNoSense() {
        List<CompletableFuture<byte[]>> refused = new ArrayList<>();
        for (byte[] question : List.of(new byte[0], new byte[] {1}, new byte[21], filled(22, 1), filled(500, 3))) {
            refused.add(leader().core().replica().asked("ethereum", question));
        }
        refused.add(leader().core().replica().asked("nothing", new byte[0]));
        CompletableFuture<byte[]> sensible = leader().core().replica().asked("ethereum", filled(21, 1));
        cluster.runFor(1_000);

        assertThat(refused).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(sensible.getNow(new byte[0])).hasSize(8);
    }

    @Test
    void shouldJudgeEveryOfferWhenOffersAreSpoiled() {
        Random random = new Random(SEED);
        List<CompletableFuture<NodeChannel.Verdicts>> judged = new ArrayList<>();
        for (int i = 0; i < OFFERS; i++) {
            byte[] payload = spoiled(random, random.nextInt(4) == 0 ? put(i) : transaction(random));
            byte[] id = random.nextBoolean() ? Keccak256.hash(payload) : filled(32, i);
            String ledger = random.nextInt(3) == 0 ? "kv" : "ethereum";
            judged.add(leader().core().replica().forwarded(List.of(new Offer(ledger, id, payload)), false));
            if (i % 50 == 0) {
                cluster.runFor(100);
            }
        }
        cluster.runFor(5_000);

        assertThat(judged).as("seed %d", SEED).allMatch(each -> each.isDone() && !each.isCompletedExceptionally());
        assertThat(cluster.level()).isTrue();
        assertThat(leader().core().replica().status().leading()).isTrue();
    }

    private static byte[] put(int n) {
        return new KvTransaction("request-" + n, filled(9, n), filled(20, n)).encode();
    }

    /** A sender's address and a transaction, as an honest node forwards them. */
    private static byte[] transaction(Random random) {
        Transaction.Type[] types = Transaction.Type.values();
        Transaction.Builder fields = Transaction.builder(types[random.nextInt(types.length)])
                .chainId(random.nextInt(4) == 0 ? 4 : 1337)
                .nonce(random.nextInt(5) == 0 ? -1 : random.nextInt(4))
                .gasLimit(random.nextInt(5) == 0 ? random.nextLong() : 21_000 + random.nextInt(100_000))
                .to(random.nextBoolean() ? SENDER : null)
                .value(random.nextInt(5) == 0 ? Word.MAX : Word.ZERO)
                .data(filled(random.nextInt(40), random.nextInt(256)));
        byte[] encoded = fields.sign(CURVE, SECRET).encoded();
        byte[] payload = new byte[Address.SIZE + encoded.length];
        SENDER.writeTo(payload, 0);
        System.arraycopy(encoded, 0, payload, Address.SIZE, encoded.length);
        return payload;
    }

    private static byte[] spoiled(Random random, byte[] payload) {
        byte[] bytes = random.nextInt(6) == 0 ? Arrays.copyOf(payload, random.nextInt(payload.length + 10)) : payload;
        for (int edits = random.nextInt(3); edits > 0 && bytes.length > 0; edits--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static byte[] filled(int length, int octet) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) octet);
        return bytes;
    }
}
